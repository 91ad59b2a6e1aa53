"""The case of the catalogue told through the API: every step a request, at its own instant, by the person whose it is.

What no route offers (proving control, scanning, counting traffic) is put on record by the insured through the front,
from looks that were really taken at the lab and the sensor's sample.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, TypeVar
from uuid import UUID, uuid4

from fastapi import FastAPI
from fastapi.testclient import TestClient

from ringwall.basics import Refusal
from ringwall.desk.evidence.put_on_record import record_scan, record_traffic
from ringwall.desk.exposure.put_on_record import record_proof
from ringwall.desk.front import Request
from ringwall.desk.life.case import Case
from ringwall.desk.life.cover_steps import method_fits
from ringwall.desk.office import Office
from ringwall.desk.records import ScanFile
from ringwall.evidence import TrafficBatch
from ringwall.exposure import AssetKind, ControlProof, ProofMethod, issue_challenge
from ringwall.service import OrderState
from ringwall.shell.api import make_api
from ringwall.terms import LossEvent
from ringwall.wiring.house import House
from ringwall.wiring.site import READERS, control_of
from ringwall.wiring.world import LabWorld

T = TypeVar("T")
Json = Any
INSURED, LEAD, CLAIMS, ENGINEER = "jiangkou", "shouan", "shouan.claims", "fengtai"
CONSENT_TEXT = "We allow the insurer to look at the assets named here from outside."


class Clock:
    """The instant that the API takes for now."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class Desk:
    """The API as people use it: each signs in once, each write has a key of its own."""

    def __init__(self, house: House, clock: Clock, password: str, tokens: dict[str, str]) -> None:
        self.house = house
        self.clock = clock
        self.api = make_api(house.front, house.gate, clock.now, READERS, control_of(house))
        whole = FastAPI(openapi_url=None)
        whole.mount("/api", self.api)
        self.app = whole
        self.client = TestClient(whole, base_url="http://ringwall.test/api", raise_server_exceptions=False)
        self.password = password
        self._tokens = tokens

    def token(self, person: str) -> str:
        if person not in self._tokens:
            answer = self.client.post("/sessions", json={"name": person, "password": self.password})
            assert answer.status_code == 201, answer.text
            self._tokens[person] = answer.json()["token"]
        return self._tokens[person]

    def headers(self, person: str, key: str | None = None) -> dict[str, str]:
        found = {"Authorization": f"Bearer {self.token(person)}", "Accept-Language": "en"}
        return found | ({"Idempotency-Key": key} if key else {})

    def fresh_key(self) -> str:
        return uuid4().hex

    def post(self, person: str, path: str, body: Json, *, at: datetime | None = None, status: int = 201) -> Json:
        if at is not None:
            self.clock.at = at
        answer = self.client.post(path, json=body, headers=self.headers(person, self.fresh_key()))
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def get(self, person: str, path: str, *, status: int = 200, **query: str) -> Json:
        answer = self.client.get(path, params=query, headers=self.headers(person))
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()


@dataclasses.dataclass(frozen=True, slots=True)
class Numbers:
    """Under which number each thing of the story stands."""

    submission: str
    quote: str
    policy: str
    incident: str
    order: str
    claim: str
    run: str
    publication: str
    notice: str
    receipt: str
    file: str
    message: str
    refit: str
    payment: Json


class Story:
    """Tells the case step by step; each method is a chapter and leaves what the next one needs."""

    def __init__(self, desk: Desk, case: Case, world: LabWorld) -> None:
        self.desk, self.case, self.world = desk, case, world
        self.submission = ""

    def tell(self) -> Numbers:
        case, desk = self.case, self.desk
        file = self.apply()
        self.prove_and_scan()
        quote, policy = self.quote_and_bind()
        notice = self.watch(policy)
        incident = self.report(policy)
        order = self.dispatch(policy)
        claim, payment = self.settle(policy)
        self.bring_in_the_book()
        run = desk.post(
            LEAD, "/book/runs", {"as_at": case.book_as_at.isoformat(), "years": 500, "seed": 1}, at=self.after()
        )
        refit = desk.post(CLAIMS, "/model/refits", {"version": "2026-02", "years": 200})
        publication = desk.post(LEAD, "/market/statistics", {"on": case.book_as_at.isoformat()})
        return Numbers(
            submission=self.submission,
            quote=quote,
            policy=policy,
            incident=incident,
            order=order,
            claim=claim,
            run=run["number"],
            publication=publication["number"],
            notice=notice,
            receipt=f"{quote}:1",
            file=file,
            message=desk.get(INSURED, "/inbox")["letters"][-1]["id"],
            refit=refit["number"],
            payment=payment,
        )

    def after(self) -> datetime:
        return datetime.fromisoformat(f"{self.case.book_as_at.isoformat()}T00:00:00+08:00")

    def apply(self) -> str:
        case, desk, at = self.case, self.desk, self.case.at["applied_at"]
        self.submission = desk.post(INSURED, "/submissions", application(case), at=at)["number"]
        handed_in = ""
        for question, text in case.evidence.items():
            stored = self.desk.client.post(
                f"/submissions/{self.submission}/files",
                params={"name": f"{question}.txt", "type": "text/plain"},
                content=text.encode(),
                headers=desk.headers(INSURED, desk.fresh_key()) | {"Content-Type": "application/octet-stream"},
            )
            assert stored.status_code == 201, stored.text
            handed_in = stored.json()["sha256"]
        assets = [{"name": each.name, "kind": each.kind, "purpose": each.purpose} for each in case.assets]
        desk.post(INSURED, f"/submissions/{self.submission}/assets", {"assets": assets})
        desk.post(INSURED, f"/submissions/{self.submission}/consent", consent(case))
        return handed_in

    def prove_and_scan(self) -> None:
        case, world = self.case, self.world
        challenges = [
            issue_challenge(world.server_key(), self.submission, asset.name, method, asset.name, case.at["proved_at"])
            for kind, method in ((AssetKind.DOMAIN, ProofMethod.DNS_TXT), (AssetKind.HOST, ProofMethod.HTTP_TOKEN))
            for asset in case.assets
            if asset.kind is kind and method_fits(asset, method)
        ]
        for proof in world.prove(challenges, case.consent, "binding"):
            assert isinstance(proof, ControlProof), proof
            self.insured(
                "prove_control", ControlProof, lambda office, obj, proof=proof: record_proof(office, obj, proof)
            )
        self.scan("binding", "scanned_at")

    def scan(self, stage: str, at: str) -> None:
        ask = self.desk.house.front.ask
        proofs = ask(self.speaker(), lambda office: tuple(row.record for row in office.proofs.all()))
        result = self.world.scan(self.case.assets, self.case.consent, proofs, stage, self.case.at[at])
        self.insured("scan_assets", ScanFile, lambda office, obj: record_scan(office, obj, result, purpose=stage))

    def insured(self, action: str, answer: type[T], work: Callable[[Office, UUID], T | Refusal]) -> T:
        def at_work(office: Office) -> T | Refusal:
            object_id = office.objects.by_number(self.submission)
            assert object_id is not None
            return work(office, object_id)

        request = Request(self.speaker(), action, self.desk.fresh_key(), None, self.submission)
        done = self.desk.house.front.perform(request, answer, at_work)
        assert not isinstance(done, Refusal), done
        return done

    def speaker(self) -> Any:
        return self.desk.house.gate.speaker(self.desk.token(INSURED))

    def quote_and_bind(self) -> tuple[str, str]:
        case, desk = self.case, self.desk
        quoted = desk.post(LEAD, "/quotes", quote_wish(case, self.submission), at=case.at["quoted_at"])
        clauses = desk.get(INSURED, f"/submissions/{self.submission}/explanations")["clauses"]
        confirmation = {
            "submission": self.submission,
            "clauses": [each["number"] for each in clauses],
            "confirmed_by": case.confirmed_by,
            "shown_at": case.at["shown_at"].isoformat(),
        }
        desk.post(INSURED, "/explanations", confirmation, at=case.at["confirmed_at"])
        quote = quoted["quote"]["number"]
        receipt = {"quote": quote, "amount_minor": quoted["insured_part_minor"], "by": case.lead}
        desk.post(LEAD, "/receipts", receipt, at=case.at["premium_paid_at"])
        bound = desk.post(LEAD, "/policies", bind_wish(case, quote), at=case.at["bound_at"])
        return quote, bound["policy"]["number"]

    def watch(self, policy: str) -> str:
        case, desk = self.case, self.desk
        counted = self.world.count_traffic(self.submission, case.inside)
        assert isinstance(counted, TrafficBatch), counted
        at = case.at["traffic_ingested_at"]
        self.insured("ingest_traffic", TrafficBatch, lambda office, obj: record_traffic(office, obj, counted, at=at))
        self.scan("drift", "drift_scanned_at")
        wish = {"policy": policy, "term_days": case.notice_term_days}
        sent = desk.post(LEAD, "/notices", wish, at=case.at["notice_sent_at"])["notices"]
        self.open_what_waits("notice", case.at["notice_delivered_at"])
        desk.post(LEAD, "/deliveries", {"policy": policy}, at=case.at["notice_delivered_at"])
        self.scan("fixed", "retested_at")
        asked = {"policy": policy, "requested_at": case.at["requested_at"].isoformat()}
        desk.post(LEAD, "/endorsements", asked, at=case.at["endorsed_at"])
        return str(sent[0]["number"])

    def open_what_waits(self, topic: str, at: datetime) -> str:
        """The insured opens the messages of a topic in its inbox; the id of the last of them."""
        opened = ""
        for each in self.desk.get(INSURED, "/inbox")["letters"]:
            if each["topic"] == topic and len(each["receipts"]) == 1:
                opened = str(each["id"])
                self.desk.post(INSURED, f"/inbox/{opened}/openings", {}, at=at)
        return opened

    def report(self, policy: str) -> str:
        case = self.case
        told = {
            "policy": policy,
            "incident_class": case.incident_class.value,
            "operator": case.operator.value,
            "started_at": case.at["started_at"].isoformat(),
            "discovered_at": case.at["discovered_at"].isoformat(),
            "facts": dict(case.incident_facts),
        }
        return str(self.desk.post(INSURED, "/incidents", told, at=case.at["insurer_told_at"])["incident"]["number"])

    def dispatch(self, policy: str) -> str:
        desk, number = self.desk, ""
        who = {OrderState.CONSENTED: CLAIMS, OrderState.ACCEPTED_BY_INSURED: INSURED}
        for ordered in self.case.orders:
            first, *rest = ordered.steps
            made = desk.post(CLAIMS, "/orders", {"policy": policy, "service": ordered.service}, at=first[1])
            number = made["order"]["number"]
            for state, at, shown in rest:
                if shown:
                    self.deliver(number, shown, at)
                    continue
                step = {"state": state.value}
                desk.post(who.get(state, ENGINEER), f"/orders/{number}/steps", step, at=at)
        return number

    def deliver(self, number: str, shown: str, at: datetime) -> None:
        self.desk.clock.at = at
        headers = self.desk.headers(ENGINEER, self.desk.fresh_key()) | {"Content-Type": "application/octet-stream"}
        path = f"/orders/{number}/deliverable"
        answer = self.desk.client.post(path, params={"name": "r.txt"}, content=shown.encode(), headers=headers)
        assert answer.status_code == 201, answer.text

    def settle(self, policy: str) -> tuple[str, Json]:
        case, desk, at = self.case, self.desk, self.case.at
        opening = {
            "policy": policy,
            "event": loss_event(case.event),
            "notified_at": at["notified_at"].isoformat(),
        }
        number = desk.post(CLAIMS, "/claims", opening, at=at["registered_at"])["number"]
        path = f"/claims/{number}"
        for each in case.consents:
            for step, when in (("requested", each.requested_at), ("granted", each.answered_at)):
                desk.post(CLAIMS, f"{path}/consents", {"subject": each.subject, "step": step}, at=when)
        desk.post(CLAIMS, f"{path}/documents", {"documents": list(case.documents)}, at=at["received_at"])
        more = {"documents": list(case.supplement)}
        desk.post(CLAIMS, f"{path}/supplements", more, at=at["supplement_asked_at"])
        self.open_what_waits("supplement", at["supplement_delivered_at"])
        desk.post(CLAIMS, "/deliveries", {"policy": policy}, at=at["supplement_delivered_at"])
        desk.post(CLAIMS, f"{path}/documents", more, at=at["supplement_received_at"])
        desk.post(CLAIMS, f"{path}/disclosures", disclosure(case), at=at["rescission_notice_at"])
        desk.post(CLAIMS, f"{path}/decisions", {}, at=at["decided_at"])
        desk.post(CLAIMS, f"{path}/agreements", {}, at=at["agreed_at"])
        desk.post(CLAIMS, f"{path}/refusals", {}, at=at["refusal_sent_at"])
        desk.post(CLAIMS, f"{path}/authorisations", {}, at=at["authorised_at"])
        paid = desk.post(CLAIMS, f"{path}/payments", {"votes": dict(case.votes)}, at=at["paid_at"])
        return number, paid

    def bring_in_the_book(self) -> None:
        from ringwall.catalogue import read_folder

        headers = self.desk.headers(LEAD, self.desk.fresh_key()) | {"Content-Type": "text/csv"}
        table = read_folder("book")["opening.csv"]
        answer = self.desk.client.post("/book/imports", content=table.encode(), headers=headers)
        assert answer.status_code == 200, answer.text


def application(case: Case) -> Json:
    organisation = case.organisation
    return {
        "organisation": {
            "name": {"zh": organisation.name.zh, "en": organisation.name.en},
            "credit_code": organisation.credit_code,
            "industry": organisation.industry,
            "region": organisation.region,
            "employees": organisation.employees,
            "hosts": organisation.hosts,
            "revenue_minor": organisation.revenue_minor,
            "gross_profit_rate": ratio(organisation.gross_profit_rate),
            "records_held": organisation.records_held,
            "dependencies": [{"kind": each.kind, "vendor": each.vendor} for each in organisation.dependencies],
        },
        "product": case.product,
        "lead": case.lead,
        "broker": case.broker,
        "answers": [
            {
                "question": each.question,
                "version": each.question_version,
                "value": each.value,
                "evidence_sha256": each.evidence_sha256,
            }
            for each in case.answers
        ],
    }


def consent(case: Case) -> Json:
    signed = case.consent
    return {
        "signed_by": signed.signed_by,
        "authority": signed.authority,
        "text_version": signed.text_version,
        "text": CONSENT_TEXT,
        "assets": list(signed.scope.assets),
        "methods": [each.value for each in signed.scope.methods],
        "max_new_per_second": signed.scope.max_new_per_second,
        "excluded_networks": list(signed.scope.excluded_networks),
        "valid_from": signed.valid.start.isoformat(),
        "valid_to": signed.valid.end.isoformat(),
    }


def quote_wish(case: Case, submission: str) -> Json:
    return {
        "submission": submission,
        "choices": dict(case.choices),
        "period": {"start": case.period.start.isoformat(), "end": case.period.end.isoformat()},
        "panel": [{"insurer": line.insurer, "share": ratio(line.share)} for line in case.panel],
        "level": case.level,
    }


def bind_wish(case: Case, quote: str) -> Json:
    return {
        "quote": quote,
        "provider": case.provider,
        "invoice": case.invoice,
        "services": dict(case.services),
        "lead_authority_minor": case.lead_authority_minor,
        "vote_above": ratio(case.vote_above),
        "lead_fee": ratio(case.lead_fee),
        "services_shared": case.services_shared,
    }


def disclosure(case: Case) -> Json:
    answer = case.false_answer
    return {
        **{field.name: getattr(answer, field.name) for field in dataclasses.fields(answer)},
        "knew_at": case.at["knew_at"].isoformat(),
        "knew_by": "preliminary forensic report",
        "rescission_notice_at": case.at["rescission_notice_at"].isoformat(),
    }


def loss_event(event: LossEvent) -> Json:
    return {"name": event.name, "facts": facts(event.facts), "items": [item(each) for each in event.items]}


def item(told: Any) -> Json:
    said = {"name": told.name, "part": told.part, "what": told.what, "facts": facts(told.facts)}
    if told.interruption is None:
        return said | {"amount_minor": told.amount_minor}
    outage = told.interruption
    return said | {
        "interruption": {
            "start": outage.start.isoformat(),
            "end": outage.end.isoformat(),
            "lost_revenue_minor_per_hour": outage.lost_revenue_minor_per_hour,
            "saved_cost_minor_per_hour": outage.saved_cost_minor_per_hour,
            "share_lost": ratio(outage.share_lost),
            "credits_minor": outage.credits_minor,
        }
    }


def facts(known: Mapping[str, Any]) -> Json:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in known.items()}


def ratio(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"
