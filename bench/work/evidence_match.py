"""A new KEV entry to the policies that it touches, on a database of its own: 10,000 insureds with a million services.

python evidence_match.py ROOT quick|full
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid5

ROOT = Path(sys.argv[1])
sys.path.insert(0, str(ROOT / "src"))

import psycopg  # noqa: E402

from ringwall.catalogue import read_folder  # noqa: E402
from ringwall.evidence import KnownExploited, identities_of, parse_products  # noqa: E402
from ringwall.shell.store import embedded  # noqa: E402
from ringwall.shell.store.connection import acting_for, open_pool  # noqa: E402
from ringwall.shell.store.migrate import migrate  # noqa: E402
from ringwall.shell.store.watched.products import ProductRows  # noqa: E402

INSUREDS = {"full": 10_000, "quick": 1_000}
SERVICES_OF_ONE = 100
REPEATS = 5
SPACE = UUID(int=2026)
LEAD = uuid5(SPACE, "lead")
COMMON = 200
"""Products that every insured has; the table's own products are on one of fifty services each."""
ENTRY = KnownExploited("CVE-2026-0001", "Fortinet", "FortiOS", date(2026, 3, 1), True, None)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def services(insureds: int, identities: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
    """A hundred services of each insured; every fiftieth insured has the product that the entry is about."""
    for number in range(insureds):
        owner, thing = uuid5(SPACE, f"insured {number}"), uuid5(SPACE, f"object {number}")
        for place in range(SERVICES_OF_ONE):
            identity = f"maker/product-{(number * 7 + place) % COMMON}"
            if place == 0 and number % 50 == 0:
                identity = identities[0]
            asset, locator = f"host-{place}.{number}.test", f"198.18.0.1:{place}"
            yield owner, thing, identity, asset, locator, "", "banner", NOW


def fill(url: str, insureds: int, identities: tuple[str, ...]) -> int:
    """Rows as the superuser copies them in; gives the number of policies that must be found."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        organisations = [(LEAD, "lead", "insurer")]
        organisations += [(uuid5(SPACE, f"insured {n}"), f"insured-{n}", "insured") for n in range(insureds)]
        with cursor.copy("copy ringwall.organisation (id, code, kind, name_zh, name_en) from stdin") as copy:
            for id_, code, kind in organisations:
                copy.write_row((id_, code, kind, code, code))
        things = [(uuid5(SPACE, f"object {n}"), uuid5(SPACE, f"insured {n}"), n) for n in range(insureds)]
        with cursor.copy("copy ringwall.object (id, owner_id, number) from stdin") as copy:
            for thing, owner, number in things:
                copy.write_row((thing, owner, f"SUB-{number}"))
        with cursor.copy(
            "copy ringwall.object_grant (object_id, organisation_id, role, granted_by) from stdin"
        ) as copy:
            for thing, owner, _ in things:
                copy.write_row((thing, LEAD, "lead", owner))
        columns = "owner_id, object_id, number, state, effective_at, known_at, body"
        with cursor.copy(f"copy ringwall.policy ({columns}) from stdin") as copy:
            for thing, _, number in things:
                copy.write_row((LEAD, thing, f"P-{number:06d}", "bound", NOW, NOW, "{}"))
        columns = "owner_id, object_id, identity, asset, locator, version, basis, seen_at"
        with cursor.copy(f"copy ringwall.seen_product ({columns}) from stdin") as copy:
            for row in services(insureds, identities):
                copy.write_row(row)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze")
    return len(range(0, insureds, 50))


def main(how_much: str) -> None:
    rules = parse_products(read_folder("feeds")["products.yaml"], "products.yaml")
    assert isinstance(rules, tuple), rules
    identities = identities_of(ENTRY, rules)
    with tempfile.TemporaryDirectory(dir=ROOT / ".ringwall" / "bench") as folder:
        server = embedded.start(Path(folder) / "postgres")
        try:
            migrate(server.url_for(embedded.OWNER))
            expected = fill(server.url_for(embedded.SUPERUSER), INSUREDS[how_much], identities)
            seconds = matched(server.url_for(embedded.APP), identities, expected)
        finally:
            server.stop()
    services_in_all = INSUREDS[how_much] * SERVICES_OF_ONE
    figures = {"services": services_in_all, "policies_touched": expected}
    print(json.dumps({"kev_match_s": round(statistics.median(seconds), 3)} | figures))


def matched(url: str, identities: tuple[str, ...], expected: int) -> list[float]:
    """As the lead insurer, inside its walls: policies with their places."""
    seconds = []
    with open_pool(url, most=2) as pool:
        for _ in range(REPEATS):
            begin = time.perf_counter()
            with acting_for(pool, LEAD) as connection:
                found = ProductRows(connection, LEAD).touched(identities)
            seconds.append(time.perf_counter() - begin)
            assert len({touched.policy for _, touched in found}) == expected, (len(found), expected)
    return seconds


if __name__ == "__main__":
    main(sys.argv[2])
