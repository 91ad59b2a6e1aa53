"""Which product was seen where: the rows that lead from a vulnerability to the policies that it touches."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from ringwall.evidence import MatchBasis, SeenProduct, Touched

INSERT = (
    "insert into ringwall.seen_product (owner_id, object_id, identity, asset, locator, version, basis, seen_at) "
    "values (%s, %s, %s, %s, %s, %s, %s, %s)"
)
TOUCHED = """
with seen as materialized (select * from ringwall.seen_product where identity = any(%s)),
insured as materialized (
    select distinct on (p.object_id) p.object_id, p.number from ringwall.policy p
    where p.object_id in (select object_id from seen) order by p.object_id, p.number desc, p.version desc
)
select seen.*, insured.number from seen join insured using (object_id) order by insured.number, asset, locator, identity
"""


class ProductRows:
    """The products of the objects that the acting organisation may see."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def renew(self, object_id: UUID, products: Iterable[SeenProduct]) -> None:
        """These are the products of the object now."""
        self._connection.execute(
            "delete from ringwall.seen_product where object_id = %s and owner_id = %s", (object_id, self._me)
        )
        with self._connection.cursor() as cursor:
            cursor.executemany(
                INSERT,
                [
                    (self._me, object_id, p.identity, p.asset, p.locator, p.version, p.basis.value, p.seen_at)
                    for p in products
                ],
            )

    def touched(self, identities: Iterable[str]) -> tuple[tuple[UUID, Touched], ...]:
        """The newest policy of every object with one of the products, and the places of each."""
        rows = self._connection.execute(TOUCHED, (list(identities),)).fetchall()
        groups = groupby(rows, key=lambda row: (row["object_id"], row["number"]))
        return tuple((object_id, Touched(policy, tuple(map(_seen, places)))) for (object_id, policy), places in groups)


def _seen(row: DictRow) -> SeenProduct:
    return SeenProduct(
        row["identity"], row["asset"], row["locator"], row["version"], MatchBasis(row["basis"]), row["seen_at"]
    )
