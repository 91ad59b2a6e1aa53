"""Given losses as JSON lines (one event a line) or CSV (one loss item a row): read exactly, or refused by line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ringwall.basics import Refusal, refuse
from ringwall.product import PastLoss, event_from_mapping
from ringwall.shell.cli.reading import read_text
from ringwall.shell.cli.refused import no

OWN = ("policy", "event", "item", "part", "amount_minor", "what")
SPELL = (
    "start",
    "end",
    "lost_revenue_minor_per_hour",
    "saved_cost_minor_per_hour",
    "share_lost",
    "credits_minor",
)


def read_losses(path: Path) -> tuple[tuple[PastLoss, ...], tuple[Refusal, ...]]:
    """Losses in the order of the file; a faulty line is named and left out, the others are read."""
    text = read_text(path)
    rows = _csv(path, text) if path.suffix.lower() == ".csv" else _json_lines(path, text)
    losses: list[PastLoss] = []
    refusals: list[Refusal] = []
    for where, row in rows:
        if isinstance(row, Refusal):
            refusals.append(row)
            continue
        event = event_from_mapping(row["event"])
        if isinstance(event, Refusal):
            refusals.append(refuse(event.code, f"{where}: {event.where}", zh=event.message.zh, en=event.message.en))
        else:
            losses.append(PastLoss(str(row["policy"]), event))
    return tuple(losses), tuple(refusals)


def _json_lines(path: Path, text: str) -> Iterator[tuple[str, Mapping[str, Any] | Refusal]]:
    for number, line in enumerate(text.splitlines(), start=1):
        where = f"{path}:{number}"
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_float=str)
        except (json.JSONDecodeError, RecursionError):
            row = None
        if not isinstance(row, dict) or not {"policy", "event"} <= row.keys():
            yield where, _unreadable(where)
        else:
            yield where, row


def _unreadable(where: str) -> Refusal:
    return refuse(
        "loss_line",
        where,
        zh='此行须为 {"policy": …, "event": …}；请更正。',
        en='this line should be {"policy": …, "event": …}; correct it.',
    )


def _csv(path: Path, text: str) -> Iterator[tuple[str, Mapping[str, Any] | Refusal]]:
    """Rows of one policy and event stand below each other; every further column is a fact, empty where unknown."""
    reader = csv.DictReader(text.splitlines(), restkey="")
    missing = [name for name in ("policy", "event", "item", "part") if name not in (reader.fieldnames or ())]
    if missing:
        raise no(
            "loss_columns",
            str(path),
            zh=f"缺少列 {'、'.join(missing)}；请补上（每行一个损失项）。",
            en=f"the columns {', '.join(missing)} are missing; add them (one loss item a row).",
        )
    events: dict[tuple[str, str], dict[str, Any]] = {}
    places: dict[tuple[str, str], int] = {}
    for row in reader:
        key = (row["policy"], row["event"])
        places.setdefault(key, reader.line_num)
        event = events.setdefault(key, {"name": row["event"], "facts": {}, "items": []})
        event["items"].append(_item(row))
    for key, event in events.items():
        yield f"{path}:{places[key]}", {"policy": key[0], "event": event}


def _item(row: Mapping[str, str]) -> dict[str, Any]:
    item: dict[str, Any] = {"name": row["item"], "part": row["part"]}
    if row.get("what"):
        item["what"] = row["what"]
    spell = {name: row[name] for name in SPELL if row.get(name)}
    if spell:
        item["interruption"] = spell
    else:
        item["amount_minor"] = row.get("amount_minor")
    known = (*OWN, *SPELL, "")
    item["facts"] = {name: value for name, value in row.items() if name not in known and value}
    return item
