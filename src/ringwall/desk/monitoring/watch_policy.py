"""What has changed since binding, the written notice on it, and the premium that follows a re-test (Law 51 to 53)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from ringwall.basics import Refusal, Words, refuse, yuan
from ringwall.desk.doors import Letter
from ringwall.desk.evidence.dossier_of import dossier_of, findings_known, statements_known, withdrawn_known
from ringwall.desk.monitoring.drift_since import DriftKnown, drift_known
from ringwall.desk.office import Office, own_code
from ringwall.desk.price.quote_risk import schedule_and_basis
from ringwall.desk.records import PolicyFile
from ringwall.desk.settlement.book_premium import book_premium
from ringwall.evidence import Finding, Severity, StatementKind
from ringwall.monitoring import (
    Decrease,
    Drift,
    DriftKind,
    Increase,
    Notice,
    NotNotable,
    Retest,
    Watched,
    deliver,
    look_again,
    retest,
    risk_change,
    write_notice,
)
from ringwall.policy import (
    FactorRules,
    Invoice,
    InvoiceKind,
    PremiumEndorsement,
    VersionKind,
    endorse,
    lower_premium,
    raise_premium,
)
from ringwall.price import bounded_factor, charge_for, with_capital
from ringwall.risk import relief_steps
from ringwall.underwriting import learned_from

NOTICE = "notice"
PREMIUM_CHANGE = "premium_change"
COME = (DriftKind.NEW, DriftKind.WORSE)


@dataclass(frozen=True, slots=True)
class Rerating:
    """What monitoring found of the risk's change, and the endorsement that it led to (None where nothing moves)."""

    policy: str
    drifts: tuple[Drift, ...]
    retests: tuple[Retest, ...]
    not_notable: NotNotable | None
    endorsement: PremiumEndorsement | None


def send_notices(
    office: Office, object_id: UUID, *, term_days: int, at: datetime, findings: Collection[str] = ()
) -> tuple[Notice, ...] | Refusal:
    """Written suggestions with one term, in one letter: on the findings that are named, or on everything that is new
    or worse since binding; what was told before is not told again."""
    policy = office.policies.of_object(object_id)[-1].record.policy
    named = _named(office, object_id, findings, at) if findings else _come_since(office, object_id, at)
    if isinstance(named, Refusal):
        return named
    told = {row.record.finding for row in office.notices.of_object(object_id)}
    notices: list[Notice] = []
    for finding in named:
        if finding.uid in told:
            continue
        number = office.numbers.next(f"{own_code(office)}-N")
        notice = write_notice(number, policy.number, finding, sent_at=at, term_days=term_days)
        if isinstance(notice, Refusal):
            return notice
        if notices:
            notice = replace(notice, letter=notices[0].number)
        office.notices.add(number, notice, object_id=object_id, effective_at=at, known_at=at, state="sent")
        _learn(office, object_id, policy.number, finding, at)
        notices.append(notice)
    if notices:
        office.post.send(_letter(object_id, notices, at))
    return tuple(notices)


def _come_since(office: Office, object_id: UUID, at: datetime) -> tuple[Finding, ...]:
    """What is new or worse since binding and more than information."""
    return tuple(
        each.now
        for each in drift_known(office, object_id, at).drifts
        if each.now is not None and each.kind in COME and each.now.severity is not Severity.INFO
    )


def _named(office: Office, object_id: UUID, uids: Collection[str], at: datetime) -> tuple[Finding, ...] | Refusal:
    """Findings by their ids, as looks and statements have them, in the order in which they are named, each once."""
    known = {finding.uid: finding for finding in findings_known(office, object_id, at)}
    wanted = tuple(dict.fromkeys(uids))
    missing = [uid for uid in wanted if uid not in known]
    if missing:
        return refuse(
            "finding_unknown",
            missing[0],
            zh=f"本业务下没有发现项 {missing[0]}；请在发现项列表中核对编号。",
            en=f"There is no finding {missing[0]} on this object; check its id in the list of findings.",
        )
    return tuple(known[uid] for uid in wanted)


def _learn(office: Office, object_id: UUID, policy: str, finding: Finding, at: datetime) -> None:
    """What the insurer writes of it knows (R-03)."""
    learned = learned_from(finding, str(office.me))
    office.knowledge.add(
        f"{policy}:{learned.what}", learned, object_id=object_id, effective_at=finding.first_seen, known_at=at
    )


def record_delivery(office: Office, object_id: UUID, *, at: datetime) -> tuple[Notice, ...] | Refusal:
    """The notices whose messages have been delivered since; their terms begin with the message's own delivery, and
    `at` is only when we learn of it."""
    delivered_at = {
        message.about: message.delivered_at
        for message in office.post.sent(object_id)
        if message.topic == NOTICE and message.delivered_at is not None
    }
    delivered = []
    for row in office.notices.of_object(object_id):
        first = delivered_at.get(row.record.told_by)
        if row.record.delivered_at is not None or first is None:
            continue
        notice = deliver(row.record, first)
        if isinstance(notice, Refusal):
            return notice
        office.notices.add(row.number, notice, object_id=object_id, effective_at=first, known_at=at, state="delivered")
        delivered.append(notice)
    return tuple(delivered)


def endorse_for_risk(office: Office, object_id: UUID, *, requested_at: datetime, at: datetime) -> Rerating | Refusal:
    """The rate on the newest evidence; a notable change becomes an endorsement with its invoice and its postings."""
    rated = rate_anew(office, object_id, requested_at=requested_at, at=at)
    return rated if isinstance(rated, Refusal) else issue_endorsement(office, object_id, rated, at=at)


def refund_withdrawn(office: Office, object_id: UUID, finding: str, *, at: datetime) -> Rerating | Refusal | None:
    """The refund that follows an upheld dispute at once: the dispute has asked for it (Law 53), and nobody has to look.

    None where the rate never rested on the finding, or does not fall notably without it; nothing is ever raised here.
    """
    rows = office.policies.of_object(object_id)
    if not rows or rows[-1].record.policy.newest.kind is VersionKind.CANCELLED:
        return None
    if finding not in _withdrawn(office, object_id, rows[-1].record, at):
        return None
    rated = rate_anew(office, object_id, requested_at=at, at=at)
    if isinstance(rated, Refusal) or rated.endorsement is None or rated.endorsement.relative_change > 0:
        return None
    return issue_endorsement(office, object_id, rated, at=at)


def rate_anew(office: Office, object_id: UUID, *, requested_at: datetime, at: datetime) -> Rerating | Refusal:
    """What the newest evidence does to the premium, with nothing kept."""
    file, seen = office.policies.of_object(object_id)[-1].record, drift_known(office, object_id, at)
    drifts = seen.drifts
    content = file.policy.newest.content
    factor = _factor_now(office, object_id, file, at)
    if isinstance(factor, Refusal):
        return factor
    filed = office.catalogue.sold(file.schedule.product, file.schedule.version).rates
    rules = FactorRules(filed.total.low, filed.total.high, filed["notable_change"])
    retests = _retests(office, object_id, file, seen)
    withdrawn = _withdrawn(office, object_id, file, at)
    notices = tuple(notice.record for notice in office.notices.of_object(object_id))
    change = risk_change(
        file.policy.number,
        content.premium.rate_factor,
        factor,
        rules,
        Watched(drifts, notices, retests, requested_at, _told_at(office, object_id, at), withdrawn),
    )
    match change:
        case Refusal():
            return change
        case NotNotable():
            return Rerating(file.policy.number, drifts, retests, change, None)
        case Decrease(reduction, _):
            endorsement = lower_premium(content, rules, reduction)
        case Increase(factor_after, _, _, notified_at):
            endorsement = raise_premium(content, rules, factor_after, notified_at)
    if isinstance(endorsement, Refusal):
        return endorsement
    return Rerating(file.policy.number, drifts, retests, None, endorsement)


def issue_endorsement(office: Office, object_id: UUID, rated: Rerating, *, at: datetime) -> Rerating | Refusal:
    """The endorsement that a new rate led to, if it did, as a further version of the policy with all that follows."""
    file, endorsement = office.policies.of_object(object_id)[-1].record, rated.endorsement
    if endorsement is None:
        return rated
    before, after = (f"{float(rate.factor):.3f}" for rate in (endorsement.before, endorsement.after))
    because = Words(
        f"费率因子由 {before} 变为 {after}（保险法第五十二、五十三条）",
        f"The rate factor moves from {before} to {after} (Insurance Law 52, 53)",
    )
    policy = endorse(file.policy, endorsement, known_at=at, because=because)
    if isinstance(policy, Refusal):
        return policy
    office.policies.add(
        policy.number,
        replace(file, policy=policy),
        object_id=object_id,
        effective_at=endorsement.effective_at,
        known_at=at,
        state="endorsed",
    )
    office.post.send(_premium_letter(object_id, policy.number, because, endorsement.invoice, at))
    reference = f"{policy.number}:endorsement-{len(policy.versions) - 1}"
    refused = book_premium(office, object_id, file, endorsement.invoice.amount, reference=reference, at=at)
    return refused or rated


def _factor_now(office: Office, object_id: UUID, file: PolicyFile, at: datetime) -> Fraction | Refusal:
    """The filed factor on the evidence of now, through the same draws and terms as at the quote."""
    submission = office.submissions.of_object(object_id)[-1].record
    product = office.catalogue.version(file.schedule.product, file.schedule.version)
    choices = {name: file.schedule.values[name] for name in file.schedule.chosen}
    quote = office.quotes.newest(file.quote)
    assert quote is not None, "whoever watches a policy sees the quote that it was bound from"
    ready = schedule_and_basis(office, product, submission, choices, quote.record.experience)
    if isinstance(ready, Refusal):
        return ready
    held = quote.record.capital
    basis = with_capital(ready[1], held) if held else ready[1]
    dossier = dossier_of(office, object_id, at)
    charge = charge_for(basis, relief_steps(basis.model, dossier.controls, dossier.findings))
    return bounded_factor(basis.rates, charge.rate_factor)


def _retests(office: Office, object_id: UUID, file: PolicyFile, seen: DriftKnown) -> tuple[Retest, ...]:
    """Of the findings behind the rate that are gone, and of those that came since and are closed, each by its looks."""
    scans = [row.record for row in office.scans.of_object(object_id)]
    gone = {each.uid for each in seen.drifts if each.kind is DriftKind.GONE}
    closed = {finding.uid for finding in scans[-1].findings if not finding.is_open} if scans else set()
    closed -= seen.withdrawn
    behind = {finding.uid: finding for finding in file.rated_findings if finding.uid in gone}
    for each in (scan for scan in scans if scan.result.at > file.policy.concluded_at):
        behind |= {finding.uid: finding for finding in each.findings if finding.may_price and finding.uid in closed}
    return tuple(
        retest(each, [look_again(each, scan.result, scan.findings) for scan in scans]) for each in behind.values()
    )


def _withdrawn(office: Office, object_id: UUID, file: PolicyFile, at: datetime) -> dict[str, datetime]:
    """Of the findings that the rate has rested on, when the dispute of each was upheld."""
    later = (row.record for row in office.scans.of_object(object_id) if row.known_at > file.policy.concluded_at)
    came = (finding.uid for scan in later for finding in scan.findings if finding.may_price)
    behind = {*(finding.uid for finding in file.rated_findings), *came} & withdrawn_known(office, object_id, at)
    said = [each for each in statements_known(office, object_id, at) if each.kind is StatementKind.UPHELD]
    return {each.finding: each.said_at for each in said if each.finding in behind}


def _told_at(office: Office, object_id: UUID, at: datetime) -> datetime | None:
    """When the insured last told of an increase of its risk."""
    return max((row.known_at for row in office.risks_told.of_object(object_id) if row.known_at <= at), default=None)


def _letter(object_id: UUID, notices: Sequence[Notice], at: datetime) -> Letter:
    """One letter for everything that has the same term; it stands under the number of the first."""
    first = notices[0]
    subject = Words(f"安全整改书面建议 {first.number}", f"Written suggestion on security {first.number}")
    texts = [notice.text for notice in notices]
    text = Words(
        "\n".join([*(each.zh for each in texts), first.consequences.zh]),
        "\n".join([*(each.en for each in texts), first.consequences.en]),
    )
    return Letter(object_id, NOTICE, "insured", subject, text, f"/policy/{first.policy}", at, first.number)


def _premium_letter(object_id: UUID, policy: str, because: Words, invoice: Invoice, at: datetime) -> Letter:
    lower = invoice.kind is InvoiceKind.RED_LETTER
    amount = yuan(abs(invoice.amount.gross_minor))
    what = Words("退还保险费", "premium returned") if lower else Words("补收保险费", "more premium due")
    subject = Words(f"保险单 {policy} 保险费批改", f"Policy {policy}: the premium changes")
    text = Words(f"{because.zh}；{what.zh} ¥ {amount}。", f"{because.en}; {what.en}: ¥ {amount}.")
    return Letter(object_id, PREMIUM_CHANGE, "insured", subject, text, f"/policy/{policy}", at, policy)
