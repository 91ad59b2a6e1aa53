"""Zeek logs and nfdump flows give the same hourly table as EVE lines that say the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from ringwall.basics import Refusal
from ringwall.evidence import HourlyCount, Kind, TrafficBatch, indicators
from ringwall.shell.sensors import ingest, pseudonym

KEY, INSIDE = bytes(range(32)), (ip_network("10.41.0.0/16"),)
HOST = pseudonym(KEY, "10.41.0.7")
HOUR = datetime(2026, 3, 1, tzinfo=UTC)
SECOND = 1772323200
SHARED = Path(__file__).parents[3] / "../shared/data/evidence/zeek"


def taken(path: Path, text: str, form: str) -> TrafficBatch:
    path.write_text(text)
    batch = ingest(path, key=KEY, inside=INSIDE, form=form)  # type: ignore[arg-type]
    assert isinstance(batch, TrafficBatch), batch
    return batch


def zeek_log(log: str, columns: str, *rows: str) -> str:
    head = f"#separator \\x09\n#path\t{log}\n#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\t{columns}\n"
    return head + "".join(row + "\n" for row in rows) + "#close\t2026-03-01\n"


CONN = f"{SECOND}.5\t10.41.0.7\t50000\t192.0.2.9\t443\t1000\t2000"
FLOW = HourlyCount(HOST, HOUR, "flow", 1, 1000, 2000, 0)


def test_a_connection_counts_the_same_in_every_form(tmp_path: Path) -> None:
    row = {"ts": SECOND + 0.5, "id.orig_h": "10.41.0.7", "id.orig_p": 50000, "id.resp_h": "192.0.2.9"}
    row |= {"id.resp_p": 443, "orig_bytes": 1000, "resp_bytes": 2000}
    nf = {"type": "FLOW", "t_first": "2026-03-01T08:00:00.500", "src4_addr": "10.41.0.7", "dst4_addr": "192.0.2.9"}
    nf |= {"src_port": 50000, "dst_port": 443, "in_bytes": 1000, "out_bytes": 2000}
    table = "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt\n"
    table += "2026-03-01 08:00:00,,0.5,10.41.0.7,192.0.2.9,50000,443,TCP,,0,0,9,1000,9,2000\n"
    table += "Summary\nflows,bytes\n1,3000\n"
    batches = [
        taken(tmp_path / "conn.log", zeek_log("conn", "orig_bytes\tresp_bytes", CONN), "zeek"),
        taken(tmp_path / "conn.json.log", json.dumps(row) + "\n", "zeek"),
        taken(tmp_path / "flows.json", json.dumps([nf], indent=1), "nfdump"),
        taken(tmp_path / "flows.ndjson", json.dumps(nf) + "\n", "nfdump"),
        taken(tmp_path / "flows.csv", table, "nfdump"),
    ]
    for batch in batches:
        assert (batch.hourly, batch.lines, batch.rejected) == ((FLOW,), 1, 0), batch.source_name
        assert [(call.peer, call.port, call.sizes) for call in batch.calls] == [("192.0.2.9", 443, (1000,))]
        assert "10.41." not in repr(batch)


def test_the_answer_of_a_server_is_turned_round(tmp_path: Path) -> None:
    flow = {"first": "2026-03-01T08:00:00", "src4_addr": "192.0.2.9", "dst4_addr": "10.41.0.7", "src_port": 443}
    batch = taken(tmp_path / "f.json", json.dumps([flow | {"dst_port": 50000, "in_bytes": 70}]), "nfdump")
    assert batch.hourly == (HourlyCount(HOST, HOUR, "flow", 1, 0, 70, 0),)
    assert [(call.peer, call.port) for call in batch.calls] == [("192.0.2.9", 443)]


def test_zeek_names_and_logins_reach_the_indicators(tmp_path: Path) -> None:
    names = [
        f"{SECOND + n}.0\t10.41.0.7\t50000\t192.0.2.53\t53\t{n:03d}abcdefghijklmnopqrstuvwxyz234567.t.example"
        for n in range(160)
    ]
    asked = taken(tmp_path / "dns.log", zeek_log("dns", "query", *names), "zeek")
    user = f"{SECOND}.0\t192.0.2.9\t50000\t10.41.0.7\t21\tinvented"
    login = taken(tmp_path / "ftp.log", zeek_log("ftp", "user", user), "zeek")
    telnet = f"{SECOND}.0\t192.0.2.9\t50000\t10.41.0.7\t23\t12\t-"
    shell = taken(tmp_path / "conn.log", zeek_log("conn", "orig_bytes\tresp_bytes", telnet), "zeek")
    raised = {(i.code, i.host) for i in indicators([asked, login, shell]) if i.raised}
    assert raised == {("dns_tunnel", HOST), ("cleartext_logins", HOST)}
    assert [row.detail for row in login.interesting + shell.interesting] == ["ftp", "telnet"]
    assert login.interesting[0].kind is Kind.CLEARTEXT_LOGIN
    assert "invented" not in repr(login)


def test_a_bad_line_keeps_its_number(tmp_path: Path) -> None:
    text = zeek_log("conn", "orig_bytes\tresp_bytes", CONN, "not\ta row", CONN)
    batch = taken(tmp_path / "conn.log", text, "zeek")
    assert (batch.lines, batch.rejected) == (3, 1)
    assert [refusal.where for refusal in batch.refusals] == ["conn.log:5"]


@pytest.mark.parametrize("form", ["zeek", "nfdump"])
@pytest.mark.parametrize("text", ["nothing\n", "[1, 2", "{\n", "\x00\xff\n"])
def test_another_file_is_refused_or_holds_nothing(tmp_path: Path, form: str, text: str) -> None:
    path = tmp_path / "x.log"
    path.write_text(text)
    answer = ingest(path, key=KEY, inside=INSIDE, form=form)  # type: ignore[arg-type]
    assert isinstance(answer, Refusal) or answer.hourly == ()


@pytest.mark.skipif(not SHARED.exists(), reason="no Zeek logs at ../shared/data")
@pytest.mark.parametrize("log", ["conn", "dns", "http", "ssl"])
def test_captured_logs_are_taken_whole_once_they_are_dated(tmp_path: Path, log: str) -> None:
    """The baselines hide their instants, so each row is given one."""
    text = (SHARED / f"{log}.log").read_text().replace("XXXXXXXXXX.XXXXXX", f"{SECOND}.000001")
    batch = taken(tmp_path / f"{log}.log", text, "zeek")
    rows = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert (batch.lines, batch.rejected) == (len(rows), 0)
