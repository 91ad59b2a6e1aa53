"""Indicators on labelled synthetic traffic: what they find of what is there, and what they say of what is not.

The shares are those measured when the thresholds were set; the marker `full` repeats them on the numbers of that day.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from ringwall.evidence import Calls, HourlyCount, NameSpread, TrafficBatch, indicators

DAY = date(2026, 3, 1)
MIDNIGHT = datetime(2026, 2, 28, 16, tzinfo=UTC)
SECONDS = 86_400


def raised(code: str, **parts: object) -> set[str]:
    """The hosts for which the code is raised."""
    hour = HourlyCount("h-none", MIDNIGHT, "flow", 1, 0, 0, 0)
    whole: dict[str, object] = {"hourly": (hour,), "interesting": ()} | parts
    batch = TrafficBatch("f", 1, "0", 1, 0, MIDNIGHT, MIDNIGHT, **whole)  # type: ignore[arg-type]
    return {i.host for i in indicators([batch]) if i.code == code and i.raised}


def calls(number: int, seconds: list[float], sizes: list[int]) -> Calls:
    starts = tuple(sorted(round(MIDNIGHT.timestamp() + second) for second in seconds))
    return Calls(f"h-{number}", f"198.51.100.{number % 250}:{number}", 443, DAY, starts, tuple(sizes))


def beacon(number: int, jitter: float, chance: random.Random) -> Calls:
    """Calls all day, every one to thirty minutes, each moved by at most a share of the interval."""
    interval = chance.uniform(60, 1_800)
    seconds = [
        min(SECONDS - 1, max(0, n * interval + interval * jitter * chance.uniform(-0.5, 0.5)))
        for n in range(int(SECONDS / interval))
    ]
    return calls(number, seconds, [chance.randrange(400, 420) for _ in seconds])


def browsing(number: int, chance: random.Random) -> Calls:
    """A few sittings with bursts of pages of all sizes."""
    seconds: list[float] = []
    for _ in range(chance.randrange(1, 5)):
        at = chance.uniform(8, 18) * 3_600
        for _ in range(chance.randrange(2, 25)):
            at = min(SECONDS - 1.0, at + chance.expovariate(1 / 40))
            seconds.append(at)
    return calls(number, seconds, [int(chance.lognormvariate(8, 1.5)) for _ in seconds])


@pytest.mark.parametrize("jitter", [0.0, 0.1, 0.3])
def test_every_beacon_through_the_day_is_found_up_to_a_jitter_of_three_tenths(jitter: float) -> None:
    chance = random.Random(3)
    assert len(raised("beacons", calls=tuple(beacon(n, jitter, chance) for n in range(30)))) == 30


def test_with_a_jitter_of_half_nearly_every_beacon_is_found() -> None:
    chance = random.Random(4)
    assert len(raised("beacons", calls=tuple(beacon(n, 0.5, chance) for n in range(30)))) >= 28


def test_browsing_is_never_a_beacon() -> None:
    chance = random.Random(5)
    assert raised("beacons", calls=tuple(browsing(n, chance) for n in range(300))) == set()


@pytest.mark.full
def test_browsing_is_never_a_beacon_in_twenty_thousand_pairs() -> None:
    chance = random.Random(6)
    assert raised("beacons", calls=tuple(browsing(n, chance) for n in range(20_000))) == set()


def spread(host: int, names: int, label: float, entropy: float) -> NameSpread:
    return NameSpread(f"h-{host}", DAY, f"d{host}.example", names, label, entropy, ())


def test_tunnels_are_found_and_ordinary_and_cdn_like_names_are_not() -> None:
    chance = random.Random(7)
    tunnels = [
        spread(n, chance.randrange(200, 5_000), chance.uniform(28, 60), chance.uniform(3.6, 5)) for n in range(100)
    ]
    ordinary = [
        spread(1_000 + n, chance.randrange(1, 120), chance.uniform(3, 14), chance.uniform(1, 3.2)) for n in range(5_000)
    ]
    networks = [
        spread(9_000 + n, chance.randrange(150, 400), chance.uniform(14, 24), chance.uniform(2.8, 3.9))
        for n in range(100)
    ]
    found = raised("dns_tunnel", names=(*tunnels, *ordinary, *networks))
    assert found == {f"h-{n}" for n in range(100)}


def outflow(host: int, amounts: list[int]) -> list[HourlyCount]:
    return [
        HourlyCount(f"h-{host}", MIDNIGHT + timedelta(days=day), "flow", 1, amount, 0, 0)
        for day, amount in enumerate(amounts)
    ]


def test_data_carried_off_is_found_and_ordinary_days_are_left_alone() -> None:
    """Thirty days of each host; on the last one in ten sends five to twenty thousand million bytes."""
    chance = random.Random(8)
    rows: list[HourlyCount] = []
    for host in range(100):
        usual = chance.uniform(16, 19)
        days = [int(chance.lognormvariate(usual, 0.4)) for _ in range(30)]
        rows += outflow(host, [*days, chance.randrange(5, 20) * 10**9] if host < 10 else days)
    batch = TrafficBatch("f", 1, "0", 1, 0, MIDNIGHT, MIDNIGHT, hourly=tuple(rows), interesting=())
    found = [i for i in indicators([batch]) if i.code == "outbound_volume" and i.raised]
    assert {i.host for i in found if i.day == DAY + timedelta(days=30)} == {f"h-{n}" for n in range(10)}
    ordinary = [i for i in found if i.day != DAY + timedelta(days=30)]
    assert len(ordinary) <= 100 * 30 * 0.001
