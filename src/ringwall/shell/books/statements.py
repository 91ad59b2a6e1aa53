"""The SQL of the portfolio file: the rows as they are written, and one predicate that finds the rows to look at.

The predicate is no second rule book. What it lets pass is good; what it stops is read by the row reader of the
portfolio room, which has the last word and the sentences. A test holds that it never lets a broken row pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ringwall.portfolio import COLUMNS
from ringwall.terms import RetentionMode

WORDS = ("AccNumber", "PolNumber", "InsuredName", "Industry", "Region", "Product", "ProductVersion")
WHOLE = {"NumberOfEmployees": "", "NumberOfHosts": "0", "NumberOfRecords": "0", "BIWaitingHours": ""}
YUAN = ("AnnualRevenue", "LayerLimit", "LayerAggLimit", "PolNetPremium")
RATIOS = {"GrossProfitMargin": ("", 1), "CededPercent": ("0", 1), "Relativity": ("1", 100)}
DAYS = ("PolInceptionDate", "PolExpiryDate")
PARTS = tuple(name.removeprefix("PolLimit") for name in COLUMNS if name.startswith("PolLimit"))
SPACE = "".join(map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029)))
SPACE += "\u202f\u205f\u3000"
"""What Python's `strip` takes off; so rare in a file, and so slow here, that only suspect rows are asked for it."""
WORD = r"[^\s\x0b\x1c-\x1f\x{85}\pZ](?s:.*[^\s\x0b\x1c-\x1f\x{85}\pZ])?"
LONGEST_LINE = 1 << 21


def csv_source(header: Sequence[str]) -> str:
    """The CSV file at $path with every column a text; lines that are no rows of this width are put aside."""
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in header)
    return (
        "read_csv($path, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
        f"encoding = 'utf-8', compression = 'none', max_line_size = {LONGEST_LINE}, "
        f"store_rejects = true, rejects_limit = 0, columns = {{{columns}}})"
    )


PARQUET_SOURCE = "read_parquet($path)"


def load(header: Sequence[str], source: str) -> str:
    """The one statement that reads the file: each row that says something, in the file's order."""
    cells = ", ".join(f"trim(coalesce({_name(n)}::VARCHAR, '')) AS {_name(n)}" for n in header)
    absent = ", ".join(f"'' AS {_name(n)}" for n in COLUMNS if n not in header)
    every = f"{cells}, {absent}" if absent else cells
    return f"""
CREATE TABLE book AS
WITH line AS (SELECT row_number() OVER () AS place, {every} FROM {source})
SELECT *, NOT coalesce({fine()}, false) AS suspect
FROM line WHERE concat({", ".join(map(_name, header))}) <> ''
"""


def fine() -> str:
    """True for a row in which nothing clashes."""
    return "(" + "\n AND ".join(_holds()) + ")"


def _holds() -> Iterator[str]:
    for name in WORDS:
        yield _matches(_name(name), WORD)
    for name, default in WHOLE.items():
        yield _matches(_cell(name, default), "[0-9]{1,15}")
    for name in YUAN:
        yield _is_yuan(_name(name))
    for name, (default, most) in RATIOS.items():
        yield _is_ratio(_cell(name, default), most)
    for name in DAYS:
        day = f"try_cast({_name(name)} AS DATE)"
        yield f"{_matches(_name(name), '[0-9]{4}-[0-9]{2}-[0-9]{2}')} AND {day} >= DATE '0001-01-01'"
    modes = ", ".join(_text(mode.name.lower()) for mode in RetentionMode)
    yield f'"BIRetentionMode" IN ({modes})'
    yield 'try_cast("PolExpiryDate" AS DATE) > try_cast("PolInceptionDate" AS DATE)'
    yield f"{_fen('LayerAggLimit')} >= {_fen('LayerLimit')} AND {_fen('LayerLimit')} > 0"
    yield f"concat({', '.join(_name(f'PolLimit{part}') for part in PARTS)}) <> ''"
    for part in PARTS:
        yield f"({_name(f'PolLimit{part}')} = '' OR ({_part_holds(part)}))"


def _part_holds(part: str) -> str:
    limit, deductible = f"PolLimit{part}", _cell(f"PolDed{part}", "0")
    between = f"{_fen(limit)} > 0 AND {_fen(limit)} <= {_fen('LayerLimit')}"
    return f"{_is_yuan(_name(limit))} AND {_is_yuan(deductible)} AND {between}"


def _is_yuan(cell: str) -> str:
    return _matches(cell, "[0-9]{1,13}([.][0-9]{1,2})?")


def _fen(name: str) -> str:
    return f"try_cast({_name(name)} AS DECIMAL(15, 2))"


def _is_ratio(cell: str, most: int) -> str:
    decimal = f"try_cast({cell} AS DECIMAL(15, 9)) <= {most}"
    above, below = (f"try_cast(split_part({cell}, '/', {place}) AS BIGINT)" for place in (1, 2))
    written = f"{_matches(cell, '[0-9]{1,6}([.][0-9]{1,9})?')} AND {decimal}"
    divided = f"{_matches(cell, '[0-9]{1,9}/[0-9]{1,9}')} AND {below} > 0 AND {above} <= {most} * {below}"
    return f"(({written}) OR ({divided}))"


def _matches(cell: str, pattern: str) -> str:
    return f"regexp_full_match({cell}, '{pattern}')"


def _cell(name: str, default: str) -> str:
    """The cell, or what stands for an empty one; hosts are the employees where nobody counted them."""
    if name == "NumberOfHosts":
        return """coalesce(nullif("NumberOfHosts", ''), nullif("NumberOfEmployees", ''), '0')"""
    return f"coalesce(nullif({_name(name)}, ''), '{default}')" if default else _name(name)


def _stripped(name: str) -> str:
    return f"CASE WHEN suspect THEN trim({_name(name)}, {_text(SPACE)}) ELSE {_name(name)} END"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


REJECTED = """
SELECT line, min_by(error_type::VARCHAR, column_idx) AS fault, any_value(csv_line) AS text
FROM reject_errors GROUP BY line ORDER BY line
"""
SUSPECTS = f"SELECT place, {', '.join(map(_name, COLUMNS))} FROM book WHERE suspect ORDER BY place"
MAKE_BROKEN = "CREATE TABLE broken (place BIGINT)"
ADD_BROKEN = "INSERT INTO broken SELECT unnest($places::BIGINT[])"
MAKE_REPEATED = f"""
CREATE TABLE repeated AS
WITH good AS (SELECT place, {_stripped("PolNumber")} AS number FROM book ANTI JOIN broken USING (place)),
    twice AS (SELECT number, min(place) AS first FROM good GROUP BY ALL HAVING count(*) > 1)
SELECT place, number, first FROM good JOIN twice USING (number) WHERE place <> first
"""
REPEATED = "SELECT place, number, first FROM repeated ORDER BY place"
COUNTS = "SELECT (SELECT count(*) FROM book), (SELECT count(*) FROM broken), (SELECT count(*) FROM repeated)"


def typed_good() -> str:
    """The good rows with their types, in the file's order."""
    amounts = (*YUAN, *(f"{kind}{part}" for part in PARTS for kind in ("PolLimit", "PolDed")))
    types = dict.fromkeys(amounts, "DECIMAL(15, 2)") | dict.fromkeys(WHOLE, "BIGINT") | dict.fromkeys(DAYS, "DATE")
    # The engine may cast before it joins, so that a broken row must not stop it; a good row casts as it was checked.
    columns = (f"TRY_CAST(nullif({_stripped(n)}, '') AS {types.get(n, 'VARCHAR')}) AS {_name(n)}" for n in COLUMNS)
    return (
        f"SELECT {', '.join(columns)} FROM book ANTI JOIN broken USING (place) ANTI JOIN repeated USING (place) "
        "ORDER BY place"
    )
