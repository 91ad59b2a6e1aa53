"""The family of record feeds, and loading one: each member has a name and one verb, `parse`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ringwall.basics import Refusal
from ringwall.evidence import VulnerabilityRecord
from ringwall.shell.feeds.download import download, keep
from ringwall.shell.feeds.folder import Address, find_in_folder
from ringwall.shell.feeds.parsed import Parsed
from ringwall.shell.feeds.records import cnnvd, nvd, osv

RECORD_FEEDS = (nvd, osv, cnnvd)
PARSERS = {feed.NAME: feed.parse for feed in RECORD_FEEDS}


def load_records(
    name: str, address: Address, cache: Path, *, folder: Path | None = None, timeout: float = 30.0
) -> tuple[Mapping[str, VulnerabilityRecord], tuple[Refusal, ...]]:
    """The records of one publisher, from a folder if one is given, else from its address or the last good copy."""
    if folder is not None:
        found = find_in_folder(folder, address)
        return _entries(found if isinstance(found, Refusal) else PARSERS[name](found.body, found.where))
    got = download(name, address, cache, timeout)
    if isinstance(got, Refusal):
        return _entries(got)
    parsed = PARSERS[name](got.found.body, got.found.where)
    kept = keep(name, address, got.answer, cache) if got.answer and not isinstance(parsed, Refusal) else None
    entries, refused = _entries(parsed)
    return entries, (*(refusal for refusal in (got.refusal, kept) if refusal), *refused)


def _entries(
    parsed: Parsed[VulnerabilityRecord] | Refusal,
) -> tuple[Mapping[str, VulnerabilityRecord], tuple[Refusal, ...]]:
    return ({}, (parsed,)) if isinstance(parsed, Refusal) else (parsed.entries, parsed.refusals)
