"""Everything of one insured that somebody should look at, as it was known at an instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from ringwall.basics import Words, day_start, due_before, local_day
from ringwall.desk.monitoring.behaviour_of import looks_of
from ringwall.desk.monitoring.drift_since import drift_known
from ringwall.desk.monitoring.known_of import KnownOf
from ringwall.desk.views.parts import all_known, last_instant_before
from ringwall.evidence import (
    FindingState,
    Indicator,
    Severity,
    Side,
    Weighed,
)
from ringwall.exposure import PROOF_HOLDS_FOR
from ringwall.monitoring import (
    CHANNEL_NAMES,
    TRAFFIC_SEVERITY,
    Alert,
    AlertKind,
    DriftKind,
    Mark,
    deadline_severity,
    is_near,
    offered,
)

INDICATOR_NAMES = {
    "expired_certificates": Words("过期证书", "Expired certificates"),
    "cleartext_logins": Words("明文登录", "Logins in the clear"),
    "severe_alerts": Words("最高级别告警", "Alerts of the highest severity"),
    "dns_tunnel": Words("疑似 DNS 隧道", "Signs of a DNS tunnel"),
    "outbound_volume": Words("异常外发流量", "Unusual outbound volume"),
    "beacons": Words("规律性外联", "Regular calls to one address"),
}
LOOK_INTO_HOST = Words("在该主机上排查并说明", "look into the host and explain")
END_THE_HABIT = Words("改用加密方式或更换证书", "use encryption, or renew the certificate")
DRIFT_WORDS = {
    DriftKind.NEW: Words("承保后新出现", "New since binding"),
    DriftKind.WORSE: Words("较承保时加重", "Worse than at binding"),
    DriftKind.NOT_SEEN: Words("未能再次检测，状态不明", "Not seen again, so unknown"),
}


def _of_finding(known: KnownOf, uid: str) -> str:
    """Where a finding stands on the posture page."""
    return f"/posture/{known.number}#finding-{uid}"


def alerts_of(known: KnownOf) -> tuple[Alert, ...]:
    """Every alert that stands; who may not see what one rests on does not see it."""
    return (
        *_traffic(known),
        *_sensor(known),
        *_exploited(known),
        *_told_of_exploited(known),
        *_drifts(known),
        *_contradictions(known),
        *_notices(known),
        *_requests(known),
        *_endings(known),
        *_undelivered(known),
    )


def _traffic(known: KnownOf) -> Iterator[Alert]:
    """What one rule raised, once, with the newest reason."""
    by_code: dict[str, list[Indicator]] = {}
    for each in known.indicators:
        if each.raised:
            by_code.setdefault(each.code, []).append(each)
    for code, raised in by_code.items():
        newest = max(raised, key=lambda each: (each.day, each.host))
        severity = TRAFFIC_SEVERITY.get(code, Severity.MEDIUM)
        yield Alert(
            f"traffic:{code}",
            AlertKind.TRAFFIC,
            severity,
            INDICATOR_NAMES.get(code, Words(code, code)),
            newest.because,
            LOOK_INTO_HOST if severity >= Severity.HIGH else END_THE_HABIT,
            f"/posture/{known.number}#traffic",
            day_start(newest.day),
        )


def _sensor(known: KnownOf) -> Iterator[Alert]:
    """Alerts of a sensor that is followed live, one for each thing that it says."""
    by_detail: dict[str, datetime] = {}
    hosts: dict[str, set[str]] = {}
    for each in known.office.tails.alerts(known.object_id):
        if each.first_at <= known.now:
            by_detail[each.detail] = max(each.last_at, by_detail.get(each.detail, each.last_at))
            hosts.setdefault(each.detail, set()).add(each.host)
    for detail, last_at in by_detail.items():
        count = len(hosts[detail])
        yield Alert(
            f"sensor:{detail}",
            AlertKind.TRAFFIC,
            Severity.HIGH,
            Words(f"传感器告警：{detail}", f"The sensor says: {detail}"),
            Words(f"涉及主机 {count} 台", f"{count} host(s)"),
            LOOK_INTO_HOST,
            f"/posture/{known.number}#traffic",
            last_at,
        )


def _exploited(known: KnownOf) -> Iterator[Alert]:
    """Open findings whose hole is known to be used."""
    for finding in known.findings:
        if finding.is_open and finding.known_exploited:
            yield Alert(
                f"exploited:{finding.cve}:{finding.uid}",
                AlertKind.EXPLOITED,
                max(Severity.HIGH, finding.severity),
                Words(f"{finding.cve} 已被利用", f"{finding.cve} is exploited"),
                Words(f"{finding.locator}：{finding.title.zh}", f"{finding.locator}: {finding.title.en}"),
                finding.advice,
                _of_finding(known, finding.uid),
                finding.first_seen,
            )


def _told_of_exploited(known: KnownOf) -> Iterator[Alert]:
    """A new entry of the catalogue that touches a product seen here."""
    for row in all_known(known.office.knowledge, known.now, known.object_id):
        kind, _, cve = row.record.what.partition(":")
        if kind == "kev":
            seen = row.record.source
            yield Alert(
                f"exploited:{cve}",
                AlertKind.EXPLOITED,
                Severity.HIGH,
                Words(f"{cve} 已被利用，本处见过该产品", f"{cve} is exploited, and the product was seen here"),
                Words(f"依据：{seen}", f"By: {seen}"),
                Words("核对版本并修补，或答复不受影响", "check the version and patch, or answer why not"),
                f"/posture/{known.number}#findings",
                row.record.learned_at,
            )


def _drifts(known: KnownOf) -> Iterator[Alert]:
    seen = drift_known(known.office, known.object_id, known.now)
    looked_at = seen.looked_at
    for each in seen.drifts:
        finding = each.now or each.before
        if each.kind not in DRIFT_WORDS or finding is None or looked_at is None or not known.is_open(each.uid):
            continue
        step, said = finding.advice, DRIFT_WORDS[each.kind]
        if each.kind is DriftKind.NOT_SEEN:
            step = Words("申请复测", "ask for the re-test")
        yield Alert(
            f"drift:{each.uid}",
            AlertKind.DRIFT,
            finding.severity,
            Words(f"{said.zh}：{finding.title.zh}", f"{said.en}: {finding.title.en}"),
            Words(finding.locator, finding.locator),
            step,
            _of_finding(known, each.uid),
            finding.first_seen if each.kind is DriftKind.NEW else looked_at,
        )


def _contradictions(known: KnownOf) -> Iterator[Alert]:
    """Where an answer and a look, or an answer and the traffic, disagree; both sides see the same."""
    for each in known.weighed:
        said = each.contradiction.message if each.contradiction else each.doubt
        against = each.look if each.contradiction else each.traffic
        if said is None or against is None:
            continue
        yield Alert(
            f"contradiction:{each.control}",
            AlertKind.CONTRADICTION,
            Severity.MEDIUM if each.contradiction else Severity.LOW,
            Words(f"答复与所见不符：{each.label.zh}", f"Answer against what was seen: {each.label.en}"),
            said,
            Words("更正答复，或整改后复测", "correct the answer, or fix it and have it looked at again"),
            f"/dossier/{known.number}#control-{each.control}",
            against.seen_at,
        )


def _notices(known: KnownOf) -> Iterator[Alert]:
    """The terms of written suggestions whose finding is still open."""
    for notice in known.notices:
        if notice.deadline is None or notice.delivered_at is None or not known.is_open(notice.finding):
            continue
        offer = offered(notice, looks_of(known.scans, {notice.finding}), known.now)
        if offer.settled:
            continue
        what = Words(f"书面建议 {notice.number} 的期限", f"Term of notice {notice.number}")
        link = f"/policy/{notice.policy}#{notice.number}" if offer.steps else _of_finding(known, notice.finding)
        due = last_instant_before(due_before(notice.deadline))
        yield from _deadline(
            known, f"notice:{notice.number}", what, notice.text, offer.next, link, notice.delivered_at, due
        )


def _requests(known: KnownOf) -> Iterator[Alert]:
    """Disputes that wait for the insurer, and re-tests that were asked for."""
    for each in known.stated:
        finding = each.finding
        about = Words(f"{finding.locator}：{finding.title.zh}", f"{finding.locator}: {finding.title.en}")
        link = _of_finding(known, finding.uid)
        if each.disputed_at is not None and each.answer_before is not None:
            due = last_instant_before(each.answer_before)
            yield Alert(
                f"dispute:{finding.uid}",
                AlertKind.DEADLINE,
                deadline_severity(due, known.now),
                Words("异议待保险人答复", "A dispute waits for the insurer"),
                about,
                Words("保险人写明理由作出决定", "the insurer decides and gives its reason"),
                link,
                each.disputed_at,
                due,
            )
        if each.state is FindingState.RETEST_ASKED:
            yield Alert(
                f"retest:{finding.uid}",
                AlertKind.DEADLINE,
                Severity.MEDIUM,
                Words("复测申请待执行", "A re-test was asked for"),
                about,
                Words("在授权范围内再次检测", "look again within the consent"),
                link,
                each.statements[-1].said_at,
            )


def _endings(known: KnownOf) -> Iterator[Alert]:
    """Consent, proofs of control and judgements that soon count no more."""
    link, consent = f"/posture/{known.number}#fresh", known.consent
    if consent is not None and known.now < consent.valid.end:
        due = last_instant_before(consent.valid.end)
        what, step = Words("检测授权即将到期", "The consent ends soon"), Words("签署新的授权书", "sign a new consent")
        about = Words("到期后不得再检测", "after that no packet leaves")
        yield from _deadline(known, "consent", what, about, step, link, consent.signed_at, due)
    for proof in known.proofs:
        due = proof.seen_at + PROOF_HOLDS_FOR
        if proof.proved and known.now <= due:
            what = Words(f"控制权证明即将过期：{proof.asset}", f"Proof of control ends soon: {proof.asset}")
            about, step = Words("过期后不得检测", "without it no look"), Words("重新证明控制权", "prove control again")
            yield from _deadline(known, f"proof:{proof.asset}", what, about, step, link, proof.seen_at, due)
    yield from _growing_stale(known, link)


def _growing_stale(known: KnownOf, link: str) -> Iterator[Alert]:
    """Answers and looks that stop counting on one day are one alert, before that day and after it."""
    by_day: dict[date, list[tuple[Weighed, Side]]] = {}
    for each in known.weighed:
        for side in (each.answer, each.look):
            if side is not None:
                by_day.setdefault(local_day(side.fresh_until), []).append((each, side))
    for day, sides in by_day.items():
        count, names = len(sides), [each.label for each, _ in sides]
        what = Words(f"{count} 项答复或检测的有效期", f"Answers and looks that stop counting: {count}")
        about = Words("、".join(name.zh for name in names), ", ".join(name.en for name in names))
        step = Words("重新答复并附证据，或再次检测", "answer anew with evidence, or look again")
        since, until = max(side.seen_at for _, side in sides), min(side.fresh_until for _, side in sides)
        yield from _deadline(known, f"fresh:{day.isoformat()}", what, about, step, link, since, until)


def _undelivered(known: KnownOf) -> Iterator[Alert]:
    """Messages of the reader's own organisation that a channel gave up and that no channel has delivered."""
    for message in known.office.post.sent(known.object_id):
        receipts = [each for each in message.receipts if each.at <= known.now]
        failed = [each for each in receipts if each.mark is Mark.FAILED]
        if not failed or any(each.mark is Mark.DELIVERED for each in receipts):
            continue
        last = max(failed, key=lambda each: each.at)
        channel = CHANNEL_NAMES[last.channel]
        yield Alert(
            f"message:{message.id}",
            AlertKind.MESSAGE,
            Severity.HIGH,
            Words(f"未能送达：{message.subject.zh}", f"Not delivered: {message.subject.en}"),
            Words(f"{channel.zh} {last.to}：{last.proof}", f"{channel.en} {last.to}: {last.proof}"),
            Words(
                "核对地址后重发，或改用其他方式送达；期限尚未起算",
                "correct the address and send it again, or deliver it another way: no clock runs yet",
            ),
            "/sent",
            last.at,
        )


def _deadline(
    known: KnownOf, key: str, what: Words, about: Words, step: Words, link: str, since: datetime, due_at: datetime
) -> Iterator[Alert]:
    """In the list once it is near."""
    if is_near(due_at, known.now, known.office.catalogue.periods.near_days):
        severity = deadline_severity(due_at, known.now)
        yield Alert(key, AlertKind.DEADLINE, severity, what, about, step, link, since, due_at)
