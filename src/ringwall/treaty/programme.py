"""A reinsurance programme from its YAML text: good treaties or refusals, never both silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import yaml

from ringwall.basics import Refusal, read_yaml, refuse
from ringwall.treaty.contract import AnnualStopLoss, EventDefinition, EventExcess, Programme, QuotaShare, Treaty

Entry = Mapping[str, object]


def read_programme(text: str, where: str) -> Programme | tuple[Refusal, ...]:
    """Steps in inuring order, each a list of treaties; any clash refuses the whole programme."""
    try:
        data = read_yaml(text)
    except yaml.YAMLError as error:
        return (_not_a_programme(where, str(error).replace("\n", " ")),)
    steps = data.get("steps") if isinstance(data, dict) else None
    if not isinstance(steps, list) or not all(isinstance(step, list) for step in steps):
        return (_not_a_programme(where, "steps"),)
    return programme_of(
        [[_read_treaty(entry, f"{where}: steps[{n}]") for entry in step] for n, step in enumerate(steps)], where
    )


def programme_of(steps: Sequence[Sequence[Treaty | Refusal]], where: str) -> Programme | tuple[Refusal, ...]:
    """Treaties that were read, in their steps: a programme, or why these do not go together."""
    flat = [treaty for step in steps for treaty in step]
    refusals = [treaty for treaty in flat if isinstance(treaty, Refusal)] + _repeated(flat, where)
    if refusals:
        return tuple(refusals)
    programme = Programme(tuple(tuple(t for t in step if not isinstance(t, Refusal)) for step in steps))
    return tuple(_overlapping(programme, where)) or programme


def _read_treaty(entry: object, where: str) -> Treaty | Refusal:
    kind = entry.get("kind") if isinstance(entry, dict) else None
    reader = _READERS.get(str(kind))
    if reader is None or not isinstance(entry, dict):
        known = ", ".join(_READERS)
        return refuse(
            "treaty_kind_unknown",
            where,
            zh=f"再保合约类型“{kind}”不在已知类型（{known}）之内；请改用其中之一。",
            en=f'The treaty kind "{kind}" is not one of {known}; use one of them.',
        )
    try:
        return reader(entry)
    except (KeyError, ValueError, ZeroDivisionError) as error:
        return refuse(
            "treaty_unreadable",
            f"{where} {entry.get('code', '')}".strip(),
            zh=f"合约要素无法读取：{error}；金额应为整数分，份额应为 a/b 且在 0 与 1 之间，请更正后重试。",
            en=f"A term cannot be read: {error}; amounts are whole fen, shares are a/b between 0 and 1; correct it.",
        )


def _quota_share(entry: Entry) -> QuotaShare:
    return QuotaShare(_text(entry, "code"), _share(entry, "ceded"))


def _event_excess(entry: Entry) -> EventExcess:
    charges = entry.get("reinstatement_charges", [])
    if not isinstance(charges, list):
        raise ValueError("reinstatement_charges is not a list")
    definition = entry.get("event", {})
    if not isinstance(definition, dict):
        raise ValueError("event is not a mapping")
    return EventExcess(
        _text(entry, "code"),
        _amount(entry, "attachment_minor"),
        _limit(entry),
        _share(entry, "placed"),
        _amount(entry, "premium_minor"),
        tuple(Fraction(str(charge)) for charge in charges),
        EventDefinition(
            hours_window=_optional(definition, "hours_window"),
            min_policies_with_payment=_optional(definition, "min_policies_with_payment"),
            war_clause=str(definition.get("war_clause", "")),
        ),
    )


def _stop_loss(entry: Entry) -> AnnualStopLoss:
    return AnnualStopLoss(
        _text(entry, "code"), _amount(entry, "attachment_minor"), _limit(entry), _share(entry, "placed")
    )


_READERS: Mapping[str, Callable[[Entry], Treaty]] = {
    "quota_share": _quota_share,
    "event_excess": _event_excess,
    "annual_stop_loss": _stop_loss,
}


def _text(entry: Entry, key: str) -> str:
    value = entry[key]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key} is empty")
    return value


def _amount(entry: Entry, key: str) -> int:
    amount = int(_text(entry, key))
    if amount < 0:
        raise ValueError(f"{key} = {amount} is negative")
    return amount


def _optional(entry: Entry, key: str) -> int | None:
    return _amount(entry, key) if key in entry else None


def _limit(entry: Entry) -> int:
    limit = _amount(entry, "limit_minor")
    if not limit:
        raise ValueError("limit_minor is nil")
    return limit


def _share(entry: Entry, key: str) -> Fraction:
    share = Fraction(_text(entry, key))
    if not 0 <= share <= 1:
        raise ValueError(f"{key} = {share} lies outside [0, 1]")
    return share


def _repeated(treaties: list[Treaty | Refusal], where: str) -> list[Refusal]:
    codes = Counter(treaty.code for treaty in treaties)
    return [
        refuse(
            "treaty_code_repeated",
            f"{where} {code}",
            zh=f"合约代码 {code} 出现 {count} 次，累计状态无法区分；请为每份合约使用不同代码。",
            en=f"The treaty code {code} stands {count} times, so their running totals would mix; give each its own.",
        )
        for code, count in codes.items()
        if count > 1
    ]


def _overlapping(programme: Programme, where: str) -> list[Refusal]:
    """Treaties of one step see the same loss: together they may not take more of it than there is."""
    return [
        refuse(
            "treaties_overlap",
            f"{where}: steps[{number}]",
            zh=f"同步合约 {'、'.join(t.code for t in step)} 合计可能超过同一损失；请分先后步骤，或错开各层与份额。",
            en=f"The treaties {', '.join(t.code for t in step)} of one step can take more than the whole of a loss; "
            "let one follow the other in a later step, or part their layers or shares.",
        )
        for number, step in enumerate(programme.steps)
        if len(step) > 1 and not _apart(step)
    ]


def _apart(step: tuple[Treaty, ...]) -> bool:
    """All quota shares up to the whole, or all event layers, at no height placed beyond the whole."""
    shares = [treaty.ceded for treaty in step if isinstance(treaty, QuotaShare)]
    layers = [treaty for treaty in step if isinstance(treaty, EventExcess)]
    if len(shares) == len(step):
        return sum(shares) <= 1
    placed = [
        sum(
            o.placed
            for o in layers
            if o.attachment_minor <= layer.attachment_minor < o.attachment_minor + o.limit_minor
        )
        for layer in layers
    ]
    return len(layers) == len(step) and max(placed) <= 1


def _not_a_programme(where: str, detail: str) -> Refusal:
    return refuse(
        "programme_unreadable",
        where,
        zh=f"再保方案文件无法读取（{detail}）；顶层应有 steps 列表，每一步为合约列表。",
        en=f"The programme file cannot be read ({detail}); its top level has steps, each a list of treaties.",
    )
