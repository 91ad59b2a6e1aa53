"""Assets and consent: what is declared, how control is proved, what may be looked at; written by the insured alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Annotated, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from ringwall.basics import ConsentId, Refusal, Term, Words, day_start, refuse
from ringwall.desk.doors import Json
from ringwall.desk.exposure.prove_control import ask_for_challenge, token_waiting
from ringwall.desk.exposure.put_on_record import declare_assets, give_consent, record_proof, withdraw_consent
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.views.assets import assets_page
from ringwall.desk.views.assets.page import ControlState
from ringwall.exposure import (
    Asset,
    AssetKind,
    Challenge,
    Consent,
    ConsentEntry,
    ConsentWording,
    ControlProof,
    DailyHours,
    LookMethod,
    ProofMethod,
    Scope,
)
from ringwall.shell.web.pages.workbench import the_form
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to

T = TypeVar("T")
NAME = "assets"
MENU: MenuItem | None = None
STATE_WORDS = {
    ControlState.PROVED: Words("已证明", "proved"),
    ControlState.BY_DOMAIN: Words("由所属域名证明", "proved through its domain"),
    ControlState.EXPIRED: Words("证明已过期，请重新证明", "proof expired: prove it again"),
    ControlState.NOT_FOUND: Words("未找到令牌", "token not found"),
    ControlState.ASKED: Words("令牌已签发，待发布并核实", "token given out: publish it, then have it looked for"),
    ControlState.NONE: Words("未证明", "not proved"),
}
METHOD_WORDS = {
    ProofMethod.DNS_TXT: Words("DNS TXT 记录", "DNS TXT record"),
    ProofMethod.HTTP_TOKEN: Words("网站令牌文件", "token file on the website"),
}
LOOK_WORDS = {
    LookMethod.PASSIVE: Words("被动检查：解析、证书与网页", "passive: names, certificates and web pages"),
    LookMethod.ACTIVE: Words("主动检查：端口、服务与路径", "active: ports, services and paths"),
}


def router(site: Site) -> APIRouter:
    """The page and its five acts."""
    routes = APIRouter()

    @routes.get("/assets/{number}")
    def assets(request: Request, number: str) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: assets_page(office, visit.me, number, visit.now))
        if isinstance(view, Refusal):
            return visit.refuse(view)
        more: dict[str, object] = {
            "view": view,
            "key": f"portal:assets:{uuid4()}",
            "states": STATE_WORDS,
            "ways": METHOD_WORDS,
            "looks": LOOK_WORDS,
            "can_prove": site.installation.control is not None,
        }
        return visit.page("assets.html", more)

    @routes.post("/assets/{number}/{act}")
    def take(request: Request, number: str, act: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        if act not in ACTS:
            return visit.refuse(not_visible(act))
        done = ACTS[act](visit, number, form)
        return visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/assets/{number}")

    return routes


def _declare(visit: Visit, number: str, form: FormData) -> object:
    name, kind = _text(form, "name").lower(), _text(form, "kind")
    if kind not in list(AssetKind) or "." not in name or any(sign in name for sign in " /:@*"):
        return refuse(
            "asset_unreadable",
            name,
            zh=f"“{name}”不是主机名；请写 www.example.com 或 example.com，不带协议、端口和通配符。",
            en=f"'{name}' is no host name; write www.example.com or example.com, without scheme, port or *.",
        )
    asset, at = Asset(name, AssetKind(kind), _text(form, "purpose")), visit.site.installation.now()
    content: Json = {"asset": name, "kind": kind, "purpose": asset.purpose}

    def work(office: Office, object_id: UUID) -> tuple[Asset, ...]:
        return declare_assets(office, object_id, (asset,), at=at)

    return _write(visit, "apply_for_cover", number, form, tuple[Asset, ...], work, content)


def _challenge(visit: Visit, number: str, form: FormData) -> object:
    control = visit.site.installation.control
    name, method = _text(form, "asset"), _text(form, "method")
    if control is None or method not in list(ProofMethod):
        return not_visible(method)
    at, nonce = visit.site.installation.now(), control.nonce()

    def work(office: Office, object_id: UUID) -> Challenge | Refusal:
        way = ProofMethod(method)
        return ask_for_challenge(office, object_id, name, way, key=control.key, nonce=nonce, at=at)

    return _write(visit, "ask_for_challenge", number, form, Challenge, work, {"asset": name, "method": method})


def _prove(visit: Visit, number: str, form: FormData) -> object:
    """The look itself is taken between two transactions: nothing waits for somebody else's name server."""
    control = visit.site.installation.control
    name, method = _text(form, "asset"), _text(form, "method")
    if control is None or method not in list(ProofMethod):
        return not_visible(method)
    at = visit.site.installation.now()

    waiting = visit.ask(lambda office: token_waiting(office, number, name, ProofMethod(method), at=at))
    if isinstance(waiting, Refusal):
        return waiting
    proof = control.look(waiting.challenge, waiting.consent, at)
    if isinstance(proof, Refusal):
        return proof

    def work(office: Office, object_id: UUID) -> ControlProof:
        return record_proof(office, object_id, proof)

    return _write(visit, "prove_control", number, form, ControlProof, work, {"asset": name, "method": method})


def _sign(visit: Visit, number: str, form: FormData) -> object:
    at = visit.site.installation.now()
    read = _scope(form), _period(form)
    fault = next((each for each in read if isinstance(each, Refusal)), None)
    if fault is not None:
        return fault
    scope, period = read
    assert isinstance(scope, Scope)
    assert isinstance(period, Term)
    if form.get("agreed") != "yes" or not _text(form, "signed_by") or not _text(form, "authority"):
        return _not_signed(number)
    key = _text(form, "key")

    def work(office: Office, object_id: UUID) -> ConsentEntry | Refusal:
        applied = office.submissions.of_object(object_id)
        if not applied:
            return not_visible(number)
        wording: ConsentWording = office.catalogue.consent_wording
        consent = Consent(
            consent_id=ConsentId(uuid5(NAMESPACE_URL, f"consent:{number}:{key}")),
            insured=applied[-1].record.organisation.credit_code,
            signed_by=_text(form, "signed_by"),
            authority=_text(form, "authority"),
            text_version=wording.version,
            text_sha256=wording.sha256,
            scope=scope,
            valid=period,
            signed_at=at,
        )
        return give_consent(office, object_id, consent, at=at)

    content: Json = {"assets": list(scope.assets), "methods": list(scope.methods), "until": period.end.isoformat()}
    return _write(visit, "give_consent", number, form, ConsentEntry, work, content)


def _withdraw(visit: Visit, number: str, form: FormData) -> object:
    at = visit.site.installation.now()

    def work(office: Office, object_id: UUID) -> ConsentEntry | Refusal:
        return withdraw_consent(office, object_id, at=at)

    return _write(visit, "give_consent", number, form, ConsentEntry, work, {"withdraw": True})


ACTS: dict[str, Callable[[Visit, str, FormData], object]] = {
    "declare": _declare,
    "challenge": _challenge,
    "proof": _prove,
    "consent": _sign,
    "withdrawal": _withdraw,
}


def _write(
    visit: Visit,
    action: str,
    number: str,
    form: FormData,
    answer: type[T],
    work: Callable[[Office, UUID], T | Refusal],
    content: Json,
) -> T | Refusal:
    def at_work(office: Office) -> T | Refusal:
        object_id = office.objects.by_number(number)
        return not_visible(number) if object_id is None else work(office, object_id)

    return visit.perform(action, _text(form, "key"), answer, at_work, number=number, content=content)


def _scope(form: FormData) -> Scope | Refusal:
    """Assets and methods as they were ticked, exclusions as they were listed; the room itself checks the rest."""
    try:
        hours = DailyHours()
        if _text(form, "hours_from") and _text(form, "hours_to"):
            hours = DailyHours(
                time.fromisoformat(_text(form, "hours_from")), time.fromisoformat(_text(form, "hours_to"))
            )
        return Scope(
            assets=tuple(str(each) for each in form.getlist("assets")),
            methods=tuple(LookMethod(str(each)) for each in form.getlist("methods")),
            hours=hours,
            max_new_per_second=int(_text(form, "rate")),
            excluded_names=_list(form, "excluded_names"),
            excluded_networks=_list(form, "excluded_networks"),
            excluded_ports=tuple(int(each) for each in _list(form, "excluded_ports")),
        )
    except ValueError as fault:
        return _unreadable(str(fault))


def _period(form: FormData) -> Term | Refusal:
    """From the start of the first day to the end of the last."""
    try:
        first, last = (datetime.fromisoformat(_text(form, name)).date() for name in ("valid_from", "valid_to"))
    except ValueError as fault:
        return _unreadable(str(fault))
    return Term(day_start(first), day_start(last + timedelta(days=1)))


def _list(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(_text(form, name).replace(",", " ").replace("，", " ").split())


def _text(form: FormData, name: str) -> str:
    return str(form.get(name, "")).strip()


def _unreadable(detail: str) -> Refusal:
    return refuse(
        "consent_unreadable",
        "consent",
        zh=f"授权内容无法读取（{detail}）；请填写起止日期、速率，端口用数字，时段写成 01:00。",
        en=f"The consent cannot be read ({detail}); give first and last day and the rate, ports as numbers, hours as "
        "01:00.",
    )


def _not_signed(number: str) -> Refusal:
    return refuse(
        "consent_not_signed",
        number,
        zh=f"{number} 的授权书尚未签署：须填写签署人与其权限，并勾选已阅读并同意；请补齐后提交。",
        en=f"The consent for {number} is not signed: who signs, by what authority, and that the text was read and "
        "agreed to are all needed; complete them and send it again.",
    )
