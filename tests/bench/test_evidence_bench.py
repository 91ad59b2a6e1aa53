"""The file that `bench evidence` measures on: real lines with other ends, instants and ids, all else unchanged."""

from __future__ import annotations

import importlib
import json
from ipaddress import ip_network
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest

import ringwall
from ringwall.evidence import TrafficBatch
from ringwall.shell.sensors import ingest

BENCH = Path(__file__).parents[2] / "bench"
SAMPLE = Path(ringwall.__file__).parent / "catalogue/lab/eve.ndjson"
REPLACED = {"timestamp", "src_ip", "dest_ip", "flow_id"}


@pytest.fixture
def eve_file(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCH / "work"))
    return importlib.import_module("eve_file")


def bare(line: bytes | str) -> dict[str, object]:
    """An event without what is replaced."""
    event = json.loads(line)
    for part in (event.get("flow", {}), event.get("http", {}), event):
        for name in ("start", "end", *REPLACED):
            part.pop(name, None)
    return event  # type: ignore[no-any-return]


def test_a_line_keeps_all_but_its_ends_instants_and_ids(eve_file: ModuleType) -> None:
    originals = SAMPLE.read_text().splitlines()
    made = list(islice(eve_file.lines(SAMPLE), len(originals)))
    assert [bare(line) for line in made] == [bare(line) for line in originals]
    assert len({json.loads(line)["flow_id"] for line in made if b"flow_id" in line}) > len(originals) * 0.9


def test_the_file_is_as_large_as_asked_and_taken_whole(eve_file: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "eve.json"
    lines = eve_file.write_file(SAMPLE, path, 1_000_000)
    batch = ingest(path, key=bytes(range(32)), inside=(ip_network("10.41.0.0/16"),))
    assert isinstance(batch, TrafficBatch)
    assert path.stat().st_size >= 1_000_000
    assert (batch.lines, batch.rejected) == (lines, 0)
