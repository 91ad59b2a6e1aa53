"""How secure an insured was found to be: findings, controls, fixes and their effect, contradictions, traffic alerts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from ringwall.basics import Refusal, Words
from ringwall.desk.evidence.dossier_of import indicators_known
from ringwall.desk.intelligence.facts_at import facts_at
from ringwall.desk.monitoring.alerts_of import INDICATOR_NAMES
from ringwall.desk.monitoring.known_of import weighed_known
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.price.reprice import KeptBases
from ringwall.desk.records import ReportFile, ScanFile
from ringwall.desk.views.knowing import FixList, dossier_known, fixes_known, plan_known, scans_known
from ringwall.desk.views.parts import all_known, insured_name, last_known, object_called
from ringwall.desk.views.posture.findings import FindingShown, findings_shown
from ringwall.desk.views.posture.over_time import (
    FreshLook,
    HistoryPoint,
    PeersShown,
    fresh_looks,
    history_known,
    peers_known,
)
from ringwall.evidence import (
    Answer,
    Contradiction,
    ControlStanding,
    Dossier,
    Indicator,
    Standing,
)
from ringwall.exposure import Asset, Consent, ControlProof
from ringwall.price import FixPlan
from ringwall.underwriting import AnswerKind, Question, Submission

YES_NO = {"yes": Words("是", "yes"), "no": Words("否", "no")}


@dataclass(frozen=True, slots=True)
class ControlShown:
    """A control with its standing and why."""

    id: str
    label: Words
    standing: Standing
    because: Words
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class LookShown:
    """One scan with what was judged on its day: for the drawing of the posture over time."""

    number: str
    at: datetime
    open_findings: int
    standings: Mapping[Standing, int]


@dataclass(frozen=True, slots=True)
class AlertShown:
    """What one traffic rule raised: on how many days and hosts, and the newest reason."""

    code: str
    name: Words
    days: int
    hosts: int
    newest: date
    because: Words


@dataclass(frozen=True, slots=True)
class AssetShown:
    """An asset, and the newest proof that the insured controls it; None: never looked for by name."""

    asset: Asset
    proof: ControlProof | None
    in_scope: bool


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """One answer beside its question; money is whole fen, `words` is set for answers that are chosen."""

    id: str
    question: Words | None
    words: Words | None
    minor: int | None
    share: Fraction | None
    text: str
    with_evidence: bool


@dataclass(frozen=True, slots=True)
class ReportShown:
    """A report that was handed in: what was read of it, and what was refused."""

    report: ReportFile
    by: Words
    at: datetime


@dataclass(frozen=True, slots=True)
class Posture:
    """Everything that is known of the insured's security; what a reader may not see is empty."""

    number: str
    insured: Words
    policy: str
    controls: tuple[ControlShown, ...]
    findings: tuple[FindingShown, ...]
    fixes: FixList | None
    plan: FixPlan | Refusal | None
    target_minor: int | None
    contradictions: tuple[Contradiction, ...]
    alerts: tuple[AlertShown, ...]
    alerts_unknown: int
    looks: tuple[LookShown, ...]
    history: tuple[HistoryPoint, ...]
    fresh: tuple[FreshLook, ...]
    peers: PeersShown | None
    assets: tuple[AssetShown, ...]
    consent: Consent | None
    answers: tuple[AnswerShown, ...]
    intelligence: Words
    reports: tuple[ReportShown, ...]
    """Of other scanners, and VEX statements; the newest first."""

    @property
    def open_findings(self) -> tuple[FindingShown, ...]:
        return tuple(finding for finding in self.findings if finding.is_open)

    def count(self, standing: str) -> int:
        return sum(control.standing.value == standing for control in self.controls)


def posture(
    office: Office, number: str, now: datetime, bases: KeptBases, target_minor: int | None = None
) -> Posture | Refusal:
    """The posture of one insured as it was known at an instant."""
    object_id = object_called(office, number)
    if isinstance(object_id, Refusal):
        return object_id
    dossier, scans = dossier_known(office, object_id, now), scans_known(office, object_id, now)
    assets = [row.record for row in all_known(office.assets, now, object_id)]
    if dossier is None and not scans and not assets:
        return not_visible(number)
    fixes = fixes_known(office, object_id, now, bases)
    facts = facts_at(office, object_id, now)
    findings = findings_shown(office, object_id, now, fixes.fixes if fixes else (), facts)
    heard = indicators_known(office, object_id, now)
    weighed = weighed_known(office, object_id, now, tuple(dossier.findings) if dossier else (), heard)
    entry = last_known(office.consents, now, object_id)
    submission = last_known(office.submissions, now, object_id)
    policy = all_known(office.policies, now, object_id)
    raised, unknown = _alerts(heard)
    return Posture(
        number=number,
        insured=insured_name(office, object_id),
        policy=policy[-1].number if policy else "",
        controls=_controls(office, dossier),
        findings=findings,
        fixes=fixes,
        plan=plan_known(office, object_id, now, bases, target_minor),
        target_minor=target_minor,
        contradictions=dossier.contradictions if dossier else (),
        alerts=raised,
        alerts_unknown=unknown,
        looks=tuple(_look(office, object_id, scan) for scan in scans),
        history=history_known(office, object_id, now),
        fresh=fresh_looks(office, object_id, now, weighed),
        peers=peers_known(office, object_id, now),
        assets=_assets(office, object_id, now, assets, entry.consent if entry else None),
        consent=entry.consent if entry else None,
        answers=_answers(office, submission),
        intelligence=facts.source,
        reports=_reports(office, object_id, now),
    )


def _reports(office: Office, object_id: UUID, now: datetime) -> tuple[ReportShown, ...]:
    shown = []
    for row in all_known(office.reports, now, object_id):
        member = office.directory.by_id(row.owner_id)
        by = member.name if member else Words(row.record.handed_in_by, row.record.handed_in_by)
        shown.append(ReportShown(row.record, by, row.known_at))
    return tuple(sorted(shown, key=lambda each: (each.at, each.report.number), reverse=True))


def _controls(office: Office, dossier: Dossier | None) -> tuple[ControlShown, ...]:
    """The broken ones first, then the unknown, then the held."""
    if dossier is None:
        return ()
    labels = {control.id: control.label for control in office.catalogue.controls}
    order = [Standing.BROKEN, Standing.UNKNOWN, Standing.HELD]

    def shown(each: ControlStanding) -> ControlShown:
        label = labels.get(each.control, Words(each.control, each.control))
        return ControlShown(each.control, label, each.standing, each.because, each.seen_at)

    return tuple(shown(each) for each in sorted(dossier.controls, key=lambda each: order.index(each.standing)))


def _look(office: Office, object_id: UUID, scan: ScanFile) -> LookShown:
    then = dossier_known(office, object_id, scan.result.at)
    standings = Counter(each.standing for each in then.controls) if then else Counter[Standing]()
    still_open = sum(finding.is_open for finding in scan.findings)
    return LookShown(scan.number, scan.result.at, still_open, standings)


def _alerts(found: Sequence[Indicator]) -> tuple[tuple[AlertShown, ...], int]:
    """Each rule that was raised, the newest first; and how many answers could not be given."""
    by_code: dict[str, list[Indicator]] = {}
    for each in found:
        if each.raised:
            by_code.setdefault(each.code, []).append(each)
    shown = [_alert(code, each) for code, each in by_code.items()]
    newest_first = sorted(shown, key=lambda each: (each.newest, each.code), reverse=True)
    return tuple(newest_first), sum(each.raised is None for each in found)


def _alert(code: str, raised: Sequence[Indicator]) -> AlertShown:
    newest = max(raised, key=lambda each: each.day)
    return AlertShown(
        code,
        INDICATOR_NAMES.get(code, Words(code, code)),
        len({each.day for each in raised}),
        len({each.host for each in raised}),
        newest.day,
        newest.because,
    )


def _assets(
    office: Office, object_id: UUID, now: datetime, assets: Sequence[Asset], consent: Consent | None
) -> tuple[AssetShown, ...]:
    proofs: dict[str, ControlProof] = {}
    for row in sorted(all_known(office.proofs, now, object_id), key=lambda row: row.known_at):
        proofs[row.record.asset] = row.record
    return tuple(
        AssetShown(asset, proofs.get(asset.name), consent is not None and consent.scope.covers(asset.name))
        for asset in assets
    )


def _answers(office: Office, submission: Submission | None) -> tuple[AnswerShown, ...]:
    """Answers in the order of the questionnaire; a question in another version is shown by its number alone."""
    if submission is None:
        return ()
    asked_with = office.catalogue.sold(submission.product_code, submission.product_version).questionnaire
    questions = {question.id: question for question in asked_with.questions}
    shown = []
    for answer in submission.answers:
        question = questions.get(answer.question)
        asked = question if question and question.version == answer.question_version else None
        shown.append(_answer(answer, asked))
    return tuple(sorted(shown, key=lambda each: each.id))


def _answer(answer: Answer, question: Question | None) -> AnswerShown:
    words, minor, share = YES_NO.get(answer.value), None, None
    match question.kind if question else None:
        case AnswerKind.CHOICE:
            words = next((c.text for c in question.choices if c.code == answer.value), None) if question else None
        case AnswerKind.MONEY:
            minor = int(answer.value)
        case AnswerKind.SHARE:
            share = Fraction(answer.value)
        case _:
            pass
    text = question.text if question else None
    return AnswerShown(answer.question, text, words, minor, share, answer.value, bool(answer.evidence_sha256))
