"""Ingest of EVE files: the same figures as a slow reader, nothing personal in them, and bad lines named."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from hashlib import sha256
from io import FileIO
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ringwall
from ringwall.basics import Refusal
from ringwall.evidence import NO_INSIDE_HOST, Kind, TrafficBatch, indicators
from ringwall.shell.sensors import eve, ingest, pseudonym
from ringwall.shell.sensors.inside import Network, inside_predicate, outward_name
from ringwall.shell.sensors.rejected import complaint

SAMPLE = Path(ringwall.__file__).parent / "catalogue/lab/eve.ndjson"
SHARED = Path(__file__).parents[3] / "../shared/data/evidence/eve/eve_sample.ndjson"
INSIDE: tuple[Network, ...] = (ip_network("10.41.0.0/16"),)
KEY = bytes(range(32))
MAIL, STRANGE_PC = pseudonym(KEY, "10.41.0.25"), pseudonym(KEY, "10.41.2.44")
GOOD = '{"timestamp":"2026-03-01T08:00:00.000001+0800","event_type":"dns","src_ip":"10.41.0.1","dest_ip":"192.0.2.53"}'


def taken(path: Path, **options: object) -> TrafficBatch:
    batch = ingest(path, key=KEY, inside=INSIDE, **options)  # type: ignore[arg-type]
    assert isinstance(batch, TrafficBatch), batch
    return batch


def refused(path: Path, key: bytes = KEY, inside: tuple[Network, ...] = INSIDE) -> str:
    answer = ingest(path, key=key, inside=inside)
    assert isinstance(answer, Refusal)
    assert answer.where == path.name
    return answer.code


def a_file(folder: Path, *lines: str | bytes, name: str = "eve.json") -> Path:
    path = folder / name
    path.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in lines) + b"\n")
    return path


def slow_reader(path: Path) -> Counter[tuple[str, datetime, str, str]]:
    """The hourly table again, line by line with the standard library: events, bytes out and in, severe alerts."""
    found: Counter[tuple[str, datetime, str, str]] = Counter()
    for line in path.read_text().splitlines():
        event = json.loads(line)
        kind, flow = event["event_type"], event.get("flow", {})
        instant = datetime.fromisoformat(flow["start"] if kind == "flow" else event["timestamp"])
        ends = [event["src_ip"], event["dest_ip"]]
        inside = [end.startswith("10.41.") for end in ends]
        host = pseudonym(KEY, ends[inside.index(True)]) if any(inside) else NO_INSIDE_HOST
        key = (host, instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0), kind)
        found[(*key, "events")] += 1
        found[(*key, "severe")] += kind == "alert" and event["alert"]["severity"] == 1
        if kind == "flow" and inside[0] != inside[1]:
            sent, got = flow["bytes_toserver"], flow["bytes_toclient"]
            found[(*key, "out")] += sent if inside[0] else got
            found[(*key, "in")] += got if inside[0] else sent
    return +found


def as_counter(batch: TrafficBatch) -> Counter[tuple[str, datetime, str, str]]:
    found: Counter[tuple[str, datetime, str, str]] = Counter()
    for row in batch.hourly:
        key = (row.host, row.hour, row.event_type)
        found[(*key, "events")] += row.events
        found[(*key, "severe")] += row.severe_alerts
        found[(*key, "out")] += row.bytes_out
        found[(*key, "in")] += row.bytes_in
    return +found


@pytest.fixture(scope="module")
def sample() -> TrafficBatch:
    return taken(SAMPLE)


def test_the_hourly_table_equals_that_of_a_slow_reader(sample: TrafficBatch) -> None:
    assert as_counter(sample) == slow_reader(SAMPLE)
    assert (sample.lines, sample.rejected, sample.refusals) == (663, 0, ())


def test_one_worker_or_four_give_the_same_batch(sample: TrafficBatch) -> None:
    assert taken(SAMPLE, threads=1) == taken(SAMPLE, threads=4) == sample


def test_nothing_personal_leaves_the_reader(sample: TrafficBatch) -> None:
    said = repr(sample)
    text = SAMPLE.read_text()
    for hidden in ("10.41.", "invented", "Mozilla", "Stage-Loader", "user07", "mail.jiangkou", "ja3", "shop.example"):
        assert hidden not in said
    assert '"rrname":"' in text
    labels = [json.loads(line).get("dns", {}).get("rrname", "").split(".")[0] for line in text.splitlines()]
    assert not [label for label in labels if len(label) > 20 and label in said]


def test_the_sample_raises_what_its_story_tells(sample: TrafficBatch) -> None:
    raised = {(i.code, i.host, i.day) for i in indicators([sample]) if i.raised}
    strange_day = date(2026, 2, 28)
    assert {("beacons", STRANGE_PC, strange_day), ("dns_tunnel", STRANGE_PC, strange_day)} <= raised
    assert {day for code, host, day in raised if (code, host) == ("expired_certificates", MAIL)} == {
        date(2026, 2, 27),
        strange_day,
        date(2026, 3, 1),
    }
    assert not [code for code, _, _ in raised if code == "outbound_volume"]
    assert {host for code, host, _ in raised if code in ("beacons", "dns_tunnel")} == {STRANGE_PC}


def test_another_key_changes_the_names_and_no_figure(sample: TrafficBatch) -> None:
    other = ingest(SAMPLE, key=bytes(32), inside=INSIDE)
    assert isinstance(other, TrafficBatch)
    assert not {row.host for row in other.hourly} & {row.host for row in sample.hourly}
    figures = [sorted((i.code, i.day, i.value) for i in indicators([batch])) for batch in (other, sample)]
    assert figures[0] == figures[1]


def test_a_certificate_dated_anew_changes_only_what_hangs_on_it(tmp_path: Path, sample: TrafficBatch) -> None:
    lines = SAMPLE.read_text().splitlines()
    (place, *_) = (n for n, line in enumerate(lines) if '"event_type":"tls"' in line and "2026-01-31T" in line)
    lines[place] = lines[place].replace("2026-01-31T", "2026-12-31T")
    changed = taken(a_file(tmp_path, *lines))
    before, after = (set(indicators([batch])) for batch in (sample, changed))
    assert {i.code for i in before ^ after} == {"expired_certificates"}
    assert {i.host for i in before ^ after} == {MAIL}
    assert changed.hourly == sample.hourly


def test_bad_lines_are_counted_and_the_first_few_named(tmp_path: Path) -> None:
    bad: list[str | bytes] = ["", "{", "[1]", "7", b'{"a":"\xff"}', "nothing", "[" * 5000, GOOD[:40]]
    batch = taken(a_file(tmp_path, GOOD, *bad, GOOD))
    assert (batch.lines, batch.rejected) == (9, 7)
    assert [refusal.where for refusal in batch.refusals] == [f"eve.json:{line}" for line in (3, 4, 5, 6, 7)]
    assert {refusal.code for refusal in batch.refusals} == {"traffic_line_rejected"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("+0800", ""),
        ("2026-03-01", "yesterday"),
        ("2026-", "1969-"),
        ("2026-", "2200-"),
        ('"timestamp"', '"time"'),
        ('"event_type":"dns"', '"event_type":null'),
        ('"event_type":"dns"', '"event_type":"flow"'),
        ('"event_type":"dns"', '"event_type":"flow","flow":{"start":"2026-03-01T08:00:00.000001+0800"}'),
        (
            '"event_type":"dns"',
            '"event_type":"flow","flow":{"start":"2026-03-01T08:00:00.000001+0800","bytes_toserver":-1,'
            '"bytes_toclient":2}',
        ),
    ],
)
def test_the_reader_and_the_one_who_names_agree_on_what_is_bad(tmp_path: Path, old: str, new: str) -> None:
    line = GOOD.replace(old, new)
    batch = taken(a_file(tmp_path, GOOD, line))
    assert batch.rejected == 1
    assert complaint(line.encode()) is not None
    assert complaint(GOOD.encode()) is None
    assert [refusal.where for refusal in batch.refusals] == ["eve.json:2"]


def test_more_rows_than_are_kept_are_counted(tmp_path: Path) -> None:
    alert = GOOD.replace('"dns"', '"alert","alert":{"signature_id":1,"signature":"S","severity":3}')
    ports = [alert.replace('"dest_ip"', f'"dest_port":{port},"dest_ip"') for port in range(5_007)]
    severe = alert.replace('"severity":3', '"severity":1')
    batch = taken(a_file(tmp_path, *ports, severe))
    assert (len(batch.interesting), batch.interesting[0].severity) == (5_000, 1)
    assert "8 further" in batch.refusals[0].message.en
    assert sum(row.events for row in batch.hourly) == 5_008


def test_an_endless_line_does_not_stop_the_others(tmp_path: Path) -> None:
    batch = taken(a_file(tmp_path, GOOD, b"x" * 40_000_000, GOOD))
    assert (batch.lines, batch.rejected) == (3, 1)
    assert batch.refusals[0].where == "eve.json:2"
    assert "8 MiB" in batch.refusals[0].message.en


def test_a_file_name_is_never_a_pattern(tmp_path: Path) -> None:
    a_file(tmp_path, GOOD, GOOD, name="eve1.json")
    assert taken(a_file(tmp_path, GOOD, name="eve[1].json")).lines == 1
    assert taken(a_file(tmp_path, GOOD, name="eve*.json")).lines == 1


def test_a_last_line_without_its_end_is_a_line(tmp_path: Path) -> None:
    path = tmp_path / "eve.json"
    path.write_text(GOOD + "\n" + GOOD)
    assert taken(path).lines == 2


def test_an_empty_file_is_a_quiet_minute(tmp_path: Path) -> None:
    path = tmp_path / "eve.json"
    path.touch()
    batch = taken(path)
    assert (batch.lines, batch.first_at, batch.hourly) == (0, None, ())
    assert indicators([batch]) == ()


def test_name_size_and_content_identify_a_file(tmp_path: Path) -> None:
    first, again = taken(a_file(tmp_path, GOOD)), taken(a_file(tmp_path, GOOD))
    other = taken(a_file(tmp_path, GOOD.replace("+0800", "+0900")))
    assert first.identity == again.identity
    assert first.identity != other.identity


def test_what_cannot_be_taken_is_refused_by_name(tmp_path: Path) -> None:
    assert refused(tmp_path / "missing.json") == "traffic_unreadable"
    assert refused(tmp_path) == "traffic_unreadable"
    assert refused(a_file(tmp_path, "not", "eve")) == "traffic_no_events"
    assert refused(a_file(tmp_path, GOOD), key=b"short") == "traffic_privacy_unset"
    assert refused(a_file(tmp_path, GOOD), inside=()) == "traffic_privacy_unset"


def a_flow(**changes: object) -> str:
    counts = {"bytes_toserver": 5, "bytes_toclient": 7, "start": "2026-03-01T08:00:00.000001+0800"}
    counts |= {name: changes.pop(name) for name in tuple(counts) if name in changes}
    return json.dumps(json.loads(GOOD) | {"event_type": "flow", "dest_port": 443, "flow": counts} | changes)


def test_a_flow_to_no_address_is_counted_and_is_no_call(tmp_path: Path) -> None:
    batch = taken(a_file(tmp_path, a_flow(), a_flow(dest_ip=None)))
    assert [(row.events, row.bytes_out) for row in batch.hourly] == [(2, 10)]
    assert [(call.peer, call.sizes) for call in batch.calls] == [("192.0.2.53", (5,))]


def test_counts_that_no_table_holds_refuse_the_file(tmp_path: Path) -> None:
    assert refused(a_file(tmp_path, GOOD, a_flow(bytes_toserver=2**63))) == "traffic_unreadable"


def test_calls_are_kept_apart_by_address_port_and_day_in_the_order_of_their_start(tmp_path: Path) -> None:
    starts = ("2026-03-01T09:00:00.0+0800", "2026-03-01T08:00:00.9+0800", "2026-03-01T08:00:00.1+0800")
    lines = [a_flow(start=start, bytes_toserver=size) for size, start in enumerate(starts, start=1)]
    batch = taken(a_file(tmp_path, *lines, a_flow(dest_port=80), a_flow(start="2026-03-02T08:00:00.0+0800")))
    first = 1_772_323_200
    assert [(call.port, call.day.day, call.starts, call.sizes) for call in batch.calls] == [
        (80, 1, (first,), (5,)),
        (443, 1, (first, first, first + 3600), (2, 3, 1)),
        (443, 2, (first + 86_400,), (5,)),
    ]


@pytest.mark.parametrize("size", [0, 1, 4, 5, 1 << 20, 3 << 20])
def test_a_hash_taken_in_two_parts_is_that_of_the_whole_file(tmp_path: Path, size: int) -> None:
    content = (GOOD.encode() + b"\n") * (size // len(GOOD)) + b" " * (size % len(GOOD))
    path = tmp_path / "eve.json"
    path.write_bytes(content)
    assert taken(path).identity == ("eve.json", len(content), sha256(content).hexdigest())


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = a_file(tmp_path, GOOD)
    hash_on = eve._hash_on

    def grow(read: FileIO, checksum: eve.Hash, most: int | None = None) -> int:
        with path.open("a") as file:
            file.write(GOOD)
        return hash_on(read, checksum, most)

    monkeypatch.setattr(eve, "_hash_on", grow)
    assert refused(path) == "traffic_file_open"


def test_wrong_ranges_are_told(tmp_path: Path) -> None:
    batch = ingest(a_file(tmp_path, GOOD), key=KEY, inside=(ip_network("172.20.0.0/16"),))
    assert isinstance(batch, TrafficBatch)
    assert [refusal.code for refusal in batch.refusals] == ["traffic_all_outside"]
    assert "10.41." not in repr(batch)


def test_the_newer_form_of_dns_events_is_read_too(tmp_path: Path) -> None:
    name = "abcdefghijklmnopqrstuvwxyz234567.example.com.cn"
    line = GOOD.replace('"src_ip"', f'"dns":{{"type":"request","queries":[{{"rrname":"{name}"}}]}},"src_ip"')
    batch = taken(a_file(tmp_path, line))
    assert [spread.domain for spread in batch.names] == ["example.com.cn"]
    assert [row.detail for row in batch.interesting if row.kind is Kind.LONG_DNS_NAME] == ["example.com.cn"]


def test_an_address_that_is_no_address_is_hidden() -> None:
    assert outward_name(KEY, INSIDE, "Zhang San").startswith("h-")
    assert outward_name(KEY, INSIDE, "192.168.1.1").startswith("h-")
    assert outward_name(KEY, INSIDE, "203.0.113.66") == "203.0.113.66"


def is_inside_by_text(network: Network, text: str) -> bool:
    found = duckdb.execute(f"SELECT {inside_predicate('ip', (network,))} FROM (SELECT ? AS ip)", [text]).fetchone()
    return bool(found and found[0])


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 32), st.integers(0, 2**32 - 1))
def test_texts_tell_the_inside_of_a_network_exactly(base: int, length: int, other: int) -> None:
    network = IPv4Network((base, length), strict=False)
    near = IPv4Address((int(network.broadcast_address) + 1) % 2**32)
    for address in (network.network_address, network.broadcast_address, near, IPv4Address(other)):
        assert is_inside_by_text(network, str(address)) == (address in network)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**128 - 1), st.integers(1, 128), st.integers(0, 2**128 - 1))
def test_full_texts_tell_the_inside_of_a_long_network_exactly(base: int, length: int, other: int) -> None:
    network = IPv6Network((base, length), strict=False)
    for address in (network.network_address, network.broadcast_address, IPv6Address(other)):
        assert is_inside_by_text(network, address.exploded) == (address in network)


@pytest.mark.skipif(not SHARED.exists(), reason="no shared sample of captured traffic at ../shared/data")
def test_a_sample_of_captured_traffic_is_taken_whole() -> None:
    batch = ingest(SHARED, key=KEY, inside=(ip_network("10.0.0.0/8"), ip_network("192.168.0.0/16")))
    assert isinstance(batch, TrafficBatch)
    assert (batch.lines, batch.rejected) == (638, 0)
    assert sum(row.events for row in batch.hourly) == 638
    assert len({row.event_type for row in batch.hourly}) == 25
