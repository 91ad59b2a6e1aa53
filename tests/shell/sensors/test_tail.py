"""The live tail: whole lines only, each once, across rotation, truncation and a file that is gone."""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shell.sensors.lines import INSIDE, KEY, alerts_among, eve_line, eve_lines

from ringwall.basics import Refusal
from ringwall.evidence import Checkpoint, Kind, TailStep
from ringwall.shell.sensors import Privacy, Spool, Tail, ingest
from ringwall.shell.sensors.tail import MOST_LINES

PRIVACY = Privacy(KEY, (ip_network(INSIDE),))


def steps(spool: Spool, before: Checkpoint | None = None) -> list[TailStep]:
    """Every step that can be taken now."""
    tail, found = Tail(spool, PRIVACY), list[TailStep]()
    while (step := tail.step(found[-1].after if found else before)) is not None:
        assert isinstance(step, TailStep), step
        found.append(step)
    return found


def counts(found: list[TailStep]) -> tuple[int, int]:
    return sum(step.lines for step in found), sum(alert.events for step in found for alert in step.alerts)


def dated(path: Path, second: int) -> Path:
    os.utime(path, ns=(second * 10**9, second * 10**9))
    return path


def test_the_tail_and_the_batch_tell_the_same_alerts(tmp_path: Path) -> None:
    path = tmp_path / "eve.json"
    path.write_bytes(eve_lines(0, 2000))
    batch = ingest(path, key=KEY, inside=PRIVACY.inside)
    assert not isinstance(batch, Refusal)
    kept = {row for row in batch.interesting if row.kind is Kind.ALERT}
    (step,) = steps(Spool("s", tmp_path))
    assert set(step.alerts) == kept
    assert (step.lines, step.rejected) == (2000, 0)


def test_a_step_ends_at_five_thousand_lines(tmp_path: Path) -> None:
    (tmp_path / "eve.json").write_bytes(eve_lines(0, 12_000))
    found = steps(Spool("s", tmp_path))
    assert [step.lines for step in found] == [MOST_LINES, MOST_LINES, 2_000]
    assert counts(found) == (12_000, alerts_among(0, 12_000))


def test_a_line_that_is_still_written_waits_for_its_end(tmp_path: Path) -> None:
    path, spool = tmp_path / "eve.json", Spool("s", tmp_path)
    path.write_bytes(eve_lines(0, 3) + eve_line(7)[:40])
    (first,) = steps(spool)
    assert first.lines == 3
    with path.open("ab") as file:
        file.write(eve_line(7)[40:] + b"\n")
    (second,) = steps(spool, first.after)
    assert counts([second]) == (1, 1)


def test_the_last_line_of_a_closed_file_counts_without_its_end(tmp_path: Path) -> None:
    first = tmp_path / "eve-1.json"
    first.write_bytes(eve_lines(0, 2) + eve_line(7))
    dated(first, 1)
    (tmp_path / "eve-2.json").write_bytes(b"")
    assert counts(steps(Spool("s", tmp_path))) == (3, 2)


def test_a_file_that_was_renamed_is_read_to_its_end_before_the_next(tmp_path: Path) -> None:
    path, spool = tmp_path / "eve.json", Spool("s", tmp_path)
    path.write_bytes(eve_lines(0, 10))
    (first,) = steps(spool)
    with path.open("ab") as file:
        file.write(eve_lines(10, 20))
    dated(path.rename(tmp_path / "eve.json.1"), 1)
    path.write_bytes(eve_lines(20, 30))
    rest = steps(spool, first.after)
    assert counts([first, *rest]) == (30, alerts_among(0, 30))
    assert all(step.refusals == () for step in rest)


def test_a_file_that_was_cut_is_read_from_its_start_and_told(tmp_path: Path) -> None:
    path, spool = tmp_path / "eve.json", Spool("s", tmp_path)
    path.write_bytes(eve_lines(0, 10))
    (first,) = steps(spool)
    path.write_bytes(eve_lines(50, 70))
    (second,) = steps(spool, first.after)
    assert second.lines == 20
    assert [refusal.code for refusal in second.refusals] == ["traffic_tail_cut"]


def test_a_file_that_is_gone_is_told_and_only_newer_ones_are_read(tmp_path: Path) -> None:
    spool = Spool("s", tmp_path)
    dated_old = tmp_path / "eve-0.json"
    dated_old.write_bytes(eve_lines(0, 5))
    dated(dated_old, 1)
    now = tmp_path / "eve-1.json"
    now.write_bytes(eve_lines(5, 10))
    dated(now, 2)
    before = steps(spool)[-1].after
    (tmp_path / "eve-2.json").write_bytes(eve_lines(10, 13))
    dated(tmp_path / "eve-2.json", 3)
    now.unlink()
    (step,) = steps(spool, before)
    assert (step.lines, [refusal.code for refusal in step.refusals]) == (3, ["traffic_tail_gone"])


def test_what_is_no_event_is_counted_and_passed(tmp_path: Path) -> None:
    (tmp_path / "eve.json").write_bytes(b'{"event_type":"alert"\n[1,"alert"]\n' + eve_line(7) + b"\n")
    (step,) = steps(Spool("s", tmp_path))
    assert (step.lines, step.rejected, len(step.alerts)) == (3, 2, 1)


def test_an_endless_line_does_not_stop_the_tail(tmp_path: Path) -> None:
    (tmp_path / "eve.json").write_bytes(b"x" * 7_000_000 + b"\n" + eve_line(7) + b"\n")
    assert counts(steps(Spool("s", tmp_path)))[1] == 1


def test_no_inside_address_leaves_the_tail(tmp_path: Path) -> None:
    (tmp_path / "eve.json").write_bytes(eve_lines(0, 50))
    assert "10.41." not in repr(steps(Spool("s", tmp_path)))


@settings(deadline=None, max_examples=30)
@given(cuts=st.lists(st.integers(0, 60_000), max_size=6), turns=st.integers(0, 3))
def test_however_a_file_grows_every_line_is_read_once(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], turns: int
) -> None:
    """Pieces of any length arrive between steps; after some pieces the file is rotated by a new name."""
    folder = tmp_path_factory.mktemp("grown")
    text, found, last = eve_lines(0, 300), list[TailStep](), 0
    path = folder / "eve.json"
    for number, cut in enumerate([*sorted(cuts), len(text)]):
        with path.open("ab") as file:
            file.write(text[last:cut])
        dated(path, 1000 + number)
        last = max(last, min(cut, len(text)))
        found += steps(Spool("s", folder), found[-1].after if found else None)
        if number < turns and text[:last].endswith(b"\n"):
            path.rename(folder / f"eve.json.{number}")
    assert counts(found) == (300, alerts_among(0, 300))
