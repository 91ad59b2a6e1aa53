"""What the observations mean: findings of one scan, and the merge with what earlier scans have found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from ringwall.basics import local_day
from ringwall.evidence.finding import (
    Finding,
    FindingStatus,
    MatchBasis,
    Observation,
    ScanResult,
    Severity,
    finding_uid,
)
from ringwall.evidence.rules import Check, EndOfLife, Rules, Version, VersionMatch, read_version
from ringwall.evidence.vulnerability import Intelligence, is_exploited


def find(
    insured: str,
    observations: Iterable[Observation],
    at: datetime,
    rules: Rules,
    intelligence: Intelligence | None = None,
) -> tuple[Finding, ...]:
    """Every weakness that the newest look at each place shows, as it was judged at the instant `at`."""
    found: dict[str, Finding] = {}
    for seen in _newest(observations, at):
        for finding in (*_by_behaviour(insured, seen, rules), *_by_version(insured, seen, at, rules, intelligence)):
            known = found.get(finding.uid)
            if known is None or finding.severity > known.severity:
                found[finding.uid] = finding
    return tuple(sorted(found.values(), key=lambda f: (f.asset, f.locator, f.check)))


def merge(previous: Iterable[Finding], now: Iterable[Finding], scan: ScanResult, rules: Rules) -> tuple[Finding, ...]:
    """The register after a scan: what was seen again keeps its first day; what was not is resolved only where the scan
    settled the place. A statement of the insured closes nothing.
    """
    register = {finding.uid: finding for finding in previous}
    seen = {finding.uid: finding for finding in now}
    settled = scan.settled()
    for uid, known in register.items():
        if uid in seen:
            register[uid] = _seen_again(known, seen[uid])
        elif known.is_open and known.last_seen <= scan.at and _settles(known, scan, settled, rules):
            register[uid] = replace(known, status=FindingStatus.RESOLVED)
    register |= {uid: finding for uid, finding in seen.items() if uid not in register}
    return tuple(sorted(register.values(), key=lambda f: (f.asset, f.locator, f.check)))


def _newest(observations: Iterable[Observation], at: datetime) -> list[Observation]:
    """Of each probe's looks at a place only the newest one up to `at`: an older look is history."""
    known = [seen for seen in observations if seen.seen_at <= at]
    newest: dict[tuple[str, str, str], datetime] = {}
    for seen in known:
        place = (seen.probe, seen.asset, seen.locator)
        newest[place] = max(newest.get(place, seen.seen_at), seen.seen_at)
    return [seen for seen in known if seen.seen_at == newest[seen.probe, seen.asset, seen.locator]]


def _by_behaviour(insured: str, seen: Observation, rules: Rules) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            finding_uid(insured, seen.asset, check.id, seen.locator),
            check.id,
            seen.asset,
            seen.locator,
            check.says[seen.says],
            check.basis,
            check.title,
            check.advice,
            check.perils,
            check.factor,
            seen.seen_at,
            seen.seen_at,
            FindingStatus.OPEN,
            seen.evidence_sha256,
        )
        for check in rules.checks
        if check.probe == seen.probe and seen.says in check.says and _on_port(check, seen)
    )


def _on_port(check: Check, seen: Observation) -> bool:
    return not check.ports or seen.locator.rpartition(":")[2] in {str(port) for port in check.ports}


def _by_version(
    insured: str, seen: Observation, at: datetime, rules: Rules, intelligence: Intelligence | None
) -> tuple[Finding, ...]:
    """A distribution's build may carry the repair under the old version, so it suggests nothing."""
    if not seen.detail or rules.distribution_builds.search(seen.detail):
        return ()
    matches = [match for match in rules.matches if _is_affected(match, _version_in(seen.detail, match.product))]
    day = local_day(at)
    ended = [end for end in rules.ends_of_life if end.ended(_version_in(seen.detail, end.product), day)]
    return (
        *(with_intelligence(_inferred(insured, seen, match), at, intelligence) for match in matches),
        *(_out_of_repair(insured, seen, end) for end in ended),
    )


def _version_in(detail: str, product: str) -> Version:
    """The version that a service says beside its product's name; empty where it names another or none."""
    named = re.search(rf"\b{re.escape(product)}[ /_-]v?(\d[\w.]*)", detail, re.IGNORECASE)
    return read_version(named[1]) if named else ()


def _is_affected(match: VersionMatch, version: Version) -> bool:
    return bool(version) and any(first <= version < below for first, below in match.affected)


def _inferred(insured: str, seen: Observation, match: VersionMatch) -> Finding:
    finding = _by_words(insured, seen, match.cve, match.severity, match)
    return replace(finding, cve=match.cve)


def _out_of_repair(insured: str, seen: Observation, end: EndOfLife) -> Finding:
    """Information only: the day is the maker's, and somebody else may still repair the build in use."""
    return _by_words(insured, seen, end.id, Severity.INFO, end)


def _by_words(insured: str, seen: Observation, id: str, severity: Severity, rule: VersionMatch | EndOfLife) -> Finding:
    """A finding that follows from what a service says its version is; it has no rating factor."""
    return Finding(
        finding_uid(insured, seen.asset, id, seen.locator),
        id,
        seen.asset,
        seen.locator,
        severity,
        MatchBasis.VERSION_INFERRED,
        rule.title,
        rule.advice,
        rule.perils,
        "",
        seen.seen_at,
        seen.seen_at,
        FindingStatus.OPEN,
        seen.evidence_sha256,
    )


def with_intelligence(finding: Finding, at: datetime, intelligence: Intelligence | None) -> Finding:
    """What was published by that day; a score of a later day is left out: nobody could know it yet."""
    if intelligence is None:
        return finding
    day = local_day(at)
    score = intelligence.epss.get(finding.cve)
    scored = score if score is not None and score.score_date <= day else None
    return replace(
        finding,
        known_exploited=is_exploited(finding.cve, intelligence, day),
        epss=scored.score if scored else None,
        score_date=scored.score_date if scored else None,
    )


def _seen_again(known: Finding, now: Finding) -> Finding:
    """The new look's words, with the first day and the standing of the old record where it was still open."""
    reopened = known.status in (FindingStatus.RESOLVED, FindingStatus.FIXED)
    return replace(
        now,
        first_seen=min(known.first_seen, now.first_seen),
        last_seen=max(known.last_seen, now.last_seen),
        status=FindingStatus.OPEN if reopened else known.status,
    )


def _settles(known: Finding, scan: ScanResult, settled: frozenset[tuple[str, str, str]], rules: Rules) -> bool:
    """Whether the probe that can see this finding settled its place; for a version, every probe there has to."""
    check = rules.check(known.check)
    if check is not None:
        return (check.probe, known.asset, known.locator) in settled
    looks = [a for a in scan.attempts if (a.asset, a.locator) == (known.asset, known.locator)]
    return known.basis is MatchBasis.VERSION_INFERRED and bool(looks) and all(look.settles for look in looks)


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The gravest severity among the open findings, or nothing."""
    return max((finding.severity for finding in findings if finding.is_open), default=None)
