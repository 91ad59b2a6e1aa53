"""An OED account of cyber business as terms: one row is one layer of one policy.

The order is OED's own: deductible and limit of each coverage, `PolDed` on what is left of all of them together, then
the layer, per event and over the period, and at last the insurer's participation. A limit of nil is no limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ringwall.basics import Refusal, Words
from ringwall.product.interchange.fields import DECIMALS, OedRow
from ringwall.terms import (
    Always,
    Deductible,
    Fixed,
    Grant,
    InterruptionTerms,
    Limit,
    MoneyRule,
    ParameterRead,
    PartTerms,
    Per,
    RetentionMode,
    Settlement,
    Share,
    Step,
    Term,
    TermsDefinition,
)

COVERAGES: Mapping[int, tuple[str, Words]] = {
    7: ("NPBI", Words("营业中断", "business interruption")),
    8: ("CBI", Words("供应方营业中断", "dependent business interruption")),
    9: ("DIAS", Words("数据与系统恢复", "data and system restoration")),
    10: ("EXT", Words("网络勒索", "extortion")),
    11: ("FIN", Words("资金欺诈", "funds-transfer fraud")),
    12: ("INRE", Words("事故响应费用", "incident response")),
    13: ("LIA", Words("第三者责任", "third-party liability")),
    14: ("REG", Words("监管调查", "regulatory proceedings")),
    15: ("ENO", Words("信息技术职业责任", "technology professional liability")),
}
"""Number of a coverage (OED 4.0, CoverageValues) to the code of our part and its name."""
CODES = tuple(code for code, _ in COVERAGES.values())
SPELLINGS = {"BI": ("NPBI",), "LIAB": ("LIA",), "CYB": CODES, "": CODES} | {code: (code,) for code in CODES}
"""`PolCoverage`: OED's example account writes BI and its table LIAB where its fields write NPBI and LIA."""
REQUIRED = ("AccNumber", "AccCurrency", "PolNumber")
LAYER = ("LayerAttachment", "LayerLimit", "LayerAggAttachment", "LayerAggLimit")
AMOUNTS = (*(f"Pol{term}{code}" for code in CODES for term in ("Ded", "Limit")), "PolDed", *LAYER)
PARTICIPATION, OTHERS, WHOLE = "LayerParticipation", "others_share", "participation_whole"
LEAST_WHOLE = 10_000
READ = frozenset(name.lower() for name in (*AMOUNTS, PARTICIPATION, "LayerNumber"))
CHANGES_THE_PAYMENT = (
    "polded", "pollimit", "polmin", "polmax", "polsir", "layer", "cond", "accded", "acclimit", "accmin", "accmax",
    "accparticipation", "biwaitingperiod", "bipoi", "stackedpolnumber", "step",
)  # fmt: skip
"""How the names of such fields begin; one of them that is filled in and not read here is refused."""
MAXIMUM_MINOR = 10**11
INTERRUPTION, WAITING, MODE, INDEMNITY = "NPBI", "BIWaitingPeriod", "retention_mode", "BIPOI"
YEAR_DAYS = 365
"""OED's period of indemnity where none is stated."""


@dataclass(frozen=True, slots=True)
class OedLayer:
    """One layer of one policy: what compiles, and the numbers that its row states, by the names of their fields."""

    account: str
    policy: str
    layer: str
    currency: str
    definition: TermsDefinition
    parameters: Mapping[str, ParameterRead]


def oed_layer(row: Mapping[str, str], *, maximum_minor: int = MAXIMUM_MINOR) -> OedLayer | Refusal:
    """The terms of a row of a cyber account file, or what in it is missing, unreadable or not carried out."""
    read = OedRow.of(row)
    fault = next(_faults(read), None)
    if fault:
        return fault
    numbers = _numbers(read)
    if isinstance(numbers, Refusal):
        return numbers
    return OedLayer(
        read.text("AccNumber"),
        read.text("PolNumber"),
        read.text("LayerNumber") or "1",
        read.text("AccCurrency"),
        _definition(_covered(read), numbers, maximum_minor),
        numbers,
    )


def by_the_hour(layer: OedLayer, waiting_hours: int, mode: RetentionMode, indemnity_days: int = YEAR_DAYS) -> OedLayer:
    """The same layer with its interruption counted in hours: a book simulates outages and not amounts.

    OED states the waiting period and the period of indemnity in days, and not how the first goes with a deductible.
    """
    given = {WAITING: (waiting_hours, "hour"), MODE: (int(mode), "code"), INDEMNITY: (indemnity_days, "day")}
    source, definition = f"OED {layer.account}/{layer.policy}/{layer.layer}", layer.definition
    numbers = {name: ParameterRead(name, value, unit, source) for name, (value, unit) in given.items()}
    hours = InterruptionTerms(
        Term(WAITING, WAITING), Term(WAITING, MODE), Term(INDEMNITY, INDEMNITY), f"PolCoverage {INTERRUPTION}"
    )
    parts = tuple(replace(p, interruption=hours) if p.part == INTERRUPTION else p for p in definition.parts)
    return replace(layer, definition=replace(definition, parts=parts), parameters={**layer.parameters, **numbers})


def _faults(read: OedRow) -> Iterator[Refusal]:
    for name in REQUIRED:
        if not read.text(name):
            yield read.missing(name)
    if read.text("AccCurrency") not in DECIMALS:
        yield read.not_read("AccCurrency")
    for name in ("LimitCurrency", "DedCurrency"):
        if read.text(name) not in ("", read.text("AccCurrency")):
            yield read.not_read(name)
    if any(code not in SPELLINGS for code in _listed(read)):
        yield read.unreadable("PolCoverage")
    for name in read.stated():
        if name.startswith(CHANGES_THE_PAYMENT) and name not in READ:
            yield read.not_read(name)


def _listed(read: OedRow) -> list[str]:
    return [code.strip() for code in read.text("PolCoverage").split(";")]


def _covered(read: OedRow) -> tuple[str, ...]:
    """The coverages of the policy; all of them where it lists none."""
    named = {part for code in _listed(read) for part in SPELLINGS[code]}
    return tuple(code for code in CODES if code in named)


def _numbers(read: OedRow) -> dict[str, ParameterRead] | Refusal:
    source, since = f"OED {read.where}", read.day("PolInceptionDate")
    found: dict[str, ParameterRead] = {}
    for name in AMOUNTS:
        minor = read.amount(name)
        if isinstance(minor, Refusal):
            return minor
        if minor:
            found[name] = ParameterRead(name, minor, "minor", source, since)
    share = read.share(PARTICIPATION)
    if share is None:
        return read.unreadable(PARTICIPATION)
    if share != 1:
        whole = max(share.denominator, LEAST_WHOLE)
        whole += -whole % share.denominator
        others = whole - share.numerator * (whole // share.denominator)
        found[OTHERS] = ParameterRead(OTHERS, others, f"of_{WHOLE}", source, since)
        found[WHOLE] = ParameterRead(WHOLE, whole, "count", source, since)
    return found


def _definition(codes: tuple[str, ...], numbers: Mapping[str, ParameterRead], maximum_minor: int) -> TermsDefinition:
    """Each term is a clause under the name of its field."""
    names = dict(COVERAGES.values())
    parts = tuple(
        PartTerms(code, names[code], _term(f"PolDed{code}", numbers), _term(f"PolLimit{code}", numbers))
        for code in codes
    )
    rules = tuple(_rules(codes, numbers))
    order = (Step.VERDICT, Step.RETENTION, Step.PART_LIMIT, *(rule.name for rule in rules))
    return TermsDefinition(
        facts={},
        parts=parts,
        settlement=Settlement("OED", order),
        maximum_minor=maximum_minor,
        grants=tuple(Grant(f"PolCoverage {code}", code, Always()) for code in codes),
        rules=rules,
    )


def _term(name: str, numbers: Mapping[str, ParameterRead]) -> Term | None:
    return Term(name, name) if name in numbers else None


def _rules(codes: tuple[str, ...], numbers: Mapping[str, ParameterRead]) -> Iterator[MoneyRule]:
    """In the order in which they act; what the row does not state is left out."""
    over_parts: tuple[tuple[str, type[Deductible] | type[Limit], Per], ...] = (
        ("PolDed", Deductible, Per.EVENT),
        ("LayerAttachment", Deductible, Per.EVENT),
        ("LayerLimit", Limit, Per.EVENT),
        ("LayerAggAttachment", Deductible, Per.PERIOD),
        ("LayerAggLimit", Limit, Per.PERIOD),
    )
    for name, rule, per in over_parts:
        if name in numbers:
            yield rule(name, name, codes, per, Fixed(Term(name, name)))
    if OTHERS in numbers:
        others, whole = Term(PARTICIPATION, OTHERS), Term(PARTICIPATION, WHOLE)
        yield Share(PARTICIPATION, PARTICIPATION, codes, base=others, whole=whole)
