"""Refusals and faults as RFC 9457 problems: one shape for all, one table of statuses, and never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from ringwall.basics import Language, Refusal, Words, refuse

MEDIA_TYPE = "application/problem+json"
URN = "urn:ringwall:refusal:"
LOG = logging.getLogger("ringwall.api")

BAD_REQUEST, UNSIGNED, FORBIDDEN, NOT_FOUND, CLASH = 400, 401, 403, 404, 409
TOO_LARGE, UNREADABLE, BROKEN = 413, 422, 500

STATUS_OF: Mapping[str, int] = {
    **dict.fromkeys(("idempotency_key_missing", "idempotency_key_malformed"), BAD_REQUEST),
    **dict.fromkeys(("not_signed_in", "sign_in_refused"), UNSIGNED),
    **dict.fromkeys(("not_your_task",), FORBIDDEN),
    **dict.fromkeys(("not_visible", "route_unknown"), NOT_FOUND),
    # What a request names and nobody here knows.
    **dict.fromkeys(
        (
            "certificate_file_missing",
            "claim_unknown",
            "clause_unknown",
            "control_unknown",
            "finding_unknown",
            "grade_unknown",
            "industry_unknown",
            "level_unknown",
            "loss_item_unknown",
            "message_unknown",
            "order_unknown",
            "party_unknown",
            "product_unknown",
            "question_unknown",
            "quote_unknown",
            "schedule_unknown",
            "service_unknown",
            # A policy on a date on which it is not in force.
            "policy_not_in_force",
        ),
        NOT_FOUND,
    ),
    "http_method_unknown": 405,
    "body_too_large": TOO_LARGE,
    "media_type_unknown": 415,
    # The content is sound; what already stands clashes with it.
    **dict.fromkeys(
        (
            "idempotency_key_reused",
            "act_before_its_cause",
            "alert_not_raised",
            "assets_not_declared",
            "case_number_missing",
            "challenge_missing",
            "claim_in_wrong_state",
            "claim_still_open",
            "conflict_of_interest",
            "consent_ends_within",
            "consent_not_in_force",
            "consent_withdrawn",
            "dispute_missing",
            "dispute_pending",
            "deliverable_not_on_record",
            "documents_not_received",
            "endorsement_stale",
            "entitlement_used_up",
            "entry_backdated",
            "entry_known_too_early",
            "entry_out_of_order",
            "finding_closed",
            "incident_missing",
            "message_not_delivered",
            "message_out_of_order",
            "bank_account_missing",
            "invoice_cannot_be_disputed",
            "invoice_disputed",
            "invoice_not_due",
            "invoice_not_owed",
            "invoice_paid",
            "invoice_too_early",
            "no_consent",
            "no_dispute_of_yours",
            "no_exposure",
            "no_provider",
            "not_explained",
            "not_notable",
            "not_qualified",
            "provider_not_vetted",
            "provider_suspended",
            "nothing_to_agree",
            "nothing_to_supplement",
            "notice_missing",
            "order_state",
            "out_of_sequence",
            "own_proposal",
            "paid_before_authorised",
            "payment_already_made",
            "payment_exceeds_payable",
            "payment_not_authorised",
            "payment_reference_used",
            "period_begun",
            "policy_cancelled",
            "quote_already_bound",
            "premium_not_received",
            "product_not_active",
            "product_not_filed",
            "product_not_yet_on_sale",
            "product_withdrawn",
            "product_without_rates",
            "quote_expired",
            "quote_not_accepted",
            "rate_card_accepted_before",
            "rate_card_missing",
            "record_delivered_before",
            "refit_decided",
            "refit_outdated",
            "request_missing",
            "retest_missing",
            "service_before_binding",
            "service_invoice_missing",
            "service_not_included",
            "subjectivity_open",
            "supplement_already_asked",
            "supplement_not_asked",
            "version_taken",
            "vote_not_carried",
            "wrong_sequence",
        ),
        CLASH,
    ),
    "internal_fault": BROKEN,
}
"""Every code that is not named here is bad content: 422."""

TITLES: Mapping[int, Words] = {
    BAD_REQUEST: Words("请求不完整", "The request is not complete"),
    UNSIGNED: Words("未登录", "Not signed in"),
    FORBIDDEN: Words("不属于您的职责", "Not your task"),
    NOT_FOUND: Words("不存在或未授权", "Not there, or not shared with you"),
    405: Words("不支持的方法", "Method not offered"),
    CLASH: Words("与现状冲突", "Clashes with what stands"),
    TOO_LARGE: Words("内容过大", "Too large"),
    415: Words("不支持的媒体类型", "Media type not taken"),
    UNREADABLE: Words("内容不成立", "The content does not hold"),
    BROKEN: Words("系统故障", "A fault of ours"),
}


class FieldProblem(BaseModel):
    """One field of a request: its name, what was given, and what was expected."""

    field: str
    given: str
    expected: str


class Problem(BaseModel):
    """Why nothing was changed (RFC 9457): the thing, the two facts that clash, and the next step."""

    type: str = Field(examples=[f"{URN}not_visible"])
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(description="稳定代码 · a stable code")
    where: str = Field(description="编号、条款或字段 · a number, a clause or a field")
    errors: list[FieldProblem] = Field(default_factory=list)


class Refused(Exception):
    """A refusal on its way out of a route; turned into a problem here and nowhere else."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def language_of(request: Request) -> Language:
    """The first of our languages in Accept-Language, by weight; Chinese where it names none."""
    wanted: list[tuple[float, int, Language]] = []
    for place, entry in enumerate(request.headers.get("accept-language", "").split(",")):
        tag, _, weight = entry.strip().partition(";")
        name = tag.strip().lower().partition("-")[0]
        if name in ("zh", "en"):
            wanted.append((-_weight(weight), place, "zh" if name == "zh" else "en"))
    return min(wanted)[2] if wanted else "zh"


def _weight(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q=")) if text.strip() else 1.0
    except ValueError:
        return 0.0


def status_of(refusal: Refusal) -> int:
    return STATUS_OF.get(refusal.code, UNREADABLE)


def problem(
    request: Request,
    refusal: Refusal,
    errors: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The response that says no, in the language of the request."""
    language, status = language_of(request), status_of(refusal)
    said = Problem(
        type=f"{URN}{refusal.code}",
        title=TITLES[status].in_language(language),
        status=status,
        detail=storable(refusal.message.in_language(language)),
        instance=storable(request.url.path),
        code=refusal.code,
        where=storable(refusal.where),
        errors=list(errors),
    )
    given = {"Content-Language": "zh-CN" if language == "zh" else "en", **(headers or {})}
    if status == UNSIGNED:
        given["WWW-Authenticate"] = "Bearer"
    return JSONResponse(said.model_dump(), status, given, MEDIA_TYPE)


def storable(text: str) -> str:
    """The text without halves of characters, which no UTF-8 answer can carry."""
    return text.encode("utf-8", "backslashreplace").decode()


def not_signed_in() -> Refusal:
    return refuse(
        "not_signed_in",
        "Authorization",
        zh="请求没有有效的登录令牌；请先以 POST /api/sessions 登录，再附上 Authorization: Bearer 令牌。",
        en="The request carries no valid token; sign in with POST /api/sessions, then send Authorization: Bearer.",
    )


def _http_fault(request: Request, fault: HTTPException) -> JSONResponse:
    path, method, allowed = storable(request.url.path), request.method, ""
    if fault.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(_offered(request)) or (fault.headers or {}).get("Allow", "")
        said = refuse(
            "http_method_unknown",
            f"{method} {path}",
            zh=f"{path} 不支持 {method}（支持：{allowed}）；请改用支持的方法。",
            en=f"{path} does not offer {method} (it offers {allowed}); use one that it offers.",
        )
    elif fault.status_code == HTTPStatus.NOT_FOUND:
        said = refuse(
            "route_unknown",
            path,
            zh=f"没有 {path} 这一路径；可用路径见 /api/docs。",
            en=f"There is no route {path}; /api/docs lists those that there are.",
        )
    else:
        zh, en = "请求无法读取；请检查其格式。", "The request cannot be read; check its form."
        said = refuse("request_invalid", path, zh=zh, en=en)
    headers = {**(fault.headers or {}), **({"Allow": allowed} if allowed else {})}
    return problem(request, said, headers=headers)


def _offered(request: Request) -> list[str]:
    """The methods that the path offers in all: the router names those of one route only."""
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    paths = request.app.openapi()["paths"]
    return sorted(verb.upper() for each, item in paths.items() if compile_path(each)[0].match(path) for verb in item)


def _fault_of_ours(request: Request, fault: Exception) -> JSONResponse:
    LOG.error("unhandled fault at %s %s", request.method, request.url.path, exc_info=fault)
    said = refuse(
        "internal_fault",
        request.url.path,
        zh="系统出现故障，未作任何更改；请稍后用同一幂等键重试，并告知平台。",
        en="Something broke on our side and nothing was changed; try again later with the same key, and tell us.",
    )
    return problem(request, said)


def install(api: FastAPI) -> None:
    """Every way in which a request can fail ends in a problem."""
    api.add_exception_handler(Refused, lambda request, fault: problem(request, fault.refusal))
    api.add_exception_handler(HTTPException, _http_fault)  # type: ignore[arg-type]
    api.add_exception_handler(Exception, _fault_of_ours)
