"""Indicators that are plain counts: expired certificates, logins in the clear, severe alerts."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from ringwall.basics import Words
from ringwall.evidence.traffic.records import Indicator, Kind
from ringwall.evidence.traffic.seen import Seen, answers


def expired_certificates(seen: Seen) -> list[Indicator]:
    """The share of handshakes in which an inside server showed a certificate past its last day."""
    limit = seen.limits.expired_share.value
    shown: Counter[tuple[str, date]] = Counter()
    expired: Counter[tuple[str, date]] = Counter()
    for row in (row for batch in seen.batches for row in batch.certificates):
        shown[row.host, row.day] += row.shown
        expired[row.host, row.day] += row.expired
    found = {}
    for key, count in shown.items():
        bad = expired[key]
        because = Words(
            f"{count} 次握手中有 {bad} 次出示了过期证书", f"{bad} of {count} handshakes showed an expired certificate"
        )
        found[key] = (bad / count, bad / count >= limit, because)
    blind = Words("当日未见内网服务器出示证书", "no inside server showed a certificate on this day")
    return answers("expired_certificates", limit, found, days=seen.days(), looked=set(), words=(blind, blind))


def cleartext_logins(seen: Seen) -> list[Indicator]:
    """Logins over FTP and telnet, whose password crosses in the clear, for the inside server that takes them."""
    limit = seen.limits.cleartext_logins.value
    logins: defaultdict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    for row in (row for batch in seen.batches for row in batch.interesting):
        if row.kind is Kind.CLEARTEXT_LOGIN:
            logins[row.host, row.day][row.detail] += row.events
    found = {}
    for key, protocols in logins.items():
        count, names = protocols.total(), ", ".join(sorted(protocols))
        because = Words(f"{count} 次明文登录（{names}）", f"logins in the clear: {count} ({names})")
        found[key] = (float(count), count >= limit, because)
    words = (
        Words("当日有流量记录，未见明文登录", "flows were recorded on this day, none was a login in the clear"),
        Words("当日没有流量记录", "no flow was recorded on this day"),
    )
    return answers("cleartext_logins", limit, found, days=seen.days(), looked=seen.days_with("flow"), words=words)


def severe_alerts(seen: Seen) -> list[Indicator]:
    """Alerts of the highest severity; a sensor that has never alerted may have no rules, which is unknown."""
    limit = seen.limits.severe_alerts.value
    alerts: Counter[tuple[str, date]] = Counter()
    for day, row in seen.hourly():
        if row.severe_alerts:
            alerts[row.host, day] += row.severe_alerts
    found = {}
    for key, count in alerts.items():
        because = Words(f"{count} 条最高级别告警", f"alerts of the highest severity: {count}")
        found[key] = (float(count), count >= limit, because)
    words = (
        Words("当日无最高级别告警", "no alert of the highest severity on this day"),
        Words("传感器从未告警，规则是否启用未知", "the sensor has never alerted: whether it has rules is unknown"),
    )
    days = seen.days()
    looked = days if seen.days_with("alert") else set()
    return answers("severe_alerts", limit, found, days=days, looked=looked, words=words)
