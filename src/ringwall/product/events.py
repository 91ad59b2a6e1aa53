"""A loss event as JSON or YAML states it: whole fen, instants with an offset, and "unknown" for what nobody knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from ringwall.basics import Refusal, refuse
from ringwall.terms import FactValue, Interruption, LossEvent, LossItem

OED_PARTS = ("INRE", "DIAS", "NPBI", "CBI", "EXT", "FIN", "LIA", "REG", "ENO")
KNOWN_PARTS = (*OED_PARTS, "DEFENCE", "SERVICE", "MIT", "INV", "NONE")
"""The nine OED cyber coverages, defence costs and services in kind, the two costs of Insurance Law 57 and 64, and NONE
for what fits none of them."""
WHOLE = re.compile(r"^-?\d{1,18}$", re.ASCII)
RATIO = re.compile(r"^\d{1,9}(/\d{1,9})?$", re.ASCII)
DATE_LIKE = re.compile(r"^\d{4}-\d{2}-\d{2}")
ITEM_FIELDS = ("name", "part", "amount_minor", "facts", "interruption", "what")
INTERRUPTION_FIELDS = (
    "start",
    "end",
    "lost_revenue_minor_per_hour",
    "saved_cost_minor_per_hour",
    "share_lost",
    "credits_minor",
)


class _Unreadable(Exception):  # a refusal on its way to the one place that returns it
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def event_from_mapping(raw: Any) -> LossEvent | Refusal:
    """Read {name, facts, items: [{name, part, amount_minor or interruption, facts, what}]}; refuse the first fault."""
    try:
        return _event(raw)
    except _Unreadable as fault:
        return fault.refusal


def _event(raw: Any) -> LossEvent:
    fields = _mapping("event", raw, ("name", "facts", "items"))
    name = str(fields.get("name", "event"))
    rows = fields.get("items")
    if not isinstance(rows, (list, tuple)) or not rows:
        raise _no(
            "event_items",
            name,
            "事件没有损失项；请在 items 下逐项列出。",
            "The event has no loss items; list them under items.",
        )
    items = tuple(_item(row, place) for place, row in enumerate(rows, start=1))
    names = [item.name for item in items]
    for item in names:
        if names.count(item) > 1:
            raise _no(
                "event_items",
                item,
                f"损失项名称「{item}」重复；每项须有自己的名称。",
                f"Two items are called “{item}”; give each its own name.",
            )
    return LossEvent(name, _facts(name, fields.get("facts", {})), items)


def _item(raw: Any, place: int) -> LossItem:
    fields = _mapping(f"items[{place}]", raw, ITEM_FIELDS)
    name = str(fields.get("name", f"item {place}"))
    part = str(fields.get("part", "")).upper()
    if part not in KNOWN_PARTS:
        raise _no(
            "event_part",
            name,
            f"损失项 {name} 的责任项「{part}」不存在；可用：{'、'.join(KNOWN_PARTS)}。",
            f"Item {name}: there is no coverage part “{part}”; use one of: {', '.join(KNOWN_PARTS)}.",
        )
    what, facts = str(fields.get("what", "")), _facts(name, fields.get("facts", {}))
    if "interruption" in fields:
        if fields.get("amount_minor") is not None:
            raise _no(
                "event_amount",
                name,
                f"损失项 {name} 同时给出金额和中断时段；请只给一个。",
                f"Item {name} states both an amount and an interruption; state one.",
            )
        return LossItem(name, part, None, facts, _interruption(name, fields["interruption"]), what)
    return LossItem(name, part, _amount(name, "amount_minor", fields.get("amount_minor")), facts, None, what)


def _interruption(name: str, raw: Any) -> Interruption:
    fields = _mapping(name, raw, INTERRUPTION_FIELDS)
    start, end = (_instant(name, key, fields.get(key)) for key in ("start", "end"))
    if end < start:
        raise _no(
            "event_interruption",
            name,
            f"损失项 {name} 的中断结束（{end.isoformat()}）早于开始（{start.isoformat()}）；请核对。",
            f"Item {name}: the interruption ends ({end.isoformat()}) before it starts "
            f"({start.isoformat()}); check both.",
        )
    lost, saved, credits = (
        _amount(name, key, fields.get(key, standing))
        for key, standing in (
            ("lost_revenue_minor_per_hour", None),
            ("saved_cost_minor_per_hour", 0),
            ("credits_minor", 0),
        )
    )
    return Interruption(start, end, lost, saved, _share(name, fields.get("share_lost", "1")), credits)


def _share(name: str, raw: Any) -> Fraction:
    text = "/".join(str(part) for part in raw) if isinstance(raw, (list, tuple)) else str(raw)
    above, _, below = text.partition("/")
    share = Fraction(int(above), int(below or 1)) if RATIO.match(text) and int(below or 1) else Fraction(0)
    if not 0 < share <= 1:
        raise _no(
            "event_share",
            name,
            f'损失项 {name} 的产出损失份额「{raw}」须为 0 与 1 之间的分数，例如 "3/10"。',
            f'Item {name}: the share of output lost “{raw}” must be a fraction in (0, 1], for example "3/10".',
        )
    return share


def _mapping(where: str, raw: Any, known: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise _no(
            "event_form",
            where,
            f"{where} 应为一组名称和值；请对照示例。",
            f"{where} should be names with values; compare the example.",
        )
    for name in raw:
        if name not in known:
            raise _no(
                "event_form",
                where,
                f"{where} 中不认识「{name}」；可用：{'、'.join(known)}。",
                f"{where}: “{name}” is not known; use one of: {', '.join(known)}.",
            )
    return raw


def _amount(where: str, name: str, raw: Any) -> int:
    number = isinstance(raw, (int, str)) and not isinstance(raw, bool) and WHOLE.match(str(raw))
    whole = int(raw) if number else None
    if whole is None:
        raise _no(
            "event_amount",
            where,
            f"{where} 的 {name}「{raw}」不是整数分；请写成不带小数点的分。",
            f"{where}: {name} “{raw}” is no whole number of fen; write fen without a decimal point.",
        )
    if whole < 0:
        raise _no(
            "event_amount",
            where,
            f"{where} 的 {name} 为 {whole}，不能为负；退款请列为已收补偿。",
            f"{where}: {name} is {whole} and cannot be negative; state a refund as credits received.",
        )
    return whole


def _instant(where: str, name: str, raw: Any) -> datetime:
    try:
        found = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
    except ValueError:
        raise _no(
            "event_instant",
            where,
            f"{where} 的 {name}「{raw}」不是有效的时刻；请写成 2026-08-14T22:00:00+08:00。",
            f"{where}: {name} “{raw}” is no valid instant; write it as 2026-08-14T22:00:00+08:00.",
        ) from None
    if found.tzinfo is None:
        raise _no(
            "event_instant",
            where,
            f"{where} 的 {name}「{raw}」没有时区偏移；请补上，例如 +08:00。",
            f"{where}: {name} “{raw}” has no offset; add it, for example +08:00.",
        )
    return found


def _facts(where: str, raw: Any) -> dict[str, FactValue]:
    """Facts that somebody has established; "unknown" or null means that nobody has, so the fact is left out."""
    if not isinstance(raw, Mapping):
        raise _no(
            "event_form", where, f"{where} 的 facts 应为一组名称和值。", f"{where}: facts should be names with values."
        )
    return {str(n): _fact(where, str(n), v) for n, v in raw.items() if v is not None and v != "unknown"}


def _fact(where: str, name: str, raw: Any) -> FactValue:
    if isinstance(raw, (bool, int)):
        return raw
    if isinstance(raw, datetime):
        return _instant(where, name, raw)
    if not isinstance(raw, str):
        raise _no(
            "event_fact",
            where,
            f"{where} 的事实「{name}」为 {raw!r}，无法识别。",
            f"{where}: the fact “{name}” is {raw!r}, which cannot be read.",
        )
    if DATE_LIKE.match(raw):
        return _instant(where, name, raw)
    return plain_fact(raw)


def plain_fact(text: str) -> FactValue:
    """A fact as text states it: yes or no, a whole number, or a word."""
    if text in ("true", "yes", "false", "no"):
        return text in ("true", "yes")
    return int(text) if WHOLE.match(text) else text


def _no(code: str, where: str, zh: str, en: str) -> _Unreadable:
    return _Unreadable(refuse(code, where, zh=zh, en=en))


def event_document(event: LossEvent) -> dict[str, Any]:
    """The event in the form in which `event_from_mapping` reads it."""
    return {"name": event.name, "facts": dict(event.facts), "items": [_item_document(item) for item in event.items]}


def _item_document(item: LossItem) -> dict[str, Any]:
    row: dict[str, Any] = {"name": item.name, "part": item.part}
    if item.what:
        row["what"] = item.what
    if item.interruption is None:
        row["amount_minor"] = item.amount_minor
    else:
        lost = item.interruption
        row["interruption"] = {
            "start": lost.start,
            "end": lost.end,
            "lost_revenue_minor_per_hour": lost.lost_revenue_minor_per_hour,
            "saved_cost_minor_per_hour": lost.saved_cost_minor_per_hour,
            "share_lost": lost.share_lost,
            "credits_minor": lost.credits_minor,
        }
    return {**row, "facts": dict(item.facts)}
