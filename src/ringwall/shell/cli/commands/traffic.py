"""`traffic`: a closed Suricata EVE file as hourly counts, rows of interest and indicators; no inside address leaves."""

from __future__ import annotations

import secrets
from argparse import Namespace
from collections import defaultdict
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from ringwall.basics import Words
from ringwall.evidence import Indicator, TrafficBatch, indicators
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.page import Page
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.reading import unreadable
from ringwall.shell.cli.refused import good, no
from ringwall.shell.cli.tools import Tools

KEY_BYTES = 32
ROWS_SHOWN = 40
RAISED = {True: Words("触发", "raised"), False: Words("未触发", "not raised"), None: Words("无法判断", "unknown")}


def add_arguments(parser: Parser) -> None:
    parser.add(Words("传感器的已关闭文件", "closed file of a sensor"), "eve", type=Path, metavar="FILE")
    parser.add(
        Words("文件格式，默认 eve", "form of the file, eve unless told"),
        "--form",
        choices=("eve", "zeek", "nfdump"),
        default="eve",
    )
    parser.add(
        Words("内网地址段，可多次给出", "an inside range; may be given several times"),
        "--inside",
        action="append",
        required=True,
        metavar="CIDR",
    )
    parser.add(
        Words("被保险人的假名密钥文件（至少 16 字节）", "file with the insured's pseudonym key, 16 bytes or more"),
        "--key-file",
        type=Path,
        metavar="F",
    )


def run(arguments: Namespace, tools: Tools) -> int:
    inside = tuple(network(text) for word in arguments.inside for text in word.split(","))
    key = read_key(arguments.key_file) if arguments.key_file else secrets.token_bytes(KEY_BYTES)
    batch = good(tools.ingest(arguments.eve, key=key, inside=inside, form=arguments.form))
    found = indicators((batch,))
    return show(arguments, Answer(document(batch, found), lambda page: draw(page, batch, found), batch.refusals))


def network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text.strip())
    except ValueError:
        raise no(
            "network_unreadable",
            "--inside",
            zh=f"「{text}」不是网段；请写成例如 10.41.0.0/16（主机位为零）。",
            en=f"“{text}” is no network; write it like 10.41.0.0/16, with no host bits set.",
        ) from None


def read_key(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except (OSError, ValueError) as fault:
        raise unreadable(path, fault) from None


def document(batch: TrafficBatch, found: Iterable[Indicator]) -> dict[str, Any]:
    return {
        "kind": "traffic",
        "file": {"name": batch.source_name, "size_bytes": batch.size_bytes, "sha256": batch.sha256},
        "lines": batch.lines,
        "rejected": batch.rejected,
        "first_at": batch.first_at,
        "last_at": batch.last_at,
        "events_by_type": events_by_type(batch),
        "hourly": batch.hourly,
        "interesting": batch.interesting,
        "indicators": list(found),
    }


def events_by_type(batch: TrafficBatch) -> dict[str, int]:
    counts: defaultdict[str, int] = defaultdict(int)
    for row in batch.hourly:
        counts[row.event_type] += row.events
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def draw(page: Page, batch: TrafficBatch, found: tuple[Indicator, ...]) -> None:
    page.title(Words(f"流量 {batch.source_name}", f"Traffic {batch.source_name}"))
    first, last = batch.first_at or "—", batch.last_at or "—"
    zh = f"{batch.lines} 行，其中 {batch.rejected} 行被拒；{first} 至 {last}"
    page.line(Words(zh, f"{batch.lines} lines, {batch.rejected} of them rejected; {first} to {last}"))
    draw_hosts(page, batch)
    draw_interesting(page, batch)
    page.heading(Words("指标", "Indicators"))
    columns = (
        Words("指标", "Indicator"),
        Words("主机", "Host"),
        Words("日期", "Day"),
        Words("结论", "Answer"),
        Words("依据", "Because"),
    )
    page.table(columns, [(i.code, i.host, str(i.day), RAISED[i.raised], i.because) for i in found])


def draw_hosts(page: Page, batch: TrafficBatch) -> None:
    """Hourly counts summed by host and type; the hours themselves stand in the JSON document."""
    page.heading(
        Words("按主机与事件类型汇总（小时明细见 --json）", "By host and type of event (the hours are in --json)")
    )
    sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for row in batch.hourly:
        for place, amount in enumerate((1, row.events, row.bytes_out, row.bytes_in, row.severe_alerts)):
            sums[row.host, row.event_type][place] += amount
    columns = (
        Words("主机", "Host"),
        Words("类型", "Type"),
        Words("小时", "Hours"),
        Words("事件", "Events"),
        Words("外发字节", "Bytes out"),
        Words("流入字节", "Bytes in"),
        Words("最高级别告警", "Severe alerts"),
    )
    rows = [(*key, *(f"{amount:,}" for amount in amounts)) for key, amounts in sorted(sums.items())]
    page.table(columns, rows[:ROWS_SHOWN], numbers=(2, 3, 4, 5, 6))
    _more(page, len(rows))


def draw_interesting(page: Page, batch: TrafficBatch) -> None:
    page.heading(Words("值得关注的记录", "Rows of interest"))
    columns = (
        Words("种类", "Kind"),
        Words("主机", "Host"),
        Words("对端", "Peer"),
        Words("端口", "Port"),
        Words("日期", "Day"),
        Words("事件", "Events"),
        Words("说明", "Detail"),
    )
    rows = [
        (r.kind, r.host, r.peer, str(r.port or "—"), str(r.day), f"{r.events:,}", r.detail) for r in batch.interesting
    ]
    page.table(columns, rows[:ROWS_SHOWN], numbers=(3, 5))
    _more(page, len(rows))


def _more(page: Page, rows: int) -> None:
    if rows > ROWS_SHOWN:
        page.line(Words(f"另有 {rows - ROWS_SHOWN} 行，见 --json", f"{rows - ROWS_SHOWN} more rows in --json"), "dim")
