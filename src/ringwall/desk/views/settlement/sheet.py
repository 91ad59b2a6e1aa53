"""A case as the texts of a form, and back: whatever cannot be read is refused at its field, and the text is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from ringwall.basics import FEN_PER_YUAN, SHANGHAI, Refusal, Words, refuse, yuan
from ringwall.desk.views.settlement.case import Basis, Case
from ringwall.product import Parameter, event_from_mapping
from ringwall.terms import FactKind, Facts, FactSpec, FactValue, LossItem

Sheet = Mapping[str, str]
"""Names of form fields with what stands in them; an empty text says that nobody knows."""

NEVER = "never"
USED_BEFORE = Words("此前已用", "Used before")
ITEM = re.compile(r"item\.(\d{1,4})\.")
AMOUNT = re.compile(r"(\d{1,13})(?:\.(\d{1,2}))?", re.ASCII)
WHOLE = re.compile(r"\d{1,9}", re.ASCII)
SHARE = re.compile(r"(\d{1,3})(?:\.(\d{1,4}))?\s*%", re.ASCII)
RATIO = re.compile(r"\d{1,9}(?:/\d{1,9}|\.\d{1,9})?", re.ASCII)
MOST_ITEMS = 300
"""As many as one event may tell through the interface."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A refusal and the field at which it is shown; an empty field stands for the case as a whole."""

    field: str
    refusal: Refusal


def write_sheet(basis: Basis, case: Case) -> dict[str, str]:
    """Every text of the form for a case."""
    product = basis.product
    sheet = {"name": case.event.name}
    if basis.schedule is None:
        for name, parameter in product.parameters.items():
            if parameter.open_to_choice:
                sheet |= _number_text(f"schedule.{name}", parameter, case.schedule.get(name, parameter.value))
    sheet |= {f"state.{name}": yuan(used) for name, used in case.state.items()}
    sheet |= {f"void.{clause}": "yes" for clause in case.void}
    sheet |= dict(_fact_texts("fact.", case.event.facts, product.definition.facts))
    for turn, item in enumerate(case.event.items):
        sheet |= dict(_item_texts(f"item.{turn}.", item, product.definition.facts))
    return sheet


def _number_text(name: str, parameter: Parameter, value: int) -> dict[str, str]:
    if parameter.unit == "instant":
        return {name: _wall_clock(datetime.fromtimestamp(value, SHANGHAI))}
    return {name: yuan(value) if parameter.unit == "minor" else str(value)}


def _fact_texts(before: str, facts: Facts, specs: Mapping[str, FactSpec]) -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        if name not in specs:
            continue
        if isinstance(value, bool):
            yield f"{before}{name}", "yes" if value else "no"
        elif isinstance(value, datetime):
            yield f"{before}{name}", _wall_clock(value)
        elif isinstance(value, int):
            yield f"{before}{name}", yuan(value)
        elif specs[name].kind is FactKind.INSTANT:
            yield f"{before}{name}.{NEVER}", "yes"
        else:
            yield f"{before}{name}", value


def _item_texts(before: str, item: LossItem, specs: Mapping[str, FactSpec]) -> Iterator[tuple[str, str]]:
    yield from ((f"{before}name", item.name), (f"{before}what", item.what), (f"{before}part", item.part))
    spell = item.interruption
    yield f"{before}by", "hours" if spell else "amount"
    if spell is None:
        yield f"{before}amount", yuan(item.amount_minor or 0)
    else:
        yield f"{before}start", _wall_clock(spell.start)
        yield f"{before}end", _wall_clock(spell.end)
        yield f"{before}hourly", yuan(spell.lost_revenue_minor_per_hour)
        yield f"{before}saved", yuan(spell.saved_cost_minor_per_hour)
        yield f"{before}share", str(spell.share_lost)
        yield f"{before}credits", yuan(spell.credits_minor)
    yield from _fact_texts(f"{before}fact.", item.facts, specs)


def _wall_clock(at: datetime) -> str:
    """An instant as a field for day and time takes it, by the clock of Shanghai."""
    return at.astimezone(SHANGHAI).replace(tzinfo=None).isoformat(timespec="seconds")


def turns_of(sheet: Sheet) -> tuple[int, ...]:
    """The items that the form has, in their order."""
    return tuple(sorted({int(found[1]) for name in sheet if (found := ITEM.match(name))}))


def with_item(sheet: Sheet, part: str) -> dict[str, str]:
    """One item more, blank, under a part."""
    turns = turns_of(sheet)
    if len(turns) >= MOST_ITEMS:
        return dict(sheet)
    names = {sheet.get(f"item.{turn}.name", "") for turn in turns}
    name = next(str(number) for number in range(len(turns) + 1, len(turns) + MOST_ITEMS) if str(number) not in names)
    before = f"item.{max(turns, default=-1) + 1}."
    return {**sheet, f"{before}name": name, f"{before}part": part, f"{before}by": "amount", f"{before}amount": "0.00"}


def without_item(sheet: Sheet, turn: str, part: str) -> dict[str, str]:
    """The form without one item; an event has one at least."""
    left = {name: text for name, text in sheet.items() if not name.startswith(f"item.{turn}.")}
    return left if turns_of(left) else with_item(left, part)


def read_sheet(basis: Basis, sheet: Sheet) -> Case | tuple[Fault, ...]:
    """The case of a form, or every field that cannot be read."""
    return _Reading(basis, sheet).case()


class _Reading:
    """Reads field by field and keeps every fault."""

    def __init__(self, basis: Basis, sheet: Sheet) -> None:
        self.basis = basis
        self.sheet = sheet
        self.specs = basis.product.definition.facts
        self.faults: list[Fault] = []

    def case(self) -> Case | tuple[Fault, ...]:
        schedule = {} if self.basis.schedule else self.schedule()
        state = {
            name.removeprefix("state."): self.amount(name, USED_BEFORE) or 0
            for name, text in self.sheet.items()
            if name.startswith("state.") and text.strip()
        }
        void = frozenset(name.removeprefix("void.") for name in self.sheet if name.startswith("void."))
        raw = {
            "name": self.sheet.get("name", "").strip() or "case",
            "facts": self.facts("fact."),
            "items": [self.item(f"item.{turn}.") for turn in turns_of(self.sheet)],
        }
        if len(raw["items"]) > MOST_ITEMS:
            self.faults.append(Fault("", _too_many(len(raw["items"]))))
        if self.faults:
            return tuple(self.faults)
        event = event_from_mapping(raw)
        if isinstance(event, Refusal):
            return (Fault(field_of(event, self.sheet), event),)
        return Case(event, schedule, state, void)

    def schedule(self) -> dict[str, int]:
        """The choices that differ from what the product states."""
        found = {}
        for name, parameter in self.basis.product.parameters.items():
            text = self.sheet.get(f"schedule.{name}", "").strip()
            value = self.number(f"schedule.{name}", parameter, text) if text else None
            if value is not None and value != parameter.value:
                found[name] = value
        return found

    def number(self, field: str, parameter: Parameter, text: str) -> int | None:
        if parameter.unit == "instant":
            at = self.instant(field, parameter.words)
            return None if at is None else int(at.timestamp())
        if parameter.unit == "minor":
            return self.amount(field, parameter.words)
        if WHOLE.fullmatch(text):
            return int(text)
        self.refuse(field, parameter.words, text, "整数", "a whole number")
        return None

    def facts(self, before: str) -> dict[str, FactValue]:
        found: dict[str, FactValue] = {}
        for name, spec in self.specs.items():
            value = self.fact(f"{before}{name}", spec)
            if value is not None:
                found[name] = value
        return found

    def fact(self, field: str, spec: FactSpec) -> FactValue | None:
        text = self.sheet.get(field, "").strip()
        if spec.kind is FactKind.INSTANT:
            return NEVER if f"{field}.{NEVER}" in self.sheet else self.instant(field, spec.words)
        if not text:
            return None
        if spec.kind is FactKind.AMOUNT:
            return self.amount(field, spec.words)
        if spec.kind is FactKind.YES_NO:
            if text in ("yes", "no"):
                return text == "yes"
            self.refuse(field, spec.words, text, "“是”或“否”", "yes or no")
            return None
        return text

    def item(self, before: str) -> dict[str, Any]:
        row: dict[str, Any] = {
            "name": self.sheet.get(f"{before}name", "").strip(),
            "part": self.sheet.get(f"{before}part", ""),
            "what": self.sheet.get(f"{before}what", "").strip(),
            "facts": self.facts(f"{before}fact."),
        }
        if not row["name"]:
            self.refuse(f"{before}name", Words("编号", "Number of the item"), "", "一个名称", "a name")
        if self.sheet.get(f"{before}by") == "hours":
            return {**row, "interruption": self.spell(before)}
        return {**row, "amount_minor": self.needed(f"{before}amount", Words("发票金额", "Amount of the invoice"))}

    def spell(self, before: str) -> dict[str, Any]:
        start, end = Words("中断开始", "Went down"), Words("恢复", "Restored")
        hourly, saved = Words("每小时损失收入", "Revenue lost an hour"), Words("每小时节省成本", "Cost saved an hour")
        return {
            "start": self.needed_instant(f"{before}start", start),
            "end": self.needed_instant(f"{before}end", end),
            "lost_revenue_minor_per_hour": self.needed(f"{before}hourly", hourly),
            "saved_cost_minor_per_hour": self.amount(f"{before}saved", saved) or 0,
            "share_lost": self.share(f"{before}share"),
            "credits_minor": self.amount(
                f"{before}credits", Words("已从他方收到的补偿", "Credits received from others")
            )
            or 0,
        }

    def needed(self, field: str, words: Words) -> int | None:
        if not self.sheet.get(field, "").strip():
            self.refuse(field, words, "", "以元计的金额", "an amount in yuan")
        return self.amount(field, words)

    def needed_instant(self, field: str, words: Words) -> datetime | None:
        if not self.sheet.get(field, "").strip():
            self.refuse(field, words, "", "日期和时刻", "a day and a time")
        return self.instant(field, words)

    def amount(self, field: str, words: Words) -> int | None:
        """Yuan with at most two decimals as fen; nothing where nothing stands."""
        text = self.sheet.get(field, "").strip()
        plain = text.replace(",", "").replace("¥", "").replace(" ", "")
        if not plain:
            return None
        if found := AMOUNT.fullmatch(plain):
            return int(found[1]) * FEN_PER_YUAN + int((found[2] or "0").ljust(2, "0"))
        self.refuse(field, words, text, "以元计、至多两位小数的金额", "an amount in yuan with at most two decimals")
        return None

    def instant(self, field: str, words: Words) -> datetime | None:
        text = self.sheet.get(field, "").strip()
        if not text:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            self.refuse(field, words, text, "日期和时刻", "a day and a time")
            return None
        return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)

    def share(self, field: str) -> Fraction:
        """`3/10`, `0.3` or `30 %`; all of the output where nothing stands."""
        text = self.sheet.get(field, "").strip() or "1"
        percent = SHARE.fullmatch(text)
        try:
            if percent:
                return Fraction(f"{percent[1]}.{percent[2] or 0}") / 100
            if RATIO.fullmatch(text):
                return Fraction(text)
        except ZeroDivisionError:
            pass
        self.refuse(
            field, Words("产出损失份额", "Share of output lost"), text, "分数或百分数", "a fraction or a percentage"
        )
        return Fraction(1)

    def refuse(self, field: str, words: Words, text: str, zh: str, en: str) -> None:
        said = refuse(
            "field_unreadable",
            field,
            zh=f"“{words.zh}”填写为“{text[:40]}”，应为{zh}；请更正。",
            en=f"“{words.en}” is “{text[:40]}” and should be {en}; correct it.",
        )
        self.faults.append(Fault(field, said))


def _too_many(count: int) -> Refusal:
    return refuse(
        "case_items",
        str(count),
        zh=f"案例有 {count} 个损失项，最多 {MOST_ITEMS} 个；请分成几个案例。",
        en=f"The case has {count} items, {MOST_ITEMS} at most; split it into several.",
    )


def field_of(refusal: Refusal, sheet: Sheet) -> str:
    """The field at which a refusal of the rooms is shown: that of the item, number or state which it names."""
    where = refusal.where
    for turn in turns_of(sheet):
        before = f"item.{turn}."
        if sheet.get(f"{before}name", "").strip() == where:
            if refusal.code == "event_items":
                return f"{before}name"
            return f"{before}{'start' if sheet.get(f'{before}by') == 'hours' else 'amount'}"
    for name in (f"schedule.{where}", f"state.{where}", f"void.{where}"):
        if name in sheet:
            return name
    return ""
