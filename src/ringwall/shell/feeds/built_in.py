"""The small table of cited facts that ships with the product, for when no feed can be read."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

from ringwall.basics import Words, read_yaml
from ringwall.evidence import EpssTable, Intelligence, KnownExploited

SAYS = {"yes": True, "no": False}


def built_in() -> Intelligence:
    """The table names every CVE it knows, so a CVE that it says is not listed is not listed; others are unknown."""
    text = files("ringwall").joinpath("catalogue/feeds/known.yaml").read_text(encoding="utf-8")
    table = read_yaml(text)
    rows: dict[str, dict[str, str]] = table["vulnerabilities"]
    version, score_date = table["known_exploited"]["version"], date.fromisoformat(table["scores"]["date"])
    scores = {cve: (float(row["epss"]), float(row["percentile"])) for cve, row in rows.items()}
    exploited = {cve: _entry(cve, row) for cve, row in rows.items() if SAYS[row["kev"]]}
    return Intelligence(
        catalogue_version=version,
        score_date=score_date,
        source=Words(
            f"内置表（{len(rows)} 个 CVE；KEV {version}，EPSS {score_date}）",
            f"built-in table ({len(rows)} CVEs; KEV {version}, EPSS {score_date})",
        ),
        known_exploited=exploited,
        epss=EpssTable(score_date, scores, whole=False),
        unlisted=frozenset(rows) - frozenset(exploited),
    )


def _entry(cve: str, row: dict[str, str]) -> KnownExploited:
    return KnownExploited(
        cve,
        row["vendor"],
        row["product"],
        added_on=date.fromisoformat(row["added_on"]),
        ransomware=SAYS[row["ransomware"]],
        due_on=date.fromisoformat(row["due_on"]),
    )
