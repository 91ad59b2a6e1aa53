"""Lines that cannot be taken: where the first ones stand and why, and how to read a file around an endless one."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import msgspec

from ringwall.basics import Refusal, refuse
from ringwall.shell.sensors.statements import FIRST_YEAR, LAST_YEAR, TIME_FORMAT

LEFT_OUT = b'"longer than 8 MiB"\n'
LINES_NAMED = 5
LONGEST_LINE = 8 * 1024 * 1024
"""Half of what the reader takes as one line; the sensor's own lines stay below 64 KiB."""


def name_rejected(path: Path, name: str) -> tuple[Refusal, ...]:
    """The first few rejected lines, in the order of the file."""
    with path.open("rb") as file:
        complaints = ((number, complaint(line)) for number, line in enumerate(file, start=1))
        found = ((number, words) for number, words in complaints if words)
        return tuple(_refusal(f"{name}:{number}", *words) for number, words in islice(found, LINES_NAMED))


def complaint(line: bytes) -> tuple[str, str] | None:
    """Why a line is no EVE event, by the same rules as the reader's statement; None for a good or an empty one."""
    if not line.strip():
        return None
    if line == LEFT_OUT:
        return "超过 8 MiB", "it is longer than 8 MiB"
    try:
        event = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return f"不是完整的 JSON（{error}）", f"it is not a whole JSON value ({error})"
    if not isinstance(event, dict):
        return "不是 JSON 对象", "it is not a JSON object"
    if not _is_time(event.get("timestamp")):
        return "没有可用的时间戳（须带微秒和时区偏移）", "it has no usable timestamp (with microseconds and offset)"
    if event.get("event_type") is None:
        return "缺少事件类型", "the event type is missing"
    if event["event_type"] == "flow" and not _is_flow(event.get("flow")):
        return "流量记录缺少开始时间或字节数", "the flow lacks its start or a byte count"
    return None


def _is_time(text: object) -> bool:
    try:
        return FIRST_YEAR <= datetime.strptime(str(text), TIME_FORMAT).astimezone(UTC).year <= LAST_YEAR
    except (ValueError, OverflowError):
        return False


def _is_flow(flow: object) -> bool:
    if not isinstance(flow, dict) or not _is_time(flow.get("start")):
        return False
    counts = (flow.get("bytes_toserver"), flow.get("bytes_toclient"))
    return all(isinstance(count, int) and count >= 0 for count in counts)


def _refusal(where: str, zh: str, en: str) -> Refusal:
    return refuse(
        "traffic_line_rejected",
        where,
        zh=f"该行不是 EVE 事件：{zh}；已略去，其余照收，请检查传感器的输出",
        en=f"this line is no EVE event: {en}; it was left out and the rest was taken: check the sensor's output",
    )


def copy_without_long_lines(path: Path, target: Path) -> None:
    """A copy that the reader can take: a mark stands for each line above the bound, and is rejected by name."""
    with path.open("rb") as source, target.open("wb") as copy:
        while piece := source.readline(LONGEST_LINE):
            if piece.endswith(b"\n") or len(piece) < LONGEST_LINE:
                copy.write(piece)
                continue
            while (piece := source.readline(LONGEST_LINE)) and not piece.endswith(b"\n"):
                pass
            copy.write(LEFT_OUT)
