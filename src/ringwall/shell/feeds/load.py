"""One call that gathers all vulnerability facts: folder, else official addresses, else the built-in table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from ringwall.basics import Refusal, Words
from ringwall.evidence import EpssScore, Intelligence, KevEdition, KnownExploited
from ringwall.shell.feeds import epss, kev
from ringwall.shell.feeds.built_in import built_in
from ringwall.shell.feeds.download import download, keep, last_copy
from ringwall.shell.feeds.folder import Address, find_in_folder, official_addresses, unpack
from ringwall.shell.feeds.parsed import Parsed

FEEDS = (kev, epss)

Entry = TypeVar("Entry")
Parse = Callable[[bytes, str], Parsed[Entry] | Refusal]


def load_intelligence(
    where: Path | None,
    cache: Path,
    *,
    timeout: float = 5.0,
    addresses: Mapping[str, Address] | None = None,
) -> tuple[Intelligence, tuple[Refusal, ...]]:
    """Facts of the best source there is for each feed; `source` names it, the refusals say what could not be used."""
    known = addresses or official_addresses()
    exploited, refused = _load(kev.NAME, kev.parse, known[kev.NAME], where, cache, timeout)
    scored, also_refused = _load(epss.NAME, epss.parse, known[epss.NAME], where, cache, timeout)
    return _joined(exploited, scored), (*refused, *also_refused)


def read_kev(body: bytes, where: str) -> KevEdition | Refusal:
    """An edition that somebody hands in as a file, plain or gzip."""
    unpacked = unpack(body, official_addresses()[kev.NAME].most_bytes, where)
    parsed = unpacked if isinstance(unpacked, Refusal) else kev.parse(unpacked, where)
    if isinstance(parsed, Refusal):
        return parsed
    return KevEdition(parsed.version, parsed.entries, Words(f"文件 {where}", f"file {where}"))


Loaded = tuple[Parsed[Entry], Words] | None


def _load(
    name: str, parse: Parse[Entry], address: Address, where: Path | None, cache: Path, timeout: float
) -> tuple[Loaded[Entry], tuple[Refusal, ...]]:
    if where is not None:
        found = find_in_folder(where, address)
        if isinstance(found, Refusal):
            return None, (found,)
        parsed = parse(found.body, found.where)
        return (None, (parsed,)) if isinstance(parsed, Refusal) else ((parsed, found.source), parsed.refusals)
    return _load_from_address(name, parse, address, cache, timeout)


def _load_from_address(
    name: str, parse: Parse[Entry], address: Address, cache: Path, timeout: float
) -> tuple[Loaded[Entry], tuple[Refusal, ...]]:
    """An answer that cannot be parsed is not kept, and the last good copy stands in for it."""
    got = download(name, address, cache, timeout)
    if isinstance(got, Refusal):
        return None, (got,)
    parsed = parse(got.found.body, got.found.where)
    if isinstance(parsed, Refusal) and got.answer is not None:
        got = last_copy(name, address, cache, parsed)
        if isinstance(got, Refusal):
            return None, (got,)
        parsed = parse(got.found.body, got.found.where)
    if isinstance(parsed, Refusal):
        return None, (parsed,)
    kept = keep(name, address, got.answer, cache) if got.answer else None
    told = tuple(refusal for refusal in (got.refusal, kept) if refusal)
    return (parsed, got.found.source), (*told, *parsed.refusals)


def _joined(exploited: Loaded[KnownExploited], scored: Loaded[EpssScore]) -> Intelligence:
    """What was loaded in place of the built-in table's half; the source says which half is which."""
    whole = built_in()
    if exploited is None and scored is None:
        return whole
    kev_words = epss_words = whole.source
    if exploited is not None:
        catalogue, kev_words = exploited
        whole = replace(whole, catalogue_version=catalogue.version, known_exploited=catalogue.entries, unlisted=None)
    if scored is not None:
        table, epss_words = scored
        whole = replace(whole, score_date=table.published_on, epss=table.entries)
    return replace(
        whole,
        source=Words(
            f"KEV {whole.catalogue_version}：{kev_words.zh}；EPSS {whole.score_date}：{epss_words.zh}",
            f"KEV {whole.catalogue_version}: {kev_words.en}; EPSS {whole.score_date}: {epss_words.en}",
        ),
    )
