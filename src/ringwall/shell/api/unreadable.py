"""A request that cannot be read: every field with what was given and what was expected, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from ringwall.basics import Language, Words, refuse
from ringwall.shell.api.problems import FieldProblem, language_of, problem, storable

LONGEST_GIVEN = 120
SECRETS = frozenset({"password"})

EXPECTED: Mapping[str, Words] = {
    "missing": Words("必填", "a value; it is required"),
    "extra_forbidden": Words("不接受此字段", "no such field"),
    "json_invalid": Words("有效的 JSON", "valid JSON"),
    "int_type": Words("整数", "a whole number"),
    "int_parsing": Words("整数", "a whole number"),
    "int_from_float": Words("整数", "a whole number"),
    "bool_type": Words("true 或 false", "true or false"),
    "bool_parsing": Words("true 或 false", "true or false"),
    "string_type": Words("文本", "a text"),
    "string_unicode": Words("完整的 Unicode 文本", "whole Unicode text"),
    "list_type": Words("列表", "a list"),
    "dict_type": Words("一组名称和值", "names with values"),
    "model_type": Words("一组名称和值", "names with values"),
    "model_attributes_type": Words("一组名称和值", "names with values"),
    "instant": Words(
        "带时区偏移的时刻，如 2026-08-14T22:00:00+08:00（1990 至 2099 年）",
        "an instant with its offset, like 2026-08-14T22:00:00+08:00 (1990 to 2099)",
    ),
    "day": Words("日历日，如 2026-10-31（1990 至 2099 年）", "a calendar day like 2026-10-31 (1990 to 2099)"),
    "fraction": Words('精确分数，如 "7/20"', 'an exact fraction like "7/20"'),
    "text": Words("非空白文本", "a text that is not blank"),
}
BOUNDS: Mapping[str, tuple[str, Words]] = {
    "greater_than_equal": ("ge", Words("不小于 {}", "at least {}")),
    "less_than_equal": ("le", Words("不大于 {}", "at most {}")),
    "too_short": ("min_length", Words("至少 {} 项", "at least {} entries")),
    "too_long": ("max_length", Words("至多 {} 项", "at most {} entries")),
    "string_too_short": ("min_length", Words("至少 {} 个字符", "at least {} characters")),
    "string_too_long": ("max_length", Words("至多 {} 个字符", "at most {} characters")),
    "string_pattern_mismatch": ("pattern", Words("符合 {}", "a text that matches {}")),
    "enum": ("expected", Words("其中之一：{}", "one of {}")),
    "literal_error": ("expected", Words("其中之一：{}", "one of {}")),
}


def _field_problem(error: Mapping[str, Any], language: Language) -> FieldProblem:
    place = [str(each) for each in error["loc"] if each not in ("body", "path", "query", "header")]
    name = ".".join(place) or "body"
    secret = SECRETS & set(place)
    given = "…" if secret else "—" if error["type"] == "missing" else _given(error.get("input"))
    return FieldProblem(field=storable(name), given=given, expected=_expected(error, language))


def _given(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return storable(text if len(text) <= LONGEST_GIVEN else f"{text[:LONGEST_GIVEN]}…")


def _expected(error: Mapping[str, Any], language: Language) -> str:
    context = error.get("ctx") or {}
    kind = str(context.get("error", "")) if error["type"] == "value_error" else str(error["type"])
    if kind in EXPECTED:
        return EXPECTED[kind].in_language(language)
    if kind in BOUNDS:
        name, words = BOUNDS[kind]
        return words.in_language(language).format(context.get(name, ""))
    if kind.startswith(("date", "day")) or "month" in kind:
        return EXPECTED["day" if str(error["loc"][-1]).endswith("on") else "instant"].in_language(language)
    return str(error["msg"])


def unreadable(request: Request, fault: RequestValidationError) -> JSONResponse:
    language = language_of(request)
    errors = [_field_problem(error, language) for error in fault.errors()]
    where = ", ".join(dict.fromkeys(error.field for error in errors))
    zh = "；".join(f"{each.field} 给出 {each.given}，应为 {each.expected}" for each in errors)
    en = "; ".join(f"{each.field} is {each.given}, expected {each.expected}" for each in errors)
    said = refuse("request_invalid", where, zh=f"{zh}。请更正后重发。", en=f"{en}. Correct it and send it again.")
    return problem(request, said, errors)


def install(api: FastAPI) -> None:
    """Bad content ends in the same shape as every other refusal."""
    api.add_exception_handler(RequestValidationError, unreadable)  # type: ignore[arg-type]
