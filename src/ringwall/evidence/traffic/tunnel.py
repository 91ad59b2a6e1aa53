"""The indicator of a DNS tunnel: many different long random names under one domain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from math import fsum

from ringwall.basics import Words
from ringwall.evidence.traffic.records import MARKS_KEPT, Indicator, NameSpread
from ringwall.evidence.traffic.seen import Seen, answers


def merge_spreads(spreads: Iterable[NameSpread]) -> list[NameSpread]:
    """One row for each host, day and domain: names are counted by their marks, means are weighted by names."""
    groups: defaultdict[tuple[str, date, str], list[NameSpread]] = defaultdict(list)
    for spread in spreads:
        groups[spread.host, spread.day, spread.domain].append(spread)
    return [_merged(groups[key]) for key in sorted(groups)]


def _merged(group: list[NameSpread]) -> NameSpread:
    marks = sorted({mark for spread in group for mark in spread.marks})[:MARKS_KEPT]
    names = sum(spread.names for spread in group)
    return replace(
        group[0],
        names=max(len(marks), *(spread.names for spread in group)),
        mean_left_label=fsum(spread.mean_left_label * spread.names for spread in group) / names,
        mean_entropy=fsum(spread.mean_entropy * spread.names for spread in group) / names,
        marks=tuple(marks),
    )


def dns_tunnel(seen: Seen) -> list[Indicator]:
    """Many different long random names under one domain: data that leaves as questions."""
    limits = seen.limits
    limit = limits.tunnel_names.value
    found: dict[tuple[str, date], tuple[float, bool, Words]] = {}
    for spread in merge_spreads(row for batch in seen.batches for row in batch.names):
        key = (spread.host, spread.day)
        shaped = (
            spread.mean_left_label >= limits.tunnel_label.value and spread.mean_entropy >= limits.tunnel_entropy.value
        )
        if not shaped or (key in found and found[key][0] >= spread.names):
            continue
        shape = f"{spread.mean_left_label:.0f} / {spread.mean_entropy:.1f}"
        because = Words(
            f"{spread.domain} 下有 {spread.names} 个不同域名，左侧标签平均长度与熵为 {shape}",
            f"{spread.names} different names under {spread.domain}, mean left label and entropy {shape}",
        )
        found[key] = (float(spread.names), spread.names >= limit, because)
    words = (
        Words("当日有域名查询，未见长随机域名", "names were asked for on this day, none was long and random"),
        Words("当日没有域名查询记录", "no question for a name was recorded on this day"),
    )
    return answers("dns_tunnel", limit, found, days=seen.days(), looked=seen.days_with("dns"), words=words)
