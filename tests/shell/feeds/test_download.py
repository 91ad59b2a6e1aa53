"""Feeds from an address: conditional requests, bounds, and the last good copy when the source fails."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ringwall.evidence import Intelligence
from ringwall.shell.feeds import load_intelligence
from ringwall.shell.feeds.folder import Address

KEV = json.dumps(
    {
        "catalogVersion": "2026.03.01",
        "dateReleased": "2026-03-01T10:00:00Z",
        "vulnerabilities": [
            {"cveID": "CVE-2026-1234", "vendorProject": "V", "product": "P", "dateAdded": "2026-02-03"}
        ],
    }
).encode()
EPSS = gzip.compress(b"#model_version:x,score_date:2026-03-01\ncve,epss,percentile\nCVE-2026-1234,0.5,0.9\n")


class Source(ThreadingHTTPServer):
    """A publisher on loopback: what it serves can change, and it remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.bodies = {"/kev": KEV, "/epss": EPSS}
        self.redirects: dict[str, str] = {}
        self.cut_after: dict[str, int] = {}
        """The line breaks after so many bytes of a path, once."""
        self.sent: list[int] = []
        self.statuses: list[tuple[str, int]] = []

    def addresses(self, most_bytes: int = 10_000) -> dict[str, Address]:
        return {
            name: Address(f"http://127.0.0.1:{self.server_address[1]}/{name}", (), most_bytes)
            for name in ("kev", "epss")
        }


class Answering(BaseHTTPRequestHandler):
    server: Source

    def do_GET(self) -> None:
        if self.path in self.server.redirects:
            self.send_response(302)
            self.send_header("Location", self.server.redirects[self.path])
            self.end_headers()
            return
        body = self.server.bodies.get(self.path)
        etag = f'"{hash(body)}"'
        status = 404 if body is None else 304 if self.headers.get("If-None-Match") == etag else 200
        if status == 200 and body and self.headers.get("If-Range") == etag:
            body, status = body[int(self.headers["Range"].removeprefix("bytes=").removesuffix("-")) :], 206
        self.server.statuses.append((self.path, status))
        self.send_response(status)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body or b"") if status in (200, 206) else 0))
        self.end_headers()
        if status in (200, 206) and body:
            piece = body[: self.server.cut_after.pop(self.path, len(body))]
            self.server.sent.append(len(piece))
            self.wfile.write(piece)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def source() -> Iterator[Source]:
    with Source() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def load(source: Source, cache: Path, most_bytes: int = 10_000) -> tuple[Intelligence, list[str]]:
    facts, refusals = load_intelligence(None, cache, timeout=10, addresses=source.addresses(most_bytes))
    return facts, [refusal.code for refusal in refusals]


def test_the_second_time_nothing_is_sent_again(source: Source, tmp_path: Path) -> None:
    first, refused = load(source, tmp_path)
    second, refused_again = load(source, tmp_path)
    assert (refused, refused_again) == ([], [])
    assert source.statuses == [("/kev", 200), ("/epss", 200), ("/kev", 304), ("/epss", 304)]
    assert first.known_exploited == second.known_exploited
    assert dict(first.epss) == dict(second.epss)
    assert "official source" in first.source.en
    assert "unchanged" in second.source.en


def test_a_new_edition_replaces_the_old_one(source: Source, tmp_path: Path) -> None:
    load(source, tmp_path)
    source.bodies["/kev"] = KEV.replace(b"2026.03.01", b"2026.03.02")
    assert load(source, tmp_path)[0].catalogue_version == "2026.03.02"


@pytest.mark.parametrize("broken", [None, b"<html>down for maintenance</html>", b"\x1f\x8bcut", b"x" * 20_000])
def test_a_source_that_breaks_leaves_the_last_good_copy(source: Source, tmp_path: Path, broken: bytes | None) -> None:
    load(source, tmp_path)
    if broken is None:
        del source.bodies["/kev"]
    else:
        source.bodies["/kev"] = broken
    facts, refused = load(source, tmp_path)
    assert facts.catalogue_version == "2026.03.01"
    assert refused in (["feed_unreachable"], ["feed_unreadable"])
    assert "older copy" in facts.source.en
    source.bodies["/kev"] = KEV
    assert load(source, tmp_path)[1] == []


def test_without_a_copy_the_built_in_table_stands_in(source: Source, tmp_path: Path) -> None:
    source.bodies.clear()
    facts, refused = load(source, tmp_path)
    assert refused == ["feed_unreachable", "feed_unreachable"]
    assert "built-in" in facts.source.en


def test_a_source_that_never_answers_costs_no_more_than_the_time_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        addresses = {name: Address(url, (), 1_000) for name in ("kev", "epss")}
        facts, refusals = load_intelligence(None, tmp_path, timeout=0.05, addresses=addresses)
    assert [refusal.code for refusal in refusals] == ["feed_unreachable", "feed_unreachable"]
    assert "built-in" in facts.source.en


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_a_redirect_to_something_that_is_no_web_page_is_refused(source: Source, tmp_path: Path, target: str) -> None:
    source.redirects["/kev"] = target
    assert load(source, tmp_path)[1] == ["feed_unreachable"]


def test_a_redirect_within_the_source_is_followed(source: Source, tmp_path: Path) -> None:
    source.bodies["/kev-current"] = KEV
    source.redirects["/kev"] = "/kev-current"
    assert load(source, tmp_path)[1] == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "nonsense", "http://[", "http://127.0.0.1:1/x"])
def test_an_address_that_cannot_be_asked_is_told(tmp_path: Path, url: str) -> None:
    addresses = {name: Address(url, (), 1_000) for name in ("kev", "epss")}
    _, refusals = load_intelligence(None, tmp_path, timeout=10, addresses=addresses)
    assert {refusal.code for refusal in refusals} == {"feed_unreachable"}


def test_a_damaged_cache_costs_only_a_download(source: Source, tmp_path: Path) -> None:
    load(source, tmp_path)
    (tmp_path / "kev.body").write_bytes(b"damaged")
    facts, _ = load(source, tmp_path)
    facts, refused = load(source, tmp_path)
    assert (facts.catalogue_version, refused) == ("2026.03.01", [])


def test_a_cache_that_cannot_be_written_is_told_and_the_facts_are_used(source: Source, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    facts, refused = load(source, tmp_path / "cache")
    assert (facts.catalogue_version, refused) == ("2026.03.01", ["feed_not_kept", "feed_not_kept"])


def test_a_download_that_was_cut_off_goes_on_where_it_stopped(source: Source, tmp_path: Path) -> None:
    source.cut_after["/kev"] = 40
    _, refused = load_intelligence(None, tmp_path, addresses=source.addresses())
    assert [refusal.code for refusal in refused] == ["feed_unreachable"]
    facts, refused = load_intelligence(None, tmp_path, addresses=source.addresses())
    assert refused == ()
    assert list(facts.known_exploited) == ["CVE-2026-1234"]
    assert [status for path, status in source.statuses if path == "/kev"] == [200, 206]
    assert len(KEV) - 40 in source.sent
    assert not list(tmp_path.glob("*.part*"))


def test_what_came_of_an_older_edition_is_not_gone_on_with(source: Source, tmp_path: Path) -> None:
    source.cut_after["/kev"] = 40
    load_intelligence(None, tmp_path, addresses=source.addresses())
    source.bodies["/kev"] = KEV.replace(b"2026.03.01", b"2026.03.02")
    facts, refused = load_intelligence(None, tmp_path, addresses=source.addresses())
    assert refused == ()
    assert facts.catalogue_version == "2026.03.02"
    assert [status for path, status in source.statuses if path == "/kev"] == [200, 200]
