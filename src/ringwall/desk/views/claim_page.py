"""A claim as a person follows it: its clocks, its three numbers with their reasons, and what was paid by whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from ringwall.basics import Refusal, Words, round_fraction
from ringwall.claim import (
    ENTRY_NAMES,
    STATE_NAMES,
    Claim,
    ClaimClock,
    ClaimEntry,
    ClaimState,
    Consent,
    EntryKind,
    ItemLine,
    Payment,
    Reserve,
    clocks_of,
    consent_for,
    explain,
    pauses_of,
    payments,
    reserves,
)
from ringwall.desk.claim.increases_seen import IncreasesSeen, increases_seen
from ringwall.desk.doors import Row, Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.records import ClaimFile, PolicyFile
from ringwall.desk.views.claim_acts import NextAct, may_rule, next_acts
from ringwall.desk.views.claim_trace import TraceLine, find, readable_trace
from ringwall.desk.views.home.claims import bar_of
from ringwall.desk.views.inbox import MessageShown, sent_about
from ringwall.desk.views.parts import Bar, BarState, all_known, insured_name, known
from ringwall.desk.views.settlement.in_words import still_open, what_would_cover
from ringwall.product import Clause, Product
from ringwall.settlement import PanelPosting
from ringwall.terms import LossItem, Outcome

HOUR = timedelta(hours=1)
SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock of the law as it ran: start, pause, last day, and the act that stopped it."""

    clock: ClaimClock
    bar: Bar
    pause: tuple[datetime, datetime] | None

    def gone_until(self, now: datetime) -> datetime:
        """How far the clock has run: to the act that stopped it, to where it stands still, or to now."""
        ends = (self.bar.done_at, self.bar.stopped_since, now)
        return min(each for each in ends if each is not None)

    def place(self, at: datetime) -> int:
        """Where an instant stands on a line from the start to the later of due and done, in thousandths."""
        ends = max(self.bar.due_at, self.bar.done_at or self.bar.due_at)
        whole = ends - self.bar.started_at
        return min(max((at - self.bar.started_at) * 1000 // whole, 0), 1000) if whole else 1000


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A loss item with its verdict, the clause that decides, and what would have to be otherwise for a refused one."""

    line: ItemLine
    what: str
    covered_if: tuple[Words, ...]
    consent: Consent | None

    @property
    def refused(self) -> bool:
        return self.line.within_cover.high == 0 and self.line.factual_minor > 0


@dataclass(frozen=True, slots=True)
class NumberStep:
    """One step between the three numbers: a number itself, or what took the difference to the next."""

    label: Words
    amount_minor: int
    is_number: bool


@dataclass(frozen=True, slots=True)
class HourLine:
    """What was lost from one hour to the next, and how much of it the insured keeps."""

    at: datetime
    lost_minor: int
    kept_minor: int


@dataclass(frozen=True, slots=True)
class InterruptionHours:
    """One interruption by the hour, with what the insured keeps of it by the contract's mode."""

    item: str
    what: str
    start: datetime
    end: datetime
    hourly_minor: int
    retention_minor: int
    retained_by: Words
    hours: tuple[HourLine, ...]


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment with its payee's name."""

    payment: Payment
    payee: Words


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A document or a letter: what it is, when, and whether it is still outstanding."""

    kind: Words
    about: tuple[str, ...]
    at: datetime
    outstanding: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """The newest decision, taken apart."""

    outcome: Outcome
    items: tuple[ItemRow, ...]
    numbers: tuple[NumberStep, ...]
    parts: Mapping[str, Words]
    open_points: tuple[Words, ...]
    interruptions: tuple[InterruptionHours, ...]
    trace: TraceLine


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """The page of one claim as it was known at an instant."""

    claim: Claim
    file: ClaimFile
    object_number: str
    insured: Words
    product: Product
    clocks: tuple[ClockLine, ...]
    decided: Decided | None
    items: tuple[LossItem, ...]
    reserves: tuple[Reserve, ...]
    consents: tuple[Consent, ...]
    payments: tuple[PaymentLine, ...]
    postings: tuple[PanelPosting, ...]
    carriers: Mapping[str, Words]
    papers: tuple[PaperLine, ...]
    letters: tuple[MessageShown, ...]
    """What was sent to the insured about the claim, for its sender."""
    clauses: tuple[Clause, ...]
    acts: tuple[NextAct, ...]
    increases: IncreasesSeen
    may_rule: bool
    """Whether the reader may rule on an increase of risk: nothing has been released yet."""

    @property
    def state(self) -> Words:
        return STATE_NAMES[self.claim.state]

    def entry_name(self, entry: ClaimEntry) -> Words:
        return ENTRY_NAMES[entry.kind]

    def part_name(self, code: str) -> Words:
        part = self.product.part(code)
        return part.name if part else Words("不在保险责任内", "no part of the cover")


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in the list: where it stands, its next clock, and its three numbers."""

    number: str
    policy: str
    incident: str
    insured: Words
    state: Words
    is_open: bool
    next_act: Words | None
    bar: Bar | None
    payable_minor: int | None
    paid_minor: int


def claims_by_clock(office: Office, now: datetime) -> tuple[ClaimRow, ...]:
    """Everything that the organisation may see: what is overdue or due next first, what has ended last."""
    rows = [_row(office, row, now) for row in all_known(office.claims, now)]

    def urgency(row: ClaimRow) -> tuple[int, float]:
        if row.bar is None:
            return (1 if row.is_open else 2), 0.0
        return (1 if row.bar.state(now) is BarState.STANDING else 0), row.bar.due_at.timestamp()

    return tuple(sorted(rows, key=urgency))


def _row(office: Office, row: Row[ClaimFile], now: datetime) -> ClaimRow:
    claim = row.record.claim.known_at(now)
    running = [clock for clock in _clocks(office, claim) if clock.done_at is None]
    running.sort(key=lambda clock: clock.clock.due_before)
    ended = claim.state in (ClaimState.PAID, ClaimState.CLOSED, ClaimState.REFUSED)
    return ClaimRow(
        number=claim.number,
        policy=claim.policy,
        incident=claim.incident,
        insured=insured_name(office, row.object_id),
        state=STATE_NAMES[claim.state],
        is_open=not ended,
        next_act=running[0].clock.rule.what if running else None,
        bar=bar_of(running[0]) if running else None,
        payable_minor=claim.outcome.payable.low if claim.outcome else None,
        paid_minor=claim.paid_minor,
    )


def claim_page(office: Office, speaker: Speaker, number: str, now: datetime) -> ClaimPage | Refusal:
    """The claim and all that hangs on it, as far as the organisation may see it."""
    row = known(office.claims, office.claims.newest(number), now)
    if row is None:
        return not_visible(number)
    file = replace(row.record, claim=row.record.claim.known_at(now))
    claim, policy = file.claim, office.policies.of_object(row.object_id)[-1].record
    product = office.catalogue.version(policy.schedule.product, policy.schedule.version)
    decided = _decided(file, policy, product) if claim.outcome else None
    return ClaimPage(
        claim=claim,
        file=file,
        object_number=office.objects.number_of(row.object_id),
        insured=insured_name(office, row.object_id),
        product=product,
        clocks=tuple(_clock_line(claim, clock) for clock in _clocks(office, claim)),
        decided=decided,
        items=file.event.items,
        reserves=reserves(claim),
        consents=_consents(claim),
        payments=tuple(PaymentLine(p, _payee(office, policy, p)) for p in payments(claim)),
        postings=_postings(office, row.object_id, number, now),
        carriers=_names(office, policy),
        papers=_papers(claim),
        letters=sent_about(office, row.object_id, now).get(number, ()),
        clauses=_cited(decided, product),
        acts=next_acts(office, speaker, row.object_id, file),
        increases=increases_seen(office, row.object_id, file, now),
        may_rule=may_rule(office, speaker, row.object_id, claim),
    )


def _clocks(office: Office, claim: Claim) -> tuple[ClaimClock, ...]:
    return clocks_of(claim, office.catalogue.clock_rules, office.catalogue.calendar)


def _clock_line(claim: Claim, clock: ClaimClock) -> ClockLine:
    pause = next(iter(pauses_of(claim)), None) if clock.clock.pause_days or clock.clock.stopped_since else None
    until = pause.documents_received_at if pause else None
    stopped = (pause.notice_delivered_at, until) if pause and until else None
    return ClockLine(clock, bar_of(clock), stopped)


def _decided(file: ClaimFile, policy: PolicyFile, product: Product) -> Decided | None:
    outcome = file.claim.outcome
    if outcome is None:
        return None
    said = explain(outcome)
    told = {item.name: item for item in file.event.items}
    rows = tuple(
        ItemRow(
            line,
            told[line.item].what if line.item in told else "",
            what_would_cover(item, product),
            consent_for(file.claim, line.item),
        )
        for line, item in zip(said.items, outcome.items, strict=True)
    )
    return Decided(
        outcome=outcome,
        items=rows,
        numbers=tuple(_numbers(outcome, rows, product)),
        parts={line.part: line.why for line in said.parts},
        open_points=tuple(still_open(point, product) for point in outcome.open_points),
        interruptions=tuple(_interruptions(file, policy, product, outcome)),
        trace=readable_trace(outcome.trace, product),
    )


def _numbers(outcome: Outcome, rows: tuple[ItemRow, ...], product: Product) -> Iterator[NumberStep]:
    """Factual loss, less each item without cover; within cover, less what each part's terms keep; payable."""
    yield NumberStep(Words("实际损失", "Factual loss"), outcome.factual_minor, True)
    for row in rows:
        outside = row.line.factual_minor - row.line.within_cover.low
        if outside:
            name = row.what or row.line.item
            yield NumberStep(Words(f"{row.line.item} {name}", f"{row.line.item} {name}"), -outside, False)
    yield NumberStep(Words("责任内损失", "Within cover"), outcome.within_cover.low, True)
    for part in outcome.parts:
        kept = part.within_cover.low - part.payable.low
        if kept:
            known_part = product.part(part.part)
            called = known_part.name if known_part else Words(part.part, part.part)
            yield NumberStep(Words(f"{called.zh}：自留与限额", f"{called.en}: retention and limits"), -kept, False)
    yield NumberStep(Words("应付赔款", "Payable"), outcome.payable.low, True)


def _interruptions(
    file: ClaimFile, policy: PolicyFile, product: Product, outcome: Outcome
) -> Iterator[InterruptionHours]:
    """Each admitted interruption with the retention that the settlement's own trace gives for it."""
    admitted = {item.name for item in outcome.items if item.within_cover.high}
    for part in dict.fromkeys(item.part for item in file.event.items if item.interruption):
        items = [i for i in file.event.items if i.part == part and i.interruption and i.name in admitted]
        for item, left in zip(items, find(outcome.trace, f"{part}.left"), strict=False):
            kept = left.inputs[1]
            mode = product.parameters[f"{part.lower()}_mode"]
            chosen = (mode.choices or {})[policy.schedule.values[mode.name]]
            yield by_hour(item, kept.value, Words(chosen.zh, kept.text.en))


def by_hour(item: LossItem, retention_minor: int, retained_by: Words) -> InterruptionHours:
    """Hour after hour from the start; the last one is as long as it was, and sums are rounded, not hours."""
    outage = item.interruption
    assert outage is not None, "the caller has chosen the items with an interruption"
    hourly = (outage.lost_revenue_minor_per_hour - outage.saved_cost_minor_per_hour) * outage.share_lost
    hours, at, lost = [], outage.start, 0
    while at < outage.end:
        until = min(at + HOUR, outage.end)
        gone = round_fraction(hourly * Fraction(int((until - outage.start).total_seconds()), SECONDS_AN_HOUR))
        kept = min(gone, retention_minor) - min(lost, retention_minor)
        hours.append(HourLine(at, gone - lost, kept))
        at, lost = until, gone
    whole = round_fraction(Fraction(hourly))
    return InterruptionHours(
        item.name, item.what, outage.start, outage.end, whole, retention_minor, retained_by, tuple(hours)
    )


def _consents(claim: Claim) -> tuple[Consent, ...]:
    subjects = dict.fromkeys(entry.about[0] for entry in claim.entries(EntryKind.CONSENT_REQUESTED))
    asked = (consent_for(claim, subject) for subject in subjects)
    return tuple(consent for consent in asked if consent is not None)


def _payee(office: Office, policy: PolicyFile, payment: Payment) -> Words:
    insured = policy.policy.newest.content.parties.insured
    if payment.payee == insured.id:
        return insured.name
    member = office.directory.by_code(payment.payee)
    return member.name if member else Words(payment.payee, payment.payee)


def _postings(office: Office, object_id: UUID, number: str, now: datetime) -> tuple[PanelPosting, ...]:
    """The panel's chain, as far as it is about this claim; who is not on the panel sees none of it."""
    log = office.panel_chain.log(object_id)
    mine = [posting for posting in log if posting.event.claim == number and posting.event.at <= now]
    return tuple(sorted(mine, key=lambda posting: (posting.event.at, posting.event.kind.sequence, posting.number)))


def _names(office: Office, policy: PolicyFile) -> Mapping[str, Words]:
    members = {code: office.directory.by_code(code) for code in policy.agreement.names}
    return {code: member.name if member else Words(code, code) for code, member in members.items()}


def _papers(claim: Claim) -> tuple[PaperLine, ...]:
    kinds = (
        EntryKind.DOCUMENTS_RECEIVED,
        EntryKind.SUPPLEMENT_ASKED,
        EntryKind.SUPPLEMENT_DELIVERED,
        EntryKind.REFUSAL_SENT,
    )
    last = claim.last(EntryKind.SUPPLEMENT_ASKED)
    return tuple(
        PaperLine(ENTRY_NAMES[e.kind], e.about, e.at, claim.outstanding_documents if e is last else ())
        for e in claim.entries(*kinds)
    )


def _cited(decided: Decided | None, product: Product) -> tuple[Clause, ...]:
    """The clauses that the page names, in the order of the wording."""
    if decided is None:
        return ()
    cited = {*decided.trace.clauses, *(row.line.clause for row in decided.items)}
    return tuple(clause for clause in product.clauses if clause.number in cited)
