"""The OpenAPI document, completed: every way in which a route may say no, with the shape and an example of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ringwall.shell.api.caller import REPEATABLE
from ringwall.shell.api.example import example_of
from ringwall.shell.api.problems import (
    BAD_REQUEST,
    CLASH,
    FORBIDDEN,
    MEDIA_TYPE,
    NOT_FOUND,
    TITLES,
    TOO_LARGE,
    UNREADABLE,
    UNSIGNED,
    URN,
    Problem,
)

Operation = dict[str, Any]
REFERENCE = {"$ref": "#/components/schemas/Problem"}
METHODS = ("get", "post", "put", "patch", "delete")
EXAMPLES: Mapping[int, tuple[str, str, str]] = {
    BAD_REQUEST: (
        "idempotency_key_missing",
        "Idempotency-Key",
        "写入请求没有 Idempotency-Key 头；请为每个新请求生成一个键。",
    ),
    UNSIGNED: ("not_signed_in", "Authorization", "请求没有有效的登录令牌；请先登录。"),
    FORBIDDEN: ("not_your_task", "bind_policy", "经办人不办理“bind_policy”，应由 underwriter 办理；请转交。"),
    NOT_FOUND: ("not_visible", "SHOUAN-P-000009", "SHOUAN-P-000009：对贵机构而言不存在或未获授权；请核对编号。"),
    CLASH: ("premium_not_received", "SHOUAN-Q-000001", "应收保费尚未收到；请先登记收款，再出单。"),
    TOO_LARGE: ("body_too_large", "Content-Length", "内容过大；请分批提交。"),
    415: ("media_type_unknown", "Content-Type", "此处只接受 text/csv；请更正 Content-Type。"),
    UNREADABLE: (
        "request_invalid",
        "period.start",
        "period.start 给出 2026-13-01，应为带时区偏移的时刻。请更正后重发。",
    ),
}
DESCRIPTION = """\
网络安全保险平台的接口：投保、报价、承保、监测、事件、理赔、账务、组合与市场，每个用例一条路由。
The platform for cyber-security insurance as JSON: one route for each use case, from the application to the payment.

* 金额为整数分（字段名以 `_minor` 结尾）；比例为文本 `分子/分母`；时刻带时区偏移。
  Amounts are whole fen (names end in `_minor`), ratios are texts `n/d`, instants carry their offset.
* 除登录外，每个请求带 `Authorization: Bearer`；每个写入请求带 `Idempotency-Key`：
  同键同内容返回已存的答复，同键异内容为 409。
  Every request but signing in carries `Authorization: Bearer`; every write carries an `Idempotency-Key`:
  the same key with the same content gives the stored answer, with other content 409.
* 拒绝一律为 `application/problem+json`（RFC 9457），语言随 `Accept-Language`（默认中文）。
  Every refusal is `application/problem+json` (RFC 9457) in the language of `Accept-Language` (Chinese by default).
"""


def complete(api: FastAPI) -> dict[str, Any]:
    """FastAPI's own document with the problems of each operation in place of its default for bad content."""
    document = get_openapi(
        title=api.title,
        version=api.version,
        description=DESCRIPTION,
        routes=api.routes,
        servers=[{"url": "/api"}],
        tags=api.openapi_tags,
    )
    components = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    components.update(_problem_schemas())
    for operation in _operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            content.setdefault("example", example_of(components, content["schema"]))
        for status in _refusals(operation):
            operation["responses"][str(status)] = _said_no(status)
    return document


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    for item in document["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    inner = schema.pop("$defs", {})
    return {"Problem": schema, **inner}


def _refusals(operation: Operation) -> list[int]:
    signed = bool(operation.get("security"))
    takes = "requestBody" in operation
    stores = takes and not operation.get(f"x-{REPEATABLE}")
    raw = takes and "application/json" not in operation["requestBody"]["content"]
    statuses = [UNSIGNED, TOO_LARGE]
    if signed:
        statuses += [FORBIDDEN, NOT_FOUND, CLASH]
    if signed and stores:
        statuses.append(BAD_REQUEST)
    if raw:
        statuses.append(415)
    return sorted([*statuses, UNREADABLE])


def _said_no(status: int) -> dict[str, Any]:
    code, where, detail = EXAMPLES[status]
    title = TITLES[status]
    example = {
        "type": f"{URN}{code}",
        "title": title.zh,
        "status": status,
        "detail": detail,
        "instance": "/api/…",
        "code": code,
        "where": where,
        "errors": [],
    }
    return {
        "description": f"{title.zh} · {title.en}",
        "content": {MEDIA_TYPE: {"schema": REFERENCE, "example": example}},
    }
