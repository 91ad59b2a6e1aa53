"""The case that the main job tells: parties, cover, watch and claim, read from four YAML texts into records."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from ringwall.basics import ConsentId, Refusal, Term, Words, read_yaml, refuse
from ringwall.desk.doors import OrganisationKind
from ringwall.evidence import Answer
from ringwall.exposure import Asset, AssetKind, Consent, LookMethod, Organisation, Scope, VendorDependency, VendorKind
from ringwall.incident import IncidentClass, OperatorKind
from ringwall.policy import Line
from ringwall.product import event_from_mapping
from ringwall.service import OrderState
from ringwall.terms import LossEvent
from ringwall.underwriting import Culpability, FalseAnswer

FILES = ("parties.yaml", "cover.yaml", "watch.yaml", "claim.yaml")


@dataclass(frozen=True, slots=True)
class CaseParty:
    code: str
    kind: OrganisationKind
    name: Words


@dataclass(frozen=True, slots=True)
class CasePerson:
    sign_in_name: str
    organisation: str
    role: str
    name: Words


@dataclass(frozen=True, slots=True)
class OrderSteps:
    """One service order with its steps: state, instant, and the text that is handed in with it."""

    service: str
    steps: tuple[tuple[OrderState, datetime, str], ...]


@dataclass(frozen=True, slots=True)
class CaseConsent:
    subject: str
    requested_at: datetime
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that is invented about the year; `at` names its instants."""

    parties: tuple[CaseParty, ...]
    people: tuple[CasePerson, ...]
    organisation: Organisation
    product: str
    lead: str
    broker: str
    provider: str
    answers: tuple[Answer, ...]
    evidence: Mapping[str, str]
    """What was handed in with each answer, by the number of the question."""
    assets: tuple[Asset, ...]
    consent: Consent
    choices: Mapping[str, int]
    period: Term
    panel: tuple[Line, ...]
    lead_authority_minor: int
    vote_above: Fraction
    lead_fee: Fraction
    services_shared: bool
    level: str
    confirmed_by: str
    invoice: str
    services: Mapping[str, int]
    inside: tuple[str, ...]
    notice_term_days: int
    services_used: tuple[OrderSteps, ...]
    incident_class: IncidentClass
    operator: OperatorKind
    incident_facts: Mapping[str, int]
    orders: tuple[OrderSteps, ...]
    event: LossEvent
    consents: tuple[CaseConsent, ...]
    documents: tuple[str, ...]
    supplement: tuple[str, ...]
    votes: Mapping[str, bool]
    false_answer: FalseAnswer
    book_as_at: date
    book_years: int
    book_seed: int
    at: Mapping[str, datetime]
    sha256: str
    """Of the four texts: a step that was done for another case is not taken for this one."""


def read_case(files: Mapping[str, str], where: str) -> Case | Refusal:
    """The case of a folder; a value that cannot be read refuses the whole case and names the file."""
    missing = [name for name in FILES if name not in files]
    if missing:
        return _faulty(where, f"缺少 {missing[0]}", f"lacks {missing[0]}")
    try:
        parties, cover, watch, claim = (read_yaml(files[name]) for name in FILES)
        event = event_from_mapping(claim["event"])
        if isinstance(event, Refusal):
            return event
        digest = hashlib.sha256("\x1f".join(files[name] for name in FILES).encode()).hexdigest()
        return replace(_case(parties, cover, watch, claim, event), sha256=digest)
    except (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as fault:
        detail = " ".join(str(fault).split())
        return _faulty(where, f"无法读取：{detail}", f"cannot be read: {detail}")


def _case(parties: Any, cover: Any, watch: Any, claim: Any, event: LossEvent) -> Case:
    handled, incident = claim["claim"], claim["incident"]
    applied_at = datetime.fromisoformat(cover["applied_at"])
    return Case(
        parties=tuple(CaseParty(row["code"], row["kind"], _words(row)) for row in parties["parties"]),
        people=tuple(CasePerson(row["name"], row["of"], row["role"], _words(row)) for row in parties["people"]),
        organisation=_organisation(cover["organisation"]),
        product=cover["product"],
        lead=cover["lead"],
        broker=cover["broker"],
        provider=cover["provider"],
        answers=tuple(_answer(row, applied_at) for row in cover["answers"]),
        evidence={row["question"]: row["evidence"] for row in cover["answers"] if row["evidence"]},
        assets=tuple(Asset(row["name"], AssetKind(row["kind"]), row["purpose"]) for row in cover["assets"]),
        consent=_consent(cover["consent"], cover, applied_at),
        choices={name: int(value) for name, value in cover["choices"].items()},
        period=Term(*(datetime.fromisoformat(cover["period"][edge]) for edge in ("start", "end"))),
        panel=tuple(Line(row["insurer"], Fraction(row["share"])) for row in cover["panel"]),
        lead_authority_minor=int(cover["agreement"]["lead_authority_minor"]),
        vote_above=Fraction(cover["agreement"]["vote_above"]),
        lead_fee=Fraction(cover["agreement"]["lead_fee"]),
        services_shared={"yes": True, "no": False}[cover["agreement"].get("services_shared", "no")],
        level=cover["level"],
        confirmed_by=cover["confirmed_by"],
        invoice=cover["invoice"],
        services={code: int(units) for code, units in cover["services"].items()},
        inside=tuple(watch["inside"]),
        notice_term_days=int(watch["notice_term_days"]),
        services_used=tuple(_order(row) for row in watch.get("orders", ())),
        incident_class=IncidentClass(incident["class"]),
        operator=OperatorKind(incident["operator"]),
        incident_facts={name: int(value) for name, value in incident["facts"].items()},
        orders=tuple(_order(row) for row in claim["orders"]),
        event=event,
        consents=tuple(_claim_consent(row) for row in handled["consents"]),
        documents=tuple(handled["documents"]),
        supplement=tuple(handled["supplement"]),
        votes={code: vote == "true" for code, vote in handled["panel_votes"].items()},
        false_answer=_false_answer(claim["disclosure"]),
        book_as_at=date.fromisoformat(claim["book"]["as_at"]),
        book_years=int(claim["book"]["years"]),
        book_seed=int(claim["book"]["seed"]),
        at=_instants(cover, watch, incident, handled, claim["disclosure"]),
        sha256="",
    )


def _instants(*sections: Mapping[str, Any]) -> dict[str, datetime]:
    """Every value whose name ends in `_at`, by that name; no two sections use the same one."""
    found: dict[str, datetime] = {}
    for section in sections:
        for name, value in section.items():
            if name.endswith("_at"):
                if name in found:
                    raise ValueError(f"{name} stands twice")
                found[name] = datetime.fromisoformat(value)
    return found


def _words(row: Mapping[str, str]) -> Words:
    return Words(row["zh"], row["en"])


def _organisation(row: Any) -> Organisation:
    return Organisation(
        name=_words(row["name"]),
        credit_code=row["credit_code"],
        industry=row["industry"],
        region=row["region"],
        employees=int(row["employees"]),
        hosts=int(row["hosts"]),
        revenue_minor=int(row["revenue_minor"]),
        gross_profit_rate=Fraction(row["gross_profit_rate"]),
        records_held=int(row["records_held"]),
        dependencies=tuple(VendorDependency(VendorKind(each["kind"]), each["vendor"]) for each in row["dependencies"]),
    )


def _answer(row: Mapping[str, str], at: datetime) -> Answer:
    digest = hashlib.sha256(row["evidence"].encode()).hexdigest() if row["evidence"] else ""
    return Answer(row["question"], int(row["version"]), row["value"], digest, "", "", at)


def _consent(row: Any, cover: Any, signed_at: datetime) -> Consent:
    scope = Scope(
        assets=tuple(asset["name"] for asset in cover["assets"]),
        methods=(LookMethod.PASSIVE, LookMethod.ACTIVE),
        max_new_per_second=int(row["max_new_per_second"]),
        excluded_networks=tuple(row["excluded_networks"]),
    )
    text = row["text"]
    insured = cover["organisation"]["credit_code"]
    return Consent(
        consent_id=ConsentId(uuid5(NAMESPACE_URL, f"consent:{insured}:{signed_at.isoformat()}")),
        insured=insured,
        signed_by=row["signed_by"],
        authority=row["authority"],
        text_version=row["text_version"],
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        scope=scope,
        valid=Term(datetime.fromisoformat(row["valid_from"]), datetime.fromisoformat(row["valid_to"])),
        signed_at=signed_at,
    )


def _order(row: Any) -> OrderSteps:
    steps = ((OrderState(s["state"]), datetime.fromisoformat(s["at"]), s.get("evidence", "")) for s in row["steps"])
    return OrderSteps(row["service"], tuple(steps))


def _claim_consent(row: Mapping[str, str]) -> CaseConsent:
    asked, answered = (datetime.fromisoformat(row[name]) for name in ("requested_at", "answered_at"))
    return CaseConsent(row["subject"], asked, answered)


def _false_answer(row: Mapping[str, str]) -> FalseAnswer:
    return FalseAnswer(
        question=row["question"],
        question_version=int(row["question_version"]),
        asked_specifically=row["asked_specifically"] == "true",
        is_false=row["is_false"] == "true",
        material=row["material"] == "true",
        culpability=Culpability(row["culpability"]),
        serious_effect_on_event=row["serious_effect_on_event"] == "true",
    )


def _faulty(where: str, zh: str, en: str) -> Refusal:
    zh, en = f"案例{zh}；请更正后重试。", f"The case {en}; correct it and start again."
    return refuse("case_faulty", where, zh=zh, en=en)
