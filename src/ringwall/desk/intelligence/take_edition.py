"""An edition of the catalogue of known exploited vulnerabilities: what is new in it, and word to whom it touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ringwall.basics import Refusal, refuse
from ringwall.desk.intelligence.facts_at import FEED, SCORES, scores_of
from ringwall.desk.intelligence.tell_of_exploited import tell_of_exploited
from ringwall.desk.office import Office
from ringwall.evidence import Intelligence, KevEdition


@dataclass(frozen=True, slots=True)
class EditionTaken:
    """What an edition brought: entries that no edition before it had, and the policies that were told."""

    version: str
    dated: date
    entries: int
    new: tuple[str, ...]
    told: tuple[str, ...]


def edition_of(intelligence: Intelligence) -> KevEdition | Refusal:
    """The edition in the facts at hand; the built-in table is none, since it lists only a few."""
    if intelligence.unlisted is not None:
        return refuse(
            "edition_not_whole",
            intelligence.catalogue_version,
            zh="只有内置表可用，它不是完整目录，不能判断哪些条目是新增的；请提供 KEV 文件或检查网络。",
            en="Only the built-in table is at hand, which is no whole catalogue, so nothing can be told to be new; "
            "name a KEV file or check the network.",
        )
    return KevEdition(intelligence.catalogue_version, intelligence.known_exploited, intelligence.source)


def take_edition(office: Office, edition: KevEdition, *, at: datetime, since: date | None = None) -> EditionTaken:
    """Every entry that is new is told of, once; the first edition is where counting begins, or `since` a day.

    The edition and its letters are one transaction, so that an edition taken again tells nobody.
    """
    known = office.editions.entries(FEED)
    if known is None:
        new = [entry for entry in edition.entries.values() if since is not None and entry.added_on >= since]
    else:
        new = [entry for cve, entry in edition.entries.items() if cve not in known]
    newest = office.editions.whole(FEED, (office.me,), at)
    if new or newest is None or edition.dated > newest.dated:
        office.editions.add_whole(FEED, edition, at)
    new.sort(key=lambda entry: (entry.added_on, entry.cve))
    told = {touched.policy for entry in new for touched in tell_of_exploited(office, entry, at=at)}
    cves = tuple(entry.cve for entry in new)
    return EditionTaken(edition.version, edition.dated, len(edition.entries), cves, tuple(sorted(told)))


def note_scores(office: Office, intelligence: Intelligence, *, at: datetime) -> None:
    """The scores at hand, where they are newer than those taken before: looks are judged with them from now on."""
    table = scores_of(intelligence)
    held = max((dated for feed, _, dated, _ in office.editions.newest() if feed == SCORES), default=date.min)
    if table is not None and table.score_date > held:
        office.editions.add_scores(SCORES, table, intelligence.source.en, at)
