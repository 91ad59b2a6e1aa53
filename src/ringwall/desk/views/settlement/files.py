"""A case as a text: the file that `ringwall settle` reads, a worked example of a product, and a link."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

import yaml

from ringwall.basics import Refusal, read_yaml, refuse
from ringwall.desk.views.settlement.case import Basis, Case, choices_of
from ringwall.product import Product, clauses_at_work, event_document, event_from_mapping
from ringwall.terms import Between, Outcome

MOST_CHARACTERS = 200_000
MOST_VALUES = 20_000
"""A text of a few lines can name the same list again and again; so many values are looked at."""
LONGEST_LINK = 6_000
WRAPPED = frozenset({"kind", "product", "schedule", "state", "void", "event", "outcome", "trace", "note"})


def case_document(basis: Basis, case: Case) -> dict[str, Any]:
    """The case in the form in which `ringwall settle` reads it."""
    return {
        "product": basis.version,
        "schedule": dict(choices_of(basis, case)),
        "state": dict(case.state),
        "void": sorted(case.void),
        "event": _plain(event_document(case.event)),
    }


def case_yaml(basis: Basis, case: Case) -> str:
    return _yaml(case_document(basis, case))


def case_json(basis: Basis, case: Case) -> str:
    return json.dumps(case_document(basis, case), ensure_ascii=False, indent=2) + "\n"


def example_yaml(basis: Basis, case: Case, outcome: Outcome | Refusal) -> str:
    """The case as a worked example that promises what the terms now give; its product reads it under examples/."""
    said = case_document(basis, case)
    given = {name: said[name] for name in ("schedule", "state", "void") if said[name]}
    name = case.event.name
    example = {
        "name": {"zh": name, "en": name},
        "given": {**given, "event": said["event"]},
        "expect": {"refused": outcome.code} if isinstance(outcome, Refusal) else _expected(outcome, basis.product),
    }
    return _yaml([example])


def _expected(outcome: Outcome, product: Product) -> dict[str, Any]:
    at_work = clauses_at_work(outcome)
    return {
        "factual": outcome.factual_minor,
        "within_cover": _between(outcome.within_cover),
        "payable": _between(outcome.payable),
        "parts": {
            part.part: {"within_cover": _between(part.within_cover), "payable": _between(part.payable)}
            for part in outcome.parts
        },
        "verdicts": {item.name: item.verdict.value for item in outcome.items},
        "because": [clause.number for clause in product.clauses if clause.number in at_work],
        "state_after": dict(outcome.state_after),
    }


def _between(amount: Between) -> int | list[int]:
    return amount.low if amount.exact else [amount.low, amount.high]


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Fraction():
            return str(value)
        case Mapping():
            return {str(name): _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value


def _yaml(document: Any) -> str:
    return str(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120))


def read_text(text: str, basis: Basis) -> Case | Refusal:
    """A pasted or uploaded case: `event:` with schedule, state and void clauses beside it, or the bare event."""
    raw = _load(text)
    if isinstance(raw, Refusal):
        return raw
    named = _product_of(raw)
    if named and named != basis.version:
        return refuse(
            "case_of_other_product",
            named,
            zh=f"文件属于产品版本 {named}，而当前选定的是 {basis.version}；请先选定文件所属的产品版本。",
            en=f"The file is a case of {named}, and {basis.version} is chosen; choose the version of the file first.",
        )
    return read_case(raw, basis)


def product_named(text: str) -> str:
    """The product version that a text names as `code/version`; empty where it names none or cannot be read."""
    raw = _load(text)
    return "" if isinstance(raw, Refusal) else _product_of(raw)


def read_case(raw: Mapping[str, Any], basis: Basis) -> Case | Refusal:
    """The case of a document; a policy's own schedule stays, whatever the document says of one."""
    if "event" not in raw:
        event = event_from_mapping(raw)
        return event if isinstance(event, Refusal) else Case(event, {}, basis.state, basis.void)
    unknown = sorted(set(raw) - WRAPPED)
    if unknown:
        return _unreadable("case", f"不认识「{unknown[0]}」", f"“{unknown[0]}” is not known")
    event = event_from_mapping(raw["event"])
    if isinstance(event, Refusal):
        return event
    schedule, state = _numbers(raw, "schedule"), _numbers(raw, "state")
    if isinstance(schedule, Refusal):
        return schedule
    if isinstance(state, Refusal):
        return state
    void = raw.get("void") or []
    if not isinstance(void, list) or not all(isinstance(each, str) for each in void):
        return _unreadable("void", "void 应为条款号的列表", "void should be a list of clause numbers")
    return Case(event, {} if basis.policy else schedule, state, frozenset(void))


def _numbers(raw: Mapping[str, Any], name: str) -> dict[str, int] | Refusal:
    """Names with whole numbers; an instant becomes its seconds."""
    found: dict[str, int] = {}
    values = raw.get(name) or {}
    if not isinstance(values, Mapping):
        return _unreadable(name, f"{name} 应为一组名称和值", f"{name} should be names with values")
    for key, value in values.items():
        try:
            text = str(value)
            found[str(key)] = int(datetime.fromisoformat(text).timestamp()) if "-" in text[1:] else int(text)
        except ValueError:
            return _unreadable(
                f"{name}: {key}", f"「{str(value)[:40]}」不是整数", f"“{str(value)[:40]}” is no whole number"
            )
    return found


def _product_of(raw: Mapping[str, Any]) -> str:
    product = raw.get("product", "")
    if isinstance(product, Mapping):
        return f"{product.get('code', '')}/{product.get('version', '')}"
    return str(product or "")


def _load(text: str) -> dict[str, Any] | Refusal:
    """JSON or YAML as names with texts, within bounds."""
    if len(text) > MOST_CHARACTERS:
        return _unreadable(
            "case", f"超过 {MOST_CHARACTERS} 个字符的上限", f"it has more than {MOST_CHARACTERS} characters"
        )
    try:
        found = json.loads(text) if text.lstrip().startswith("{") else read_yaml(text)
    except (ValueError, yaml.YAMLError, RecursionError) as fault:
        place = getattr(fault, "problem_mark", None)
        line = place.line + 1 if place else getattr(fault, "lineno", 1)
        return _unreadable(
            f"line {line}",
            "不是可读的 YAML 或 JSON，请检查缩进、引号与括号",
            "it is no YAML or JSON that can be read; check indentation, quotes and brackets",
        )
    if not isinstance(found, dict) or _count(found) > MOST_VALUES:
        return _unreadable("case", "应为一组名称和值", "names with values are expected")
    return found


def _count(value: Any) -> int:
    """How many values a document has when every reference is followed, counted no further than the bound."""
    waiting, count = [value], 0
    while waiting and count <= MOST_VALUES:
        each = waiting.pop()
        count += 1
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return count


def _unreadable(where: str, zh: str, en: str) -> Refusal:
    return refuse(
        "case_unreadable",
        where,
        zh=f"案例文件 {where}：{zh}；请对照“复制或下载”给出的文本更正。",
        en=f"The case file, {where}: {en}; compare it with the text under “copy or download”.",
    )


def to_link(basis: Basis, case: Case) -> str:
    """The case in a few hundred characters for an address; empty where it would be too long for one."""
    document = case_document(basis, case)
    text = json.dumps({name: document[name] for name in ("schedule", "state", "void", "event")}, ensure_ascii=False)
    link = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    return link if len(link) <= LONGEST_LINK else ""


def from_link(link: str, basis: Basis) -> Case | Refusal:
    """What `to_link` wrote; anything else is refused."""
    try:
        packed = base64.urlsafe_b64decode(link[:LONGEST_LINK] + "=" * (-len(link) % 4))
        opened = zlib.decompressobj()
        text = opened.decompress(packed, MOST_CHARACTERS * 4).decode()
        raw = json.loads(text) if opened.eof else None
    except (ValueError, zlib.error, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        return _unreadable("link", "链接不完整", "the link is not whole")
    return read_case(raw, basis)
