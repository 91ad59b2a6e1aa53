"""A feed from its official address: conditional request, time-out, size bound, and the last good copy in a cache."""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from queue import Empty, Queue
from typing import IO
from urllib.parse import urlsplit

from ringwall.basics import Refusal, Words, refuse
from ringwall.shell.feeds.folder import Address, Found, read_file, unpack
from ringwall.shell.feeds.resume import Part

AGENT = "ringwall-feeds"
PIECE_BYTES = 1 << 16
PARTIAL_CONTENT, NOT_MODIFIED, RANGE_NOT_SATISFIABLE = 206, 304, 416


@dataclass(frozen=True, slots=True)
class Answer:
    """What the address sent; no bytes where it said that nothing has changed."""

    packed: bytes | None
    etag: str


@dataclass(frozen=True, slots=True)
class Download:
    """A feed's bytes from the address or the cache, and the refusal if the cache had to stand in."""

    found: Found
    answer: Answer | None = None
    refusal: Refusal | None = None


def download(name: str, address: Address, cache: Path, timeout: float) -> Download | Refusal:
    copy = cache / f"{name}.body"
    part = Part(cache / f"{name}.part", address.url)
    answer = ask_within(timeout, address, _kept_etag(cache, name, address.url), part)
    if isinstance(answer, Answer) and answer.packed is not None:
        body = unpack(answer.packed, address.most_bytes, address.url)
        if not isinstance(body, Refusal):
            return Download(Found(body, address.url, Words("官方来源", "official source")), answer)
        answer = body
    if isinstance(answer, Refusal):
        return last_copy(name, address, cache, answer)
    unchanged = Words("官方来源（未变，取自缓存）", "official source (unchanged, from the cache)")
    kept = read_file(copy, address.most_bytes, unchanged)
    return kept if isinstance(kept, Refusal) else Download(kept)


def last_copy(name: str, address: Address, cache: Path, refusal: Refusal) -> Download | Refusal:
    """The copy that was good last time stands in, and the refusal says why; without a copy the refusal stands."""
    copy = read_file(cache / f"{name}.body", address.most_bytes, Words("缓存的旧副本", "older copy from the cache"))
    return refusal if isinstance(copy, Refusal) else Download(copy, refusal=refusal)


def keep(name: str, address: Address, answer: Answer, cache: Path) -> Refusal | None:
    """Store bytes that proved readable, and beside them which bytes the ETag belongs to; a full disk is only told."""
    body = answer.packed or b""
    note = {"url": address.url, "etag": answer.etag, "sha256": sha256(body).hexdigest()}
    try:
        cache.mkdir(parents=True, exist_ok=True)
        _replace(cache / f"{name}.body", body)
        _replace(cache / f"{name}.json", json.dumps(note).encode())
    except OSError as error:
        return refuse(
            "feed_not_kept",
            str(cache),
            zh=f"缓存无法写入（{error.strerror}），下次将重新下载；请检查该文件夹的权限与空间",
            en=f"the cache cannot be written ({error.strerror}), the next load downloads again; check rights and space",
        )
    return None


def ask_within(timeout: float, address: Address, etag: str, part: Part) -> Answer | Refusal:
    """The whole request in the given seconds: a socket's own time-out bounds neither name look-up nor a slow drip."""
    answers: Queue[Answer | Refusal] = Queue()
    threading.Thread(target=lambda: answers.put(_ask(timeout, address, etag, part)), daemon=True).start()
    try:
        return answers.get(timeout=timeout)
    except Empty:
        return _unreachable(address.url, f"no full answer within {timeout:g} s")


def _ask(timeout: float, address: Address, etag: str, part: Part) -> Answer | Refusal:
    begun, begun_etag = part.begun()
    try:
        headers = {"User-Agent": AGENT} | ({"If-None-Match": etag} if etag else {})
        if begun:
            headers |= {"Range": f"bytes={len(begun)}-", "If-Range": begun_etag}
        request = urllib.request.Request(address.url, headers=headers)
        if urlsplit(address.url).scheme not in {"https", "http"}:
            return _unreachable(address.url, "not a web address")
        with urllib.request.build_opener(_SameScheme).open(request, timeout=timeout) as response:
            head = begun if response.status == PARTIAL_CONTENT else b""
            return _body(response, head, address, part, time.monotonic() + timeout)
    except urllib.error.HTTPError as error:
        if error.code == NOT_MODIFIED and etag:
            return Answer(None, etag)
        if error.code == RANGE_NOT_SATISFIABLE:
            part.drop()
        return _unreachable(address.url, f"HTTP {error.code}")
    except (OSError, HTTPException, ValueError) as error:
        return _unreachable(address.url, str(error))


def _body(response: HTTPResponse, head: bytes, address: Address, part: Part, deadline: float) -> Answer | Refusal:
    """Piece by piece, so that what has come is kept when the line breaks or the time is over."""
    etag, whole = response.headers.get("ETag", ""), bytearray(head)
    length = response.headers.get("Content-Length")
    while len(whole) <= address.most_bytes:
        try:
            piece = response.read1(PIECE_BYTES)
        except (OSError, HTTPException) as error:
            part.keep(bytes(whole), etag)
            return _unreachable(address.url, str(error))
        if not piece:
            break
        whole += piece
        if time.monotonic() > deadline:
            part.keep(bytes(whole), etag)
            return _unreachable(address.url, "the time was over before the end")
    short = length is not None and len(whole) < min(len(head) + int(length), address.most_bytes)
    if short:
        part.keep(bytes(whole), etag)
        return _unreachable(address.url, f"the line broke after {len(whole)} bytes")
    part.drop()
    return Answer(bytes(whole), etag)


class _SameScheme(urllib.request.HTTPRedirectHandler):
    """A redirect may change the host but never leave https for something weaker."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme not in {"https", urlsplit(req.full_url).scheme}:
            raise urllib.error.URLError(f"redirect to {urlsplit(newurl).scheme}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _unreachable(url: str, reason: str) -> Refusal:
    return refuse(
        "feed_unreachable",
        url,
        zh=f"无法取得（{reason}）；请检查网络，或用 RINGWALL_FEEDS 指定存放文件的文件夹",
        en=f"it cannot be had ({reason}); check the network, or name a folder with the files in RINGWALL_FEEDS",
    )


def _kept_etag(cache: Path, name: str, url: str) -> str:
    """The ETag of the copy in the cache; none where the two do not belong together, which only costs a download."""
    try:
        note = json.loads((cache / f"{name}.json").read_bytes())
        whole = note["sha256"] == sha256((cache / f"{name}.body").read_bytes()).hexdigest()
        return str(note["etag"]) if whole and note["url"] == url else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _replace(path: Path, body: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
