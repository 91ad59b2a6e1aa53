"""What the insurer knew, and when: every fact with the day it was learned, what knowing it bars, and what it moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ringwall.basics import Words, local_day
from ringwall.desk.evidence.say_of_finding import STATEMENT_WORDS
from ringwall.desk.office import Office
from ringwall.desk.records import QuoteFile
from ringwall.desk.views.parts import all_known, last_known
from ringwall.evidence import Finding
from ringwall.underwriting import InsurerConduct, KnowingBars, first_learned, knowing_bars


@dataclass(frozen=True, slots=True)
class PriceStep:
    """What one fact moved in the quote's premium, and where its step of the waterfall stands."""

    label: Words
    amount_minor: int
    link: str


@dataclass(frozen=True, slots=True)
class Known:
    """One fact: `learned_at` is when the insurer knew it (R-03), `recorded_at` when that was written down.

    `steps` are those of the waterfall that it moved, with everything else of its kind.
    """

    key: str
    what: Words
    source: str
    learned_at: datetime
    recorded_at: datetime
    by: Words
    link: str
    bars: KnowingBars | None
    steps: tuple[PriceStep, ...]
    is_fact: bool = True
    """Of what is only said, nobody knows yet whether it is so."""


def known_when(office: Office, object_id: UUID, now: datetime, quote: QuoteFile | None) -> tuple[Known, ...]:
    """Oldest first: the answers handed in, what the log of knowledge holds, and what the insured said of findings."""
    policy = last_known(office.policies, now, object_id)
    receipts = all_known(office.receipts, now, object_id)
    taken = tuple(row.record.received_at for row in receipts)
    rows = sorted(
        (*_answers(office, object_id, now), *_log(office, object_id, now, quote), *_said(office, object_id, now)),
        key=lambda each: (each.learned_at, each.key),
    )
    if policy is None:
        return tuple(rows)
    concluded = local_day(policy.policy.concluded_at)
    calendar = office.catalogue.calendar
    return tuple(
        replace(each, bars=knowing_bars(InsurerConduct(concluded, each.learned_at, taken), calendar))
        if each.is_fact
        else each
        for each in rows
    )


def price_steps(quote: QuoteFile | None, *codes: str) -> tuple[PriceStep, ...]:
    """The steps of the quote's waterfall that these signals made; a fact that moved nothing has none."""
    if quote is None:
        return ()
    return tuple(
        PriceStep(step.label, step.amount_minor, f"/quote/{quote.number}#step-{step.code.replace(':', '-')}")
        for step in quote.priced.waterfall.steps
        if step.code in codes and step.amount_minor
    )


def _answers(office: Office, object_id: UUID, now: datetime) -> Iterator[Known]:
    """The questionnaire as it was handed in: what was answered is known from then on."""
    number = office.objects.number_of(object_id)
    for row in all_known(office.submissions, now, object_id):
        count = len(row.record.answers)
        proved = sum(bool(answer.evidence_sha256) for answer in row.record.answers)
        yield Known(
            f"submission:{row.number}",
            Words(
                f"问卷：{count} 项答复，{proved} 项附证据",
                f"Answers: {count}, {proved} of them with evidence",
            ),
            row.number,
            row.effective_at,
            row.known_at,
            _name(office, row.owner_id),
            f"/posture/{number}#answers",
            None,
            (),
            is_fact=False,
        )


def _log(office: Office, object_id: UUID, now: datetime, quote: QuoteFile | None) -> Iterator[Known]:
    """The log: of each thing the earliest instant counts, in whatever order the entries were written down."""
    rows = all_known(office.knowledge, now, object_id)
    findings = {row.record.uid: row.record for row in all_known(office.findings, now, object_id)}
    log = [row.record for row in rows]
    breaks = {signal.code: signal.breaks for signal in office.catalogue.model.signals.values()}
    priced = {finding.uid for finding in quote.findings if finding.may_price} if quote else set()
    seen = set[str]()
    for row in sorted(rows, key=lambda row: row.known_at):
        entry = first_learned(log, row.record.what)
        if entry is None or entry.what in seen:
            continue
        seen.add(entry.what)
        what, link = _in_words(office, object_id, entry.what, findings)
        by = _name(office, row.owner_id)
        finding = findings.get(entry.what.partition(":")[2])
        moved = finding if finding is not None and finding.uid in priced else None
        steps = _steps(quote, moved, breaks)
        yield Known(entry.what, what, entry.source, entry.learned_at, row.known_at, by, link, None, steps)


def _said(office: Office, object_id: UUID, now: datetime) -> Iterator[Known]:
    """What the insured stated of a finding, the insurer knows."""
    number = office.objects.number_of(object_id)
    findings = {row.record.uid: row.record for row in all_known(office.findings, now, object_id)}
    for row in all_known(office.statements, now, object_id):
        said, finding = row.record, findings.get(row.record.finding)
        title = finding.title if finding else Words(said.finding, said.finding)
        words = STATEMENT_WORDS[said.kind]
        yield Known(
            f"statement:{row.number}",
            Words(f"{title.zh}：{words.zh}。{said.text}", f"{title.en}: {words.en}. {said.text}"),
            row.number,
            said.said_at,
            row.known_at,
            _name(office, row.owner_id),
            f"/posture/{number}#finding-{said.finding}" if finding else "",
            None,
            (),
            is_fact=False,
        )


def _steps(quote: QuoteFile | None, finding: Finding | None, breaks: Mapping[str, str]) -> tuple[PriceStep, ...]:
    """What a finding that the quote rests on has moved: its own step, and that of the control which it breaks."""
    if finding is None:
        return ()
    return price_steps(quote, f"finding:{finding.factor}", f"control:{breaks.get(finding.factor, '')}")


def _in_words(office: Office, object_id: UUID, what: str, findings: Mapping[str, Finding]) -> tuple[Words, str]:
    """What a key of the log means, and where it stands."""
    page = f"/posture/{office.objects.number_of(object_id)}"
    kind, _, name = what.partition(":")
    if kind == "finding" and (finding := findings.get(name)) is not None:
        words = Words(f"{finding.title.zh}（{finding.locator}）", f"{finding.title.en} ({finding.locator})")
        return words, f"{page}#finding-{name}"
    if kind == "answer":
        return Words(f"答复 {name} 与事实不符", f"Answer {name} is not as the facts are"), f"{page}#answers"
    if kind == "kev":
        return Words(f"{name} 列入已知被利用漏洞目录", f"{name} is listed as exploited"), f"{page}#findings"
    return Words(what, what), ""


def _name(office: Office, organisation: UUID) -> Words:
    member = office.directory.by_id(organisation)
    return member.name if member else Words("—", "—")
