"""Where a feed's bytes may lie: its official address and file names as data, and reading one from a folder."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ringwall.basics import Refusal, Words, read_yaml, refuse
from ringwall.shell.feeds.parsed import bad_feed

GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Address:
    """Where one feed is published, what its files are called, and how large it may be unpacked."""

    url: str
    patterns: tuple[str, ...]
    most_bytes: int


@dataclass(frozen=True, slots=True)
class Found:
    """A feed's unpacked bytes, and where they were found."""

    body: bytes
    where: str
    source: Words


def official_addresses() -> Mapping[str, Address]:
    text = files("ringwall").joinpath("catalogue/feeds/feeds.yaml").read_text(encoding="utf-8")
    table = read_yaml(text)
    return {name: Address(row["address"], tuple(row["files"]), int(row["most_bytes"])) for name, row in table.items()}


def find_in_folder(folder: Path, address: Address) -> Found | Refusal:
    """In the folder or one below it: the first pattern that matches decides, of its files the latest by name."""
    for pattern in address.patterns:
        for path in sorted((*folder.glob(pattern), *folder.glob(f"*/{pattern}")), key=lambda p: p.name, reverse=True):
            return read_file(path, address.most_bytes, Words(f"文件 {path.name}", f"file {path.name}"))
    wanted = ", ".join(address.patterns)
    return refuse(
        "feed_missing",
        str(folder),
        zh=f"文件夹中没有 {wanted} 中的任何一个；请放入该文件，此前使用内置表",
        en=f"the folder holds none of {wanted}; put one there, until then the built-in table is used",
    )


def read_file(path: Path, most_bytes: int, source: Words) -> Found | Refusal:
    try:
        with path.open("rb") as file:
            packed = file.read(most_bytes + 1)
    except OSError as error:
        return bad_feed(str(path), f"无法读取：{error.strerror}", f"it cannot be read: {error.strerror}")
    body = unpack(packed, most_bytes, path.name)
    return body if isinstance(body, Refusal) else Found(body, path.name, source)


def unpack(packed: bytes, most_bytes: int, where: str) -> bytes | Refusal:
    """Plain or gzip bytes; never more than the bound, whatever a small archive unfolds to."""
    body, complete = packed, True
    if packed.startswith(GZIP_MAGIC):
        inflate = zlib.decompressobj(wbits=31)
        try:
            body = inflate.decompress(packed, most_bytes + 1)
        except zlib.error as error:
            return bad_feed(where, f"压缩包损坏：{error}", f"the archive is damaged: {error}")
        complete = inflate.eof
    if len(body) > most_bytes:
        return bad_feed(where, f"超过上限 {most_bytes} 字节", f"it has more than the {most_bytes} bytes allowed")
    return body if complete else bad_feed(where, "压缩包不完整", "the archive is cut short")
