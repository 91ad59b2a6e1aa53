"""The register of providers: what a provider hands in serves once the lead has vetted it, and until its last day."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID, uuid4

from tests.desk.conftest import ToldUntil

from ringwall.basics import OrganisationId, Refusal, Words
from ringwall.desk.doors import Member, Speaker
from ringwall.desk.front import Request
from ringwall.desk.life.year import Year
from ringwall.desk.office import Office
from ringwall.desk.service.advance_order import OrderStep, advance_order
from ringwall.desk.service.dispatch_provider import OrderWish, dispatch_provider
from ringwall.desk.service.rate_cards import answer_rate_card, propose_rate_card
from ringwall.desk.service.registry import (
    Paper,
    hand_in_certificate,
    paper_of,
    register_qualification,
    registered,
    vet_qualification,
)
from ringwall.service import (
    LICENCE,
    CardAnswer,
    CardLine,
    Charge,
    Order,
    OrderState,
    PriceUnit,
    Provider,
    Qualification,
    RateCard,
    Vetting,
)
from ringwall.shell.store.people import NewPerson, enrol, speaker_named
from ringwall.wiring.house import House

T = TypeVar("T")
IN_TERM = datetime.fromisoformat("2026-02-02T09:00:00+08:00")
AFTER_ITS_END = datetime.fromisoformat("2027-06-02T09:00:00+08:00")
RENEWAL = Qualification("CCRC", "risk_assessment", 2, "INV-RA-0002", date(2027, 5, 1), date(2030, 5, 1))
FILE = Paper("renewal.pdf", "application/pdf", b"certificate INV-RA-0002")


def _order(office: Office, object_id: UUID) -> Order | Refusal:
    wish = OrderWish("compliance-check", charge=Charge.INSURED)
    return dispatch_provider(office, object_id, wish, at=AFTER_ITS_END)


def hand_in(
    year: Year, qualification: Qualification = RENEWAL, paper: Paper = FILE, at: datetime = AFTER_ITS_END
) -> None:
    year.do(
        "provider",
        "register_qualification",
        f"hand-in-{uuid4().hex}",
        Provider,
        lambda office, _: hand_in_certificate(office, qualification, paper, at=at),
    )


def vetted(year: Year, *, yes: bool = True, reason: str = "", person: str = "underwriter") -> Vetting | Refusal:
    return year.read(
        person,
        lambda office, _: vet_qualification(
            office, "fengtai", RENEWAL.certificate, yes=yes, reason=reason, by="Shen", at=AFTER_ITS_END
        ),
    )


def code(answer: object) -> str:
    return answer.code if isinstance(answer, Refusal) else ""


def test_a_renewal_serves_once_the_lead_has_looked_at_its_file(told_until: ToldUntil) -> None:
    year = told_until("bind")
    assert code(year.read("insured", _order)) == "not_qualified"
    for _ in range(2):
        hand_in(year)
    seen = year.read("insured", lambda office, _: registered(office, "fengtai"))
    assert isinstance(seen, Provider)
    digest = hashlib.sha256(FILE.content).hexdigest()
    assert [each.evidence_sha256 for each in seen.qualifications if each.certificate == "INV-RA-0002"] == [digest]
    waiting = year.read("insured", _order)
    assert isinstance(waiting, Refusal)
    assert (waiting.code, waiting.where) == ("provider_not_vetted", "fengtai")
    read = year.read("underwriter", lambda office, _: paper_of(office, "fengtai", digest))
    assert isinstance(read, tuple)
    assert read[1] == FILE.content
    assert code(year.read("insured", lambda office, _: paper_of(office, "fengtai", digest))) == "not_visible"

    assert code(vetted(year, yes=False)) == "vetting_without_reason"
    assert isinstance(vetted(year, yes=False, reason="the stamp cannot be read"), Vetting)
    assert code(year.read("insured", _order)) == "provider_not_vetted"
    decision = vetted(year)
    assert isinstance(decision, Vetting)
    assert (decision.by, decision.evidence_sha256, decision.at) == ("Shen", digest, AFTER_ITS_END)
    assert isinstance(year.read("insured", _order), Order)
    told = year.read("provider", lambda office, _: [each.about for each in office.post.inbox()])
    assert told.count("INV-RA-0002") == 2


def test_another_insurer_s_decision_is_not_the_lead_s(told_until: ToldUntil) -> None:
    year, house = told_until("bind"), told_until.house
    hand_in(year)
    follower = speaker_named(house.pool, "zhongliu")
    ask = Request(follower, "vet_provider", "f", None)

    def vet(office: Office) -> Vetting | Refusal:
        return vet_qualification(office, "fengtai", "INV-RA-0002", yes=True, reason="", by="x", at=AFTER_ITS_END)

    done = house.front.perform(ask, Vetting, vet)
    assert isinstance(done, Vetting), done
    assert code(year.read("insured", _order)) == "provider_not_vetted"


def test_a_certificate_without_its_file_is_not_accepted(told_until: ToldUntil) -> None:
    year = told_until("bind")
    bare = year.read("provider", lambda office, _: register_qualification(office, RENEWAL, at=AFTER_ITS_END))
    assert isinstance(bare, Provider)
    assert code(vetted(year)) == "certificate_without_evidence"
    invented = replace(RENEWAL, certificate="X-1", evidence_sha256="0" * 64)
    refusal = year.read("provider", lambda office, _: register_qualification(office, invented, at=AFTER_ITS_END))
    assert code(refusal) == "certificate_file_missing"


def newcomer_in(house: House) -> Speaker:
    """A provider that the house does not list, with an engineer of its own."""
    member = Member(OrganisationId(uuid4()), "newfirm", "provider", Words("新机构", "New Firm"))
    enrol(house.pool, member, [NewPerson("newfirm", "Qian", "engineer", "x")], listed=True)
    return speaker_named(house.pool, "newfirm")


def test_a_provider_that_registers_itself_is_vetted_with_its_licence_before_any_order(
    told_until: ToldUntil,
) -> None:
    year, house = told_until("bind"), told_until.house
    newcomer = newcomer_in(house)
    licence = Qualification(*LICENCE, 1, "BL-1", date(2026, 1, 1), date(2026, 6, 1), group="new-group")
    skill = Qualification("CCRC", "emergency_handling", 2, "EH-1", date(2026, 1, 1), date(2028, 1, 1))
    wish = OrderWish("tabletop", "newfirm", Charge.INSURED)

    def order(at: datetime = IN_TERM) -> Order | Refusal:
        return year.read("insured", lambda office, obj: dispatch_provider(office, obj, wish, at=at))

    def does(speaker: Speaker, action: str, answer: type[T], work: object) -> T:
        done = house.front.perform(Request(speaker, action, uuid4().hex, None), answer, work)  # type: ignore[arg-type]
        assert isinstance(done, answer), done
        return done

    def handed_in(of: Qualification) -> None:
        paper = Paper(f"{of.certificate}.pdf", "application/pdf", of.certificate.encode())
        does(newcomer, "register_qualification", Provider, lambda o: hand_in_certificate(o, of, paper, at=IN_TERM))

    def accept(certificate: str) -> None:
        year.do(
            "underwriter",
            "vet_provider",
            certificate,
            Vetting,
            lambda o, _: vet_qualification(o, "newfirm", certificate, yes=True, reason="", by="Shen", at=IN_TERM),
        )

    assert code(order()) == "provider_not_vetted", "nothing was handed in yet"
    handed_in(skill)
    handed_in(licence)
    assert code(order()) == "provider_not_vetted"
    accept("EH-1")
    assert code(order()) == "provider_not_vetted", "the licence still waits"
    accept("BL-1")
    without = order()
    assert code(without) == "rate_card_missing", "and it has no rate card yet"
    wished = RateCard("", {}, date(2026, 1, 1), date(2027, 1, 1), payment_days=30)
    lines = (CardLine("tabletop", 1_200_000, PriceUnit.ORDER),)
    card = does(newcomer, "propose_rate_card", RateCard, lambda o: propose_rate_card(o, wished, lines, at=IN_TERM))
    assert (card.provider, card.number) == ("newfirm", "NEWFIRM-RC-000001")
    assert code(order()) == "rate_card_missing", "the lead has not accepted it"

    def answered(*, yes: bool, reason: str = "") -> CardAnswer | Refusal:
        return year.read(
            "underwriter",
            lambda o, _: answer_rate_card(o, "newfirm", card.number, yes=yes, reason=reason, by="Shen", at=IN_TERM),
        )

    assert code(answered(yes=False)) == "rate_card_answer_without_reason"
    assert isinstance(answered(yes=False, reason="too dear"), CardAnswer)
    assert code(order()) == "rate_card_missing"
    assert isinstance(answered(yes=True), CardAnswer)
    assert code(answered(yes=False, reason="too dear")) == "rate_card_accepted_before"
    made = order()
    assert isinstance(made, Order), made
    known = year.read("insured", lambda office, _: registered(office, "newfirm"))
    assert known is not None
    assert (known.group, known.is_listed) == ("new-group", False)
    assert code(order(datetime.fromisoformat("2026-06-01T09:00:00+08:00"))) == "provider_not_vetted", "expiry blocks"

    step = OrderStep(made.number, OrderState.ACCEPTED)
    at = datetime.fromisoformat("2026-06-01T09:00:00+08:00")
    late = house.front.ask(
        newcomer,
        lambda o: advance_order(o, o.objects.by_number(year.number), step, at=at),  # type: ignore[arg-type]
    )
    assert code(late) == "provider_not_vetted", "between order and acceptance as well"
    accepted = house.front.ask(
        newcomer,
        lambda o: advance_order(o, o.objects.by_number(year.number), step, at=IN_TERM),  # type: ignore[arg-type]
    )
    assert isinstance(accepted, Order), accepted
