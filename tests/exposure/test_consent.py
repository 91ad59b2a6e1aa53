"""The consent: its chain of records, its bounds, and the question that stands before every packet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from ipaddress import IPv4Address, ip_address
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import SHANGHAI, ConsentId, Refusal, Term
from ringwall.exposure import (
    CHAIN_START,
    Consent,
    ConsentEntry,
    ControlProof,
    DailyHours,
    LookMethod,
    ProofMethod,
    Scope,
    append_consent,
    chain_hash,
    check_consent,
    consent_on_record,
    may_look,
    reached_address,
    verify_chain,
    withdraw,
)

AT = datetime(2025, 12, 15, 10, tzinfo=SHANGHAI)
HOST = "erp.jiangkou.test"
ADDRESS = "203.0.114.7"
BOTH = (LookMethod.PASSIVE, LookMethod.ACTIVE)
SCOPE = Scope(("jiangkou.test", "*.jiangkou.test"), BOTH)


def consent(scope: Scope = SCOPE, number: int = 1) -> Consent:
    return Consent(
        ConsentId(UUID(int=number)),
        "jiangkou",
        "Chen Lan",
        "general manager",
        "2026-01",
        "ab" * 32,
        scope,
        Term(AT - timedelta(days=5), AT + timedelta(days=365)),
        AT - timedelta(days=5),
    )


def proof(proved: bool = True, days_ago: int = 0, **change: object) -> ControlProof:
    made = ControlProof("jiangkou.test", ProofMethod.DNS_TXT, proved, AT - timedelta(days=days_ago), "no TXT record")
    return replace(made, **change)


GIVEN = consent()
PROOFS = (proof(),)


def ask(
    given: Consent | None = GIVEN,
    proofs: tuple[ControlProof, ...] = PROOFS,
    asset: str = HOST,
    address: str | None = ADDRESS,
    port: int | None = 443,
    at: datetime = AT,
    method: LookMethod = LookMethod.ACTIVE,
    allow_loopback: bool = False,
) -> str:
    """The code of the refusal, or `allowed`."""
    refusal = may_look(given, proofs, asset, address, port, at, method, allow_loopback=allow_loopback)
    return refusal.code if refusal else "allowed"


def test_a_consented_and_proved_host_may_be_looked_at() -> None:
    assert ask() == "allowed"


def test_without_consent_no_packet() -> None:
    assert ask(None) == "no_consent"


def test_a_withdrawn_consent_allows_nothing_from_that_instant() -> None:
    taken_back = withdraw(consent(), AT)
    assert ask(taken_back) == "consent_withdrawn"
    assert ask(taken_back, at=AT - timedelta(microseconds=1), proofs=(proof(days_ago=1),)) == "allowed"


@pytest.mark.parametrize("days", [-6, 365])
def test_outside_its_period_a_consent_allows_nothing(days: int) -> None:
    assert ask(at=AT + timedelta(days=days)) == "consent_not_in_force"


def test_a_name_that_the_consent_does_not_list_is_not_in_scope() -> None:
    assert ask(asset="shop.other.test") == "not_in_scope"
    assert ask(asset="evil-jiangkou.test") == "not_in_scope"
    assert ask(consent(Scope(("jiangkou.test",), BOTH))) == "not_in_scope"


def test_names_are_compared_without_case_and_closing_dot() -> None:
    assert ask(asset="ERP.Jiangkou.TEST.") == "allowed"
    assert ask(consent(replace(SCOPE, excluded_names=("Erp.jiangkou.test.",)))) == "excluded"


def test_an_active_look_needs_an_active_consent() -> None:
    passive_only = consent(replace(SCOPE, methods=(LookMethod.PASSIVE,)))
    assert ask(passive_only) == "method_not_allowed"
    assert ask(passive_only, method=LookMethod.PASSIVE) == "allowed"


@pytest.mark.parametrize(
    ("start", "end", "hour", "answer"),
    [(22, 6, 23, "allowed"), (22, 6, 5, "allowed"), (22, 6, 6, "outside_hours"), (8, 9, 9, "outside_hours")],
)
def test_hours_are_local_and_may_cross_midnight(start: int, end: int, hour: int, answer: str) -> None:
    night = consent(replace(SCOPE, hours=DailyHours(time(start), time(end))))
    at = AT.replace(hour=hour).astimezone(UTC)
    assert ask(night, (proof(days_ago=1),), at=at) == answer


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "127.0.0.1", "::1", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
    ],
)  # fmt: skip
def test_no_look_at_an_address_that_is_not_public(address: str) -> None:
    assert ask(address=address) == "address_not_public"


def test_the_lab_flag_opens_loopback_and_nothing_else() -> None:
    assert ask(address="127.41.3.10", allow_loopback=True) == "allowed"
    assert ask(address="10.0.0.1", allow_loopback=True) == "address_not_public"


def test_what_is_no_address_is_refused() -> None:
    assert ask(address="example") == "address_unreadable"


def test_an_active_look_needs_proof_and_a_passive_one_does_not() -> None:
    assert ask(proofs=()) == "no_proof"
    assert ask(proofs=(), method=LookMethod.PASSIVE) == "allowed"


def test_a_proof_holds_for_ninety_days() -> None:
    assert ask(proofs=(proof(days_ago=90),)) == "allowed"
    assert ask(proofs=(proof(days_ago=91),)) == "proof_expired"


def test_a_later_failed_check_ends_the_proof_the_same_day() -> None:
    assert ask(proofs=(proof(days_ago=2), proof(proved=False))) == "proof_failed"


def test_a_proof_of_tomorrow_proves_nothing_today() -> None:
    assert ask(proofs=(proof(days_ago=-1),)) == "no_proof"


def test_a_parent_covers_names_below_it_by_dns_only() -> None:
    by_http = proof(method=ProofMethod.HTTP_TOKEN)
    assert ask(proofs=(by_http,)) == "no_proof"
    assert ask(proofs=(by_http,), asset="jiangkou.test") == "allowed"
    assert ask(proofs=(proof(asset="www.jiangkou.test"),)) == "no_proof"


def test_a_host_that_moved_from_where_it_was_proved_is_refused() -> None:
    here = proof(asset=HOST, method=ProofMethod.HTTP_TOKEN, addresses=(ADDRESS,))
    assert ask(proofs=(here,)) == "allowed"
    assert ask(proofs=(here,), address="203.0.114.8") == "address_moved"


@pytest.mark.parametrize(
    ("code", "words"),
    [(ask(None), "no_consent"), (ask(proofs=()), "no_proof"), (ask(asset="x.test"), "not_in_scope")],
)
def test_refusals_have_stable_codes(code: str, words: str) -> None:
    assert code == words


def test_a_refusal_names_the_thing_and_the_next_step_in_both_languages() -> None:
    refusal = may_look(consent(), (), HOST, ADDRESS, 443, AT, LookMethod.ACTIVE)
    assert isinstance(refusal, Refusal)
    assert refusal.where == HOST
    assert HOST in refusal.message.zh
    assert "请" in refusal.message.zh
    assert "publish the DNS TXT record" in refusal.message.en


names = st.sampled_from(
    [HOST, "jiangkou.test", "www.jiangkou.test", "a.b.jiangkou.test", "other.test", "ERP.jiangkou.test."]
)
addresses = st.one_of(
    st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(str), st.sampled_from([ADDRESS, "127.0.0.1", "nonsense"])
)
instants = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001
proof_sets = st.lists(
    st.builds(
        ControlProof,
        names,
        st.sampled_from(ProofMethod),
        st.booleans(),
        st.sampled_from([AT, AT - timedelta(days=80), AT - timedelta(days=200)]),
    ),
    max_size=4,
).map(tuple)


@st.composite
def looks_with_an_exclusion(draw: st.DrawFn) -> tuple[Consent, str, str, int]:
    """Some look, and a consent that lists all of it as allowed but excludes it by name, network or port."""
    asset, address, port = draw(names), draw(addresses), draw(st.integers(1, 65_535))
    scope = replace(SCOPE, assets=(asset, f"*.{asset}", *SCOPE.assets))
    ways = ["name", "parent", "port"] + (["network"] if address != "nonsense" else [])
    match draw(st.sampled_from(ways)):
        case "name":
            scope = replace(scope, excluded_names=(asset.upper(),))
        case "parent":
            scope = replace(scope, excluded_names=(asset.partition(".")[2],))
        case "port":
            scope = replace(scope, excluded_ports=(port,))
        case _:
            written = draw(st.sampled_from([address, str(reached_address(address)), _mapped(address)]))
            bits = draw(st.integers(0, ip_address(written).max_prefixlen))
            scope = replace(scope, excluded_networks=(f"{written}/{bits}",))
    return consent(scope), asset, address, port


def _mapped(address: str) -> str:
    """An IPv4 address as it is written inside IPv6; any other address as it is."""
    reached = reached_address(address)
    return f"::ffff:{reached}" if isinstance(reached, IPv4Address) else address


@given(looks_with_an_exclusion(), proof_sets, instants, st.sampled_from(LookMethod), st.booleans())
def test_an_exclusion_always_wins(
    look: tuple[Consent, str, str, int],
    proofs: tuple[ControlProof, ...],
    at: datetime,
    method: LookMethod,
    allow_loopback: bool,
) -> None:
    given, asset, address, port = look
    assert ask(given, proofs, asset, address, port, at, method, allow_loopback) == "excluded"


def test_an_exclusion_that_cannot_be_read_excludes_everything() -> None:
    assert ask(consent(replace(SCOPE, excluded_networks=("not a network",)))) == "excluded"


def test_an_excluded_network_holds_for_an_address_wrapped_in_ipv6() -> None:
    scope = replace(SCOPE, excluded_networks=("203.0.114.0/24",))
    assert ask(consent(scope), address=f"::ffff:{ADDRESS}") == "excluded"


# The record


def test_every_change_of_a_consent_changes_its_hash() -> None:
    base = consent()
    changed = [
        replace(base, signed_by="Li Ming"),
        replace(base, text_sha256="cd" * 32),
        withdraw(base, AT),
        replace(base, scope=replace(SCOPE, excluded_ports=(22,))),
        replace(base, scope=replace(SCOPE, max_new_per_second=10)),
        replace(base, valid=Term(base.valid.start, base.valid.end - timedelta(days=1))),
    ]
    assert len({chain_hash(CHAIN_START, record) for record in (base, *changed)}) == len(changed) + 1


def test_the_same_instants_in_another_zone_give_the_same_hash() -> None:
    base = consent()
    moved = replace(
        base,
        signed_at=base.signed_at.astimezone(UTC),
        valid=Term(base.valid.start.astimezone(UTC), base.valid.end.astimezone(UTC)),
    )
    assert chain_hash(CHAIN_START, base) == chain_hash(CHAIN_START, moved)


def a_chain() -> tuple[ConsentEntry, ...]:
    chain: tuple[ConsentEntry, ...] = ()
    for record in (consent(), consent(number=2), withdraw(consent(), AT)):
        chain = append_consent(chain, record)
    return chain


def test_an_untouched_chain_verifies_and_a_withdrawal_is_a_further_record() -> None:
    chain = a_chain()
    assert verify_chain(chain) is None
    newest = consent_on_record(chain, ConsentId(UUID(int=1)))
    assert newest is not None
    assert newest.withdrawn_at == AT
    assert chain[0].consent.withdrawn_at is None
    assert consent_on_record(chain, ConsentId(UUID(int=9))) is None


@given(st.integers(0, 2), st.sampled_from(["edit", "drop", "swap", "insert"]))
def test_a_chain_that_was_touched_does_not_verify(place: int, touch: str) -> None:
    chain = list(a_chain())
    match touch:
        case "edit":
            chain[place] = replace(chain[place], consent=replace(chain[place].consent, signed_by="somebody else"))
        case "drop" if place < 2:
            del chain[place]
        case "swap" if place < 2:
            chain[place], chain[place + 1] = chain[place + 1], chain[place]
        case _:
            chain.insert(place, chain[place])
    refusal = verify_chain(chain)
    assert refusal is not None
    assert refusal.code == "consent_chain_broken"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"excluded_networks": ("203.0.113.0/40",)}, "network_unreadable"),
        ({"excluded_ports": (0,)}, "port_unreadable"),
        ({"max_new_per_second": 51}, "rate_out_of_bounds"),
        ({"max_new_per_second": 0}, "rate_out_of_bounds"),
        ({"assets": ()}, "consent_empty"),
        ({"methods": ()}, "consent_empty"),
    ],
)
def test_a_consent_with_a_fault_is_not_recorded(change: dict[str, object], code: str) -> None:
    assert [refusal.code for refusal in check_consent(consent(replace(SCOPE, **change)))] == [code]


def test_a_consent_without_fault_is_recorded() -> None:
    assert check_consent(consent()) == ()
    backwards = replace(consent(), valid=Term(AT, AT))
    assert [refusal.code for refusal in check_consent(backwards)] == ["consent_ends_before_start"]
