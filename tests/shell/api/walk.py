"""A request for every route, as the person whose task it is would make it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.shell.api.conftest import Told
from tests.shell.api.story import (
    CLAIMS,
    CONSENT_TEXT,
    ENGINEER,
    INSURED,
    LEAD,
    Desk,
    application,
    bind_wish,
    disclosure,
)

from ringwall.catalogue import read_folder
from ringwall.evidence import finding_uid

Route = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: path as it is called, body, and whose task it is (for a write)."""

    path: str
    body: Any = None
    query: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    media: str = ""
    whose: frozenset[str] = frozenset()


Make = Callable[[Told], Ask]


def get(path: str, **query: str) -> Make:
    return lambda told: Ask(filled(path, told), query=query)


def post(path: str, body: Callable[[Told], Any], *whose: str) -> Make:
    return lambda told: Ask(filled(path, told), body(told), whose=frozenset(whose))


def nothing(_: Told) -> Any:
    return {}


def filled(path: str, told: Told) -> str:
    numbers = told.numbers
    names = {name: getattr(numbers, name) for name in ("submission", "quote", "policy", "incident", "order", "claim")}
    rest = {
        name: getattr(numbers, name) for name in ("run", "publication", "refit", "notice", "receipt", "file", "message")
    }
    return path.format(**names, **rest)


def at(told: Told, name: str) -> str:
    return told.case.at[name].isoformat()


def file_of(told: Told) -> Ask:
    path = f"/submissions/{told.numbers.submission}/files"
    query = {"name": "a.txt", "type": "text/plain"}
    return Ask(path, query=query, content=b"a", media="application/octet-stream", whose=frozenset({INSURED}))


def report_of(told: Told) -> Ask:
    content = b'[{"id": "x", "severity": "LOW", "finding": "x", "ip": "www.jiangkou.test", "port": "443"}]'
    path = f"/submissions/{told.numbers.submission}/reports"
    people = frozenset({INSURED, LEAD, ENGINEER})
    return Ask(path, query={"name": "a.json"}, content=content, media="application/octet-stream", whose=people)


def kev_of(_: Told) -> Ask:
    entry = {"cveID": "CVE-2026-0001", "vendorProject": "x", "product": "x", "dateAdded": "2026-01-01"}
    body = {"catalogVersion": "1", "dateReleased": "2026-01-01", "vulnerabilities": [entry]}
    content = json.dumps(body).encode()
    return Ask("/feeds/kev", content=content, media="application/octet-stream", whose=frozenset({LEAD}))


def table_of(_: Told) -> Ask:
    content = read_folder("book")["opening.csv"].encode()
    return Ask("/book/imports", content=content, media="text/csv", whose=frozenset({LEAD, CLAIMS}))


def content_of(told: Told, what: str, *whose: str) -> Ask:
    path = f"/orders/{told.numbers.order}/{what}"
    media = "application/octet-stream"
    return Ask(path, query={"name": "a.txt"}, content=b"a", media=media, whose=frozenset(whose))


def invoice_of(_: Told) -> Any:
    line = {"grade": "expert", "person_days": "1/1", "charged_minor": 1}
    return {"number": "FT-1", "worked_on": "2026-08-16", "lines": [line]}


def card_of(_: Told) -> Any:
    line = {"service": "tabletop", "price_minor": 500_000, "unit": "order"}
    return {"valid_from": "2026-01-01", "valid_until": "2035-01-01", "lines": [line]}


def consent_of(told: Told) -> Any:
    return {
        "signed_by": "x",
        "authority": "x",
        "text_version": "1",
        "text": CONSENT_TEXT,
        "assets": ["jiangkou.test"],
        "methods": ["passive"],
        "valid_from": at(told, "applied_at"),
        "valid_to": at(told, "paid_at"),
    }


def explanation_of(told: Told) -> Any:
    return {
        "submission": told.numbers.submission,
        "clauses": ["2.4"],
        "confirmed_by": "x",
        "shown_at": at(told, "shown_at"),
    }


def quote_of(told: Told) -> Any:
    period = {"start": at(told, "paid_at"), "end": "2027-10-08T00:00:00+08:00"}
    panel = [{"insurer": "shouan", "share": "1/1"}]
    return {"submission": told.numbers.submission, "period": period, "panel": panel, "level": "senior_underwriter"}


def increase_of(told: Told) -> Any:
    points = {"notable": True, "told": False, "insurer_bound": False, "caused": []}
    return {"what": "x", "since": at(told, "paid_at"), "because": "x", **points}


def finding_of(told: Told) -> str:
    """The source repository of the website, which every scan of the story sees."""
    site = "www.jiangkou.test"
    uid = finding_uid(told.numbers.submission, site, "web.git.exposed", f"{site}:8080")
    return f"/submissions/{told.numbers.submission}/findings/{uid}"


def event_of(_: Told) -> Any:
    items = [{"name": "A-I1", "part": "INRE", "amount_minor": 100, "facts": {"kind": "containment"}}]
    return {"name": "B", "items": items}


def telling_of(told: Told) -> Any:
    return {"kind": "note", "at": at(told, "paid_at"), "what": {"zh": "记", "en": "note"}}


OF_OTHERS: dict[Route, Make] = {
    ("GET", "/submissions/{number}"): get("/submissions/{submission}"),
    ("GET", "/submissions/{number}/assets"): get("/submissions/{submission}/assets"),
    ("GET", "/submissions/{number}/consent"): get("/submissions/{submission}/consent"),
    ("GET", "/submissions/{number}/findings"): get("/submissions/{submission}/findings"),
    ("GET", "/submissions/{number}/controls"): get("/submissions/{submission}/controls"),
    ("GET", "/submissions/{number}/posture"): get("/submissions/{submission}/posture"),
    ("GET", "/submissions/{number}/dossier"): get("/submissions/{submission}/dossier"),
    ("GET", "/submissions/{number}/traffic"): get("/submissions/{submission}/traffic"),
    ("GET", "/submissions/{number}/files"): get("/submissions/{submission}/files"),
    ("GET", "/submissions/{number}/files/{sha256}"): get("/submissions/{submission}/files/{file}"),
    ("GET", "/submissions/{number}/explanations"): get("/submissions/{submission}/explanations"),
    ("GET", "/quotes/{number}"): get("/quotes/{quote}"),
    ("GET", "/receipts/{number}"): get("/receipts/{receipt}"),
    ("GET", "/policies/{number}"): get("/policies/{policy}"),
    ("GET", "/policies/{number}/postings"): get("/policies/{policy}/postings"),
    ("GET", "/policies/{number}/statement"): get("/policies/{policy}/statement"),
    ("GET", "/notices/{number}"): get("/notices/{notice}"),
    ("GET", "/incidents/{number}"): get("/incidents/{incident}"),
    ("GET", "/orders/{number}"): get("/orders/{order}"),
    ("GET", "/claims/{number}"): get("/claims/{claim}"),
    ("GET", "/book/runs/{number}"): get("/book/runs/{run}"),
    ("GET", "/model/refits/{number}"): get("/model/refits/{refit}"),
    ("POST", "/model/refits/{number}/decisions"): post(
        "/model/refits/{refit}/decisions", lambda _: {"state": "declined", "reason": "x"}, LEAD
    ),
    ("GET", "/market/statistics/{number}"): get("/market/statistics/{publication}"),
    ("POST", "/submissions/{number}/assets"): post(
        "/submissions/{submission}/assets",
        lambda _: {"assets": [{"name": "a.jiangkou.test", "kind": "host", "purpose": "x"}]},
        INSURED,
    ),
    ("POST", "/submissions/{number}/challenges"): post(
        "/submissions/{submission}/challenges", lambda _: {"asset": "www.jiangkou.test", "method": "dns-01"}, INSURED
    ),
    ("POST", "/submissions/{number}/proofs"): post(
        "/submissions/{submission}/proofs", lambda _: {"asset": "www.jiangkou.test", "method": "dns-01"}, INSURED
    ),
    ("POST", "/submissions/{number}/consent"): post("/submissions/{submission}/consent", consent_of, INSURED),
    ("POST", "/submissions/{number}/consent/withdrawals"): post(
        "/submissions/{submission}/consent/withdrawals", nothing, INSURED
    ),
    ("POST", "/submissions/{number}/files"): file_of,
    ("POST", "/submissions/{number}/findings/{finding}/statements"): lambda told: Ask(
        f"{finding_of(told)}/statements", {"kind": "answered", "text": "x"}, whose=frozenset({INSURED})
    ),
    ("POST", "/submissions/{number}/findings/{finding}/decisions"): lambda told: Ask(
        f"{finding_of(told)}/decisions", {"kind": "rejected", "text": "x"}, whose=frozenset({LEAD})
    ),
    ("GET", "/submissions/{number}/reports"): get("/submissions/{submission}/reports"),
    ("POST", "/submissions/{number}/reports"): report_of,
    ("POST", "/alerts/acknowledgements"): post(
        "/alerts/acknowledgements",
        lambda told: {"application": told.numbers.submission, "alert": "traffic:beacons"},
        INSURED,
        LEAD,
    ),
    ("POST", "/quotes"): post("/quotes", quote_of, LEAD),
    ("POST", "/quotes/{number}/reprice"): post("/quotes/{quote}/reprice", nothing, LEAD),
    ("POST", "/explanations"): post("/explanations", explanation_of, INSURED),
    ("POST", "/receipts"): post(
        "/receipts", lambda told: {"quote": told.numbers.quote, "amount_minor": 1, "by": "shouan"}, LEAD
    ),
    ("POST", "/policies"): post("/policies", lambda told: bind_wish(told.case, told.numbers.quote), LEAD),
    ("POST", "/notices"): post("/notices", lambda told: {"policy": told.numbers.policy, "term_days": 10}, LEAD),
    ("POST", "/notices/{number}/steps"): post(
        "/notices/{notice}/steps", lambda _: {"step": "leave", "because": "x"}, LEAD
    ),
    ("POST", "/risk-increases"): post(
        "/risk-increases", lambda told: {"policy": told.numbers.policy, "what": "x"}, INSURED
    ),
    ("POST", "/deliveries"): post("/deliveries", lambda told: {"policy": told.numbers.policy}, LEAD, CLAIMS),
    ("GET", "/inbox/{message}"): get("/inbox/{message}"),
    ("POST", "/inbox/{message}/openings"): post("/inbox/{message}/openings", nothing, INSURED),
    ("POST", "/endorsements"): post("/endorsements", lambda told: {"policy": told.numbers.policy}, LEAD),
    ("POST", "/incidents"): post(
        "/incidents",
        lambda told: {
            "policy": told.numbers.policy,
            "incident_class": "malicious-program",
            "discovered_at": at(told, "discovered_at"),
        },
        INSURED,
    ),
    ("POST", "/incidents/{number}/entries"): post("/incidents/{incident}/entries", telling_of, INSURED),
    ("POST", "/orders"): post(
        "/orders", lambda told: {"policy": told.numbers.policy, "service": "incident-hotline"}, CLAIMS, LEAD, INSURED
    ),
    ("POST", "/orders/{number}/files"): lambda told: content_of(told, "files", ENGINEER, INSURED),
    ("POST", "/orders/{number}/deliverable"): lambda told: content_of(told, "deliverable", ENGINEER),
    ("POST", "/orders/{number}/disputes"): post(
        "/orders/{order}/disputes", lambda _: {"reason": "x"}, CLAIMS, LEAD, INSURED
    ),
    ("POST", "/orders/{number}/disputes/end"): post("/orders/{order}/disputes/end", nothing, CLAIMS, LEAD, INSURED),
    ("POST", "/orders/{number}/invoices"): post("/orders/{order}/invoices", invoice_of, ENGINEER),
    ("GET", "/policies/{number}/services"): get("/policies/{policy}/services"),
    ("POST", "/orders/{number}/steps"): post("/orders/{order}/steps", lambda _: {"state": "on_site"}, ENGINEER),
    ("POST", "/claims"): post("/claims", lambda told: {"policy": told.numbers.policy, "event": event_of(told)}, CLAIMS),
    ("POST", "/claims/{number}/event"): post("/claims/{claim}/event", lambda told: {"event": event_of(told)}, CLAIMS),
    ("POST", "/claims/{number}/documents"): post("/claims/{claim}/documents", lambda _: {"documents": ["x"]}, CLAIMS),
    ("POST", "/claims/{number}/supplements"): post(
        "/claims/{claim}/supplements", lambda _: {"documents": ["x"]}, CLAIMS
    ),
    ("POST", "/claims/{number}/consents"): post(
        "/claims/{claim}/consents", lambda _: {"subject": "x", "step": "requested"}, CLAIMS
    ),
    ("GET", "/claims/{number}/increases"): get("/claims/{claim}/increases"),
    ("POST", "/claims/{number}/increases"): post("/claims/{claim}/increases", increase_of, CLAIMS),
    ("POST", "/claims/{number}/disclosures"): post(
        "/claims/{claim}/disclosures", lambda told: disclosure(told.case), CLAIMS
    ),
    ("POST", "/claims/{number}/decisions"): post("/claims/{claim}/decisions", nothing, CLAIMS),
    ("POST", "/claims/{number}/agreements"): post("/claims/{claim}/agreements", nothing, CLAIMS),
    ("POST", "/claims/{number}/refusals"): post("/claims/{claim}/refusals", nothing, CLAIMS),
    ("POST", "/claims/{number}/authorisations"): post("/claims/{claim}/authorisations", nothing, CLAIMS),
    ("POST", "/claims/{number}/payments"): post("/claims/{claim}/payments", nothing, CLAIMS),
}
"""Routes to one thing of the case: a stranger is refused, whatever its role."""

OWN_READS: dict[Route, Make] = {
    ("GET", "/submissions"): get("/submissions"),
    ("GET", "/quotes"): get("/quotes"),
    ("GET", "/products"): get("/products"),
    ("GET", "/receipts"): get("/receipts"),
    ("GET", "/policies"): get("/policies"),
    ("GET", "/notices"): get("/notices"),
    ("GET", "/alerts"): get("/alerts"),
    ("GET", "/incidents"): get("/incidents"),
    ("GET", "/orders"): get("/orders"),
    ("GET", "/services"): get("/services"),
    ("GET", "/providers/{code}"): get("/providers/fengtai"),
    ("GET", "/payables"): get("/payables"),
    ("GET", "/claims"): get("/claims"),
    ("GET", "/book/runs"): get("/book/runs"),
    ("GET", "/model/refits"): get("/model/refits"),
    ("GET", "/market/statistics"): get("/market/statistics"),
    ("GET", "/feeds"): get("/feeds"),
    ("GET", "/inbox"): get("/inbox"),
    ("GET", "/sent"): get("/sent"),
    ("GET", "/journal/trial-balance"): get("/journal/trial-balance"),
}
"""Lists and one's own books: a stranger sees its own, and nothing of the case."""

OWN_WRITES: dict[Route, Make] = {
    ("POST", "/submissions"): post("/submissions", lambda told: application(told.case), INSURED),
    ("POST", "/feeds/kev"): kev_of,
    ("POST", "/providers/qualifications"): post(
        "/providers/qualifications",
        lambda _: {
            "scheme": "CCRC",
            "direction": "risk_assessment",
            "grade": 2,
            "certificate": "W-1",
            "valid_from": "2026-01-01",
            "expires_on": "2035-01-01",
        },
        ENGINEER,
    ),
    ("POST", "/providers/files"): lambda _: Ask(
        "/providers/files",
        query={"name": "a.pdf"},
        content=b"a",
        media="application/octet-stream",
        whose=frozenset({ENGINEER}),
    ),
    ("POST", "/providers/cards"): post("/providers/cards", card_of, ENGINEER),
    ("POST", "/providers/{code}/cards/{number}/answers"): post(
        "/providers/fengtai/cards/FENGTAI-RC-000001/answers", lambda _: {"accepted": True}, LEAD
    ),
    ("POST", "/providers/accounts"): post(
        "/providers/accounts", lambda _: {"holder": "x", "bank": "x", "number": "6222000011112222"}, ENGINEER
    ),
    ("POST", "/providers/{code}/suspensions"): post(
        "/providers/fengtai/suspensions", lambda _: {"suspended": False, "reason": "x"}, LEAD, CLAIMS
    ),
    ("POST", "/payables/payments"): post("/payables/payments", nothing, CLAIMS),
    ("POST", "/providers/{code}/vettings"): post(
        "/providers/fengtai/vettings", lambda _: {"certificate": "W-1", "accepted": False, "reason": "x"}, LEAD
    ),
    ("POST", "/book/imports"): table_of,
    ("POST", "/book/runs"): post(
        "/book/runs", lambda told: {"as_at": told.case.book_as_at.isoformat(), "years": 100, "seed": 1}, LEAD, CLAIMS
    ),
    ("POST", "/model/refits"): post("/model/refits", lambda _: {"version": "2026-03", "years": 200}, LEAD, CLAIMS),
    ("POST", "/market/statistics"): post(
        "/market/statistics", lambda told: {"on": told.case.book_as_at.isoformat()}, LEAD, "supervision"
    ),
}
"""Writes in one's own name: they touch nothing of the case."""

OF_THE_SESSION: frozenset[Route] = frozenset({("POST", "/sessions"), ("DELETE", "/sessions")})
"""Signing in and out: about nobody's things."""

SIGNED: dict[Route, Make] = {**OF_OTHERS, **OWN_READS, **OWN_WRITES}

REPEATABLE_POSTS: frozenset[Route] = frozenset({("POST", "/quotes/{number}/reprice")})
"""A question that is put in a body: it stores nothing and wants no key."""


def send(desk: Desk, method: str, ask: Ask, headers: dict[str, str]) -> httpx.Response:
    """The request, as it goes over the wire."""
    media = {"Content-Type": ask.media} if ask.media else {}
    return desk.client.request(
        method, ask.path, params=ask.query, json=ask.body, content=ask.content, headers=headers | media
    )
