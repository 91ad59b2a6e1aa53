"""The schedule of one policy: which numbers it chooses within what the product allows, and the terms that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ringwall.basics import Refusal, refuse
from ringwall.product.reading.entries import Entry, Reader
from ringwall.product.records import Parameter, Product
from ringwall.terms import CompiledTerms, ParameterRead, compile_terms

FIELDS = ("description", "unit", "value", "min", "max", "choices", "free", "above", "date", "source")
UNITS = ("minor", "hour", "day", "instant", "code", "count", "per_ten_thousand")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Every number of one policy; `chosen` names those that the policy states itself."""

    product: str
    version: str
    values: Mapping[str, int]
    chosen: frozenset[str] = frozenset()


class SharedLimits(NamedTuple):
    """The names of the two limits that all parts share: on each event, and for the period."""

    event: str
    aggregate: str

    def of(self, schedule: Schedule) -> tuple[int, int]:
        return schedule.values[self.event], schedule.values[self.aggregate]


def shared_limits(product: Product) -> SharedLimits:
    """What the product calls them: a master policy has a limit on each member's event and one for all members."""
    settlement = product.definition.settlement
    assert settlement.event_limit and settlement.aggregate, f"{product.code} has a limit on each event and one in all"
    return SharedLimits(settlement.event_limit.parameter, settlement.aggregate.parameter)


def read_parameters(reader: Reader, entry: Entry) -> dict[str, Parameter]:
    return {name: _parameter(reader, name, fields) for name, fields in entry.fields.items()}


def _parameter(reader: Reader, name: str, entry: Entry) -> Parameter:
    reader.known(entry, FIELDS)
    fields = entry.fields
    unit = reader.one_of(reader.need(entry, "unit"), UNITS, "单位", "unit")
    value = reader.need(entry, "value")
    number = int(reader.instant(value).timestamp()) if unit == "instant" else reader.whole(value)
    choices = (
        {reader.whole(Entry(e.place, k)): reader.words(e) for k, e in fields["choices"].fields.items()}
        if "choices" in fields
        else None
    )
    found = Parameter(
        name=name,
        words=reader.words(reader.need(entry, "description")),
        unit=unit,
        value=number,
        since=reader.day(reader.need(entry, "date")),
        source=reader.need(entry, "source").text,
        place=entry.place,
        low=reader.whole(fields["min"]) if "min" in fields else None,
        high=reader.whole(fields["max"]) if "max" in fields else None,
        choices=choices,
        free="free" in fields and reader.flag(fields["free"]),
        above=fields["above"].text if "above" in fields else "",
    )
    if found.open_to_choice and _outside(found, number):
        reader.refuse(
            "product_default",
            value.place,
            f"参数 {name} 的默认值 {number} 不在其允许范围内；请改默认值或范围。",
            f"The default {number} of {name} lies outside its own range; change the default or the range.",
        )
    return found


def make_schedule(product: Product, choices: Mapping[str, int]) -> Schedule | Refusal:
    """The schedule with these choices; what is not chosen stands at the product's value."""
    for name, value in choices.items():
        parameter = product.parameters.get(name)
        fault = _refuse_choice(product, name, parameter, value)
        if fault:
            return fault
    values = {name: choices.get(name, parameter.value) for name, parameter in product.parameters.items()}
    for name, parameter in product.parameters.items():
        if parameter.above and values[name] <= values[parameter.above]:
            return refuse(
                "schedule_order",
                name,
                zh=f"明细表的 {name}（{values[name]}）须大于 "
                f"{parameter.above}（{values[parameter.above]}）；请改其中一个。",
                en=f"In the schedule {name} ({values[name]}) must lie above "
                f"{parameter.above} ({values[parameter.above]}); change one.",
            )
    return Schedule(product.code, product.version, values, frozenset(choices))


def _refuse_choice(product: Product, name: str, parameter: Parameter | None, value: int) -> Refusal | None:
    if parameter is None:
        open_names = "、".join(sorted(n for n, p in product.parameters.items() if p.open_to_choice))
        return refuse(
            "schedule_unknown",
            name,
            zh=f"产品 {product.code} {product.version} 没有参数「{name}」；可选：{open_names}。",
            en=f"Product {product.code} {product.version} has no parameter “{name}”; "
            f"it offers: {open_names.replace('、', ', ')}.",
        )
    if isinstance(value, bool) or not isinstance(value, int):
        return refuse(
            "schedule_number",
            name,
            zh=f"参数 {name} 的取值「{value}」不是整数；请写整数（金额以分计）。",
            en=f"The choice “{value}” for {name} is no whole number; write a whole number (amounts in fen).",
        )
    if not parameter.open_to_choice and value != parameter.value:
        return refuse(
            "schedule_fixed",
            name,
            zh=f"参数 {name} 由产品固定为 {parameter.value}，明细表不能改为 {value}。",
            en=f"The product fixes {name} at {parameter.value}; the schedule cannot set it to {value}.",
        )
    return _out_of_range(parameter, value) if _outside(parameter, value) else None


def _outside(parameter: Parameter, value: int) -> bool:
    if parameter.choices is not None:
        return value not in parameter.choices
    return (parameter.low is not None and value < parameter.low) or (
        parameter.high is not None and value > parameter.high
    )


def _out_of_range(parameter: Parameter, value: int) -> Refusal:
    if parameter.choices is not None:
        allowed = ", ".join(f"{code} {words.en}" for code, words in parameter.choices.items())
    else:
        allowed = f"{parameter.low} … {parameter.high}"
    return refuse(
        "schedule_range",
        parameter.name,
        zh=f"参数 {parameter.name}（{parameter.words.zh}）不能取 {value}；允许：{allowed}（{parameter.unit}）。",
        en=f"{parameter.name} ({parameter.words.en}) cannot be {value}; allowed: {allowed} ({parameter.unit}).",
    )


def compile_schedule(product: Product, schedule: Schedule) -> CompiledTerms | Refusal:
    """The product's terms under this schedule, ready for every reader."""
    if (schedule.product, schedule.version) != (product.code, product.version):
        return refuse(
            "schedule_product",
            f"{schedule.product} {schedule.version}",
            zh=f"明细表属于 {schedule.product} {schedule.version}，"
            f"而产品是 {product.code} {product.version}；请取明细表所属的产品版本。",
            en=f"The schedule belongs to {schedule.product} {schedule.version}, "
            f"the product is {product.code} {product.version}; take the version that the schedule names.",
        )
    return compile_terms(product.definition, parameters_read(product, schedule))


def parameters_read(product: Product, schedule: Schedule) -> dict[str, ParameterRead]:
    return {
        name: ParameterRead(
            name, schedule.values[name], p.unit, "schedule" if name in schedule.chosen else p.place, p.since
        )
        for name, p in product.parameters.items()
    }
