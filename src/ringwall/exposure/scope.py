"""May this packet leave? The one judgement that stands between a probe and a socket."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from ringwall.basics import Refusal, Term, refuse
from ringwall.exposure.assets import ControlProof, ProofMethod
from ringwall.exposure.consent import Consent, LookMethod, plain_name

NAT64 = ip_network("64:ff9b::/96")
IpAddress = IPv4Address | IPv6Address


def may_look(
    consent: Consent | None,
    proofs: tuple[ControlProof, ...],
    asset: str,
    address: str | None,
    port: int | None,
    at: datetime,
    method: LookMethod,
    *,
    allow_loopback: bool = False,
) -> Refusal | None:
    """Nothing where the look is allowed, else why not. An exclusion is asked first and always wins.

    `address` and `port` are missing for a look-up that sends the insured no packet, such as a DNS query to
    our own resolver. A passive look needs a consent; an active one needs proof of control besides.
    """
    if consent is None:
        return _no_consent(asset)
    reached = reached_address(address) if address is not None else None
    return (
        _excluded(consent, asset, address, port)
        or (_unreadable(asset, address) if address is not None and reached is None else None)
        or _not_in_force(consent, asset, at)
        or _not_in_scope(consent, asset, at, method)
        or (_not_public(asset, reached, allow_loopback) if reached else None)
        or (_not_proved(proofs, asset, address, at) if method is LookMethod.ACTIVE else None)
    )


def may_plan(consent: Consent | None, asset: str, term: Term, method: LookMethod) -> Refusal | None:
    """Whether looks at an asset may be planned for a term; hours, addresses and proofs are asked at each look."""
    if consent is None:
        return _no_consent(asset)
    return (
        _excluded(consent, asset, None, None)
        or stands_over(consent, asset, term)
        or _not_covered(consent, asset)
        or _other_method(consent, asset, method)
    )


def stands_over(consent: Consent | None, what: str, term: Term) -> Refusal | None:
    """Whether a consent is in force over a whole term, for `what` is planned in it."""
    if consent is None:
        return _no_consent(what)
    return _not_in_force(consent, what, term.start) or _ends_within(consent, what, term)


def reached_address(text: str) -> IpAddress | None:
    """The address that a packet ends up at: an IPv4 address hidden in an IPv6 one is unwrapped."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFF_FFFF)
        return inner or address
    return address


def _excluded(consent: Consent, asset: str, address: str | None, port: int | None) -> Refusal | None:
    scope, name = consent.scope, plain_name(asset)
    for entry in scope.excluded_names:
        barred = plain_name(entry.removeprefix("*."))
        if name == barred or name.endswith(f".{barred}"):
            return _exclusion(consent, asset, entry)
    if port is not None and port in scope.excluded_ports:
        return _exclusion(consent, f"{asset}:{port}", str(port))
    written = _ways_to_write(address) if address else ()
    for text in scope.excluded_networks if address else ():
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            return _exclusion(consent, asset, text)  # an exclusion that cannot be read excludes everything
        if any(way in network for way in written):
            return _exclusion(consent, asset, text)
    return None


def _ways_to_write(address: str) -> tuple[IpAddress, ...]:
    """One address in every form in which an exclusion may have named it."""
    reached = reached_address(address)
    if reached is None:
        return ()
    mapped = (IPv6Address(f"::ffff:{reached}"),) if isinstance(reached, IPv4Address) else ()
    return (ip_address(address), reached, *mapped)


def _exclusion(consent: Consent, where: str, entry: str) -> Refusal:
    return refuse(
        "excluded",
        where,
        zh=f"{where} 属于授权 {consent.consent_id} 的排除范围（{entry}），不作检查；如需检查，请被保险人另行签署授权。",
        en=f"{where} falls under the exclusion {entry} of consent {consent.consent_id} and is not looked at; "
        "to have it looked at, the insured signs a new consent.",
    )


def _no_consent(asset: str) -> Refusal:
    return refuse(
        "no_consent",
        asset,
        zh=f"{asset} 没有授权书，不发送任何数据包；请先由被保险人签署授权书。",
        en=f"There is no consent for {asset}, so no packet is sent; have the insured sign one first.",
    )


def _unreadable(asset: str, address: str) -> Refusal:
    return refuse(
        "address_unreadable",
        asset,
        zh=f"{asset} 解析得到的“{address}”不是 IP 地址；请核对域名解析。",
        en=f'{asset} resolved to "{address}", which is no IP address; check the DNS record.',
    )


def _not_in_force(consent: Consent, asset: str, at: datetime) -> Refusal | None:
    if consent.withdrawn_at is not None and at >= consent.withdrawn_at:
        return refuse(
            "consent_withdrawn",
            asset,
            zh=f"授权 {consent.consent_id} 已于 {consent.withdrawn_at.isoformat()} 撤回，{asset} 不再检查；"
            "请签署新的授权书。",
            en=f"Consent {consent.consent_id} was withdrawn at {consent.withdrawn_at.isoformat()}, so {asset} is not "
            "looked at; have a new consent signed.",
        )
    if not consent.valid.contains(at):
        start, end = consent.valid.start.isoformat(), consent.valid.end.isoformat()
        return refuse(
            "consent_not_in_force",
            asset,
            zh=f"授权 {consent.consent_id} 的有效期为 {start} 至 {end}，{asset} 的检查时间 {at.isoformat()} 不在其内；"
            "请改期或续签授权。",
            en=f"Consent {consent.consent_id} holds from {start} to {end}, the look at {asset} is at {at.isoformat()}; "
            "move it or renew the consent.",
        )
    return None


def _not_in_scope(consent: Consent, asset: str, at: datetime, method: LookMethod) -> Refusal | None:
    return _not_covered(consent, asset) or _other_method(consent, asset, method) or _outside_hours(consent, asset, at)


def _not_covered(consent: Consent, asset: str) -> Refusal | None:
    if consent.scope.covers(asset):
        return None
    return refuse(
        "not_in_scope",
        asset,
        zh=f"{asset} 不在授权 {consent.consent_id} 所列资产之内；请把它加入授权书后再检查。",
        en=f"{asset} is not among the assets of consent {consent.consent_id}; add it to the consent first.",
    )


def _other_method(consent: Consent, asset: str, method: LookMethod) -> Refusal | None:
    if method in consent.scope.methods:
        return None
    return refuse(
        "method_not_allowed",
        asset,
        zh=f"授权 {consent.consent_id} 不含方式“{method}”，{asset} 不作此项检查；请补充授权方式。",
        en=f"Consent {consent.consent_id} does not allow {method} looks, so {asset} gets none; extend the consent.",
    )


def _outside_hours(consent: Consent, asset: str, at: datetime) -> Refusal | None:
    hours = consent.scope.hours
    if hours.contains(at):
        return None
    return refuse(
        "outside_hours",
        asset,
        zh=f"授权 {consent.consent_id} 只许在 {hours} 检查，而检查时间为 {at.isoformat()}；请改到该时段。",
        en=f"Consent {consent.consent_id} allows looks in {hours} only, this one is at {at.isoformat()}; "
        "move it into these hours.",
    )


def _ends_within(consent: Consent, what: str, term: Term) -> Refusal | None:
    end = consent.valid.end if consent.withdrawn_at is None else min(consent.valid.end, consent.withdrawn_at)
    if term.end <= end:
        return None
    return refuse(
        "consent_ends_within",
        what,
        zh=f"授权 {consent.consent_id} 于 {end.isoformat()} 止，而 {what} 的工作要到 {term.end.isoformat()}；"
        "请先续签授权。",
        en=f"Consent {consent.consent_id} ends at {end.isoformat()}, the work on {what} lasts until "
        f"{term.end.isoformat()}; renew the consent first.",
    )


def _not_public(asset: str, address: IpAddress, allow_loopback: bool) -> Refusal | None:
    if address.is_loopback:
        public = allow_loopback
    else:
        special = address.is_multicast or address.is_reserved or address.is_link_local or address.is_unspecified
        public = address.is_global and not special
    if public:
        return None
    return refuse(
        "address_not_public",
        asset,
        zh=f"{asset} 指向 {address}，不是公网地址，不从外部检查；请更正域名解析或从资产清单中移除。",
        en=f"{asset} points to {address}, which is not a public address and is not looked at from outside; "
        "correct the DNS record or take the asset off the list.",
    )


def _not_proved(proofs: tuple[ControlProof, ...], asset: str, address: str | None, at: datetime) -> Refusal | None:
    """The newest look of each way of proving decides; a parent's DNS proof covers the names below it."""
    newest: dict[tuple[str, ProofMethod], ControlProof] = {}
    for proof in sorted(proofs, key=lambda p: p.seen_at):
        if proof.seen_at <= at and _covers(proof, asset):
            newest[plain_name(proof.asset), proof.method] = proof
    holding = [proof for proof in newest.values() if proof.holds(at)]
    if any(_same_place(proof, address) for proof in holding):
        return None
    if holding:
        proved_at = ", ".join(holding[0].addresses)
        return refuse(
            "address_moved",
            asset,
            zh=f"{asset} 现指向 {address}，与证明控制权时的地址（{proved_at}）不同；请重新证明控制权。",
            en=f"{asset} now points to {address}, not to where control was proved ({proved_at}); prove control again.",
        )
    return _missing_proof(asset, list(newest.values()))


def _covers(proof: ControlProof, asset: str) -> bool:
    name, proved = plain_name(asset), plain_name(proof.asset)
    return name == proved or (proof.method is ProofMethod.DNS_TXT and name.endswith(f".{proved}"))


def _same_place(proof: ControlProof, address: str | None) -> bool:
    if not proof.addresses or address is None:
        return True
    return reached_address(address) in [reached_address(text) for text in proof.addresses]


def _missing_proof(asset: str, seen: list[ControlProof]) -> Refusal:
    if not seen:
        return refuse(
            "no_proof",
            asset,
            zh=f"{asset} 的控制权尚未证明，不作主动检查；请发布 DNS TXT 或 HTTP 令牌后重试。",
            en=f"Control of {asset} was never proved, so there is no active look; publish the DNS TXT record or the "
            "HTTP token and try again.",
        )
    last = max(seen, key=lambda p: p.seen_at)
    if last.proved:
        return refuse(
            "proof_expired",
            asset,
            zh=f"{asset} 的控制权证明作于 {last.seen_at.isoformat()}，已过期；请重新证明控制权。",
            en=f"Control of {asset} was last proved at {last.seen_at.isoformat()} and that is too old; prove it again.",
        )
    return refuse(
        "proof_failed",
        asset,
        zh=f"{asset} 的控制权于 {last.seen_at.isoformat()} 复核未通过（{last.detail}）；请恢复令牌后重新证明。",
        en=f"The check of {last.seen_at.isoformat()} found no control of {asset} ({last.detail}); restore the token "
        "and prove control again.",
    )
