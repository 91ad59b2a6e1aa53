"""The reinsurance programme as OED's two reinsurance files, and back.

A step of the programme is an inuring priority. Reinstatements are stated and, for systems that read only that, the
aggregate limit that they make. Every treaty covers the whole portfolio: OED's scope names no smaller part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import groupby

from ringwall.basics import Refusal, Words, refuse
from ringwall.portfolio.interchange.account import OED_VERSION, OWN, PERIL
from ringwall.portfolio.interchange.account_in import PERILS
from ringwall.portfolio.interchange.unsaid import Unsaid, amount_of, decimal_of
from ringwall.product import DECIMALS
from ringwall.treaty import (
    AnnualStopLoss,
    EventDefinition,
    EventExcess,
    Programme,
    QuotaShare,
    Treaty,
    programme_of,
)

REINS_INFO_FIELDS = (
    "OEDVersion", "ReinsNumber", "ReinsName", "ReinsPeril", "CededPercent", "OccLimit", "OccAttachment", "AggLimit",
    "AggAttachment", "AggPeriod", "PlacedPercent", "ReinsCurrency", "InuringPriority", "ReinsType", "Reinstatement",
    "ReinstatementCharge", "ReinsPremium", "TreatyShare", "UseReinsDates",
)  # fmt: skip
REINS_SCOPE_FIELDS = ("OEDVersion", "ReinsNumber", "PortNumber")
NARROWER = (
    "AccNumber", "PolNumber", "LocGroup", "LocNumber", "CedantName", "ProducerName", "LOB", "CountryCode", "ReinsTag",
)  # fmt: skip
"""Fields of a scope that name a part of the portfolio."""
NOT_CARRIED_OUT = (
    "RiskLimit", "RiskAttachment", "OccFranchiseDed", "OccReverseFranchise", "DeemedPercentPlaced",
)  # fmt: skip
LONGEST_NAME = 30
DAYS = "365"
NO_DECIMAL = Words("小数无法精确表示，文件中为近似值", "no decimal is exactly this, the file has one that is close")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TreatyFiles:
    """ReinsInfo and ReinsScope, with what they cannot say."""

    info: tuple[dict[str, str], ...]
    scope: tuple[dict[str, str], ...]
    unsaid: tuple[Unsaid, ...]


def treaty_files(programme: Programme, *, portfolio: str = "1", currency: str = "CNY") -> TreatyFiles:
    """One row a treaty in each file, numbered in inuring order."""
    info: list[dict[str, str]] = []
    unsaid: list[Unsaid] = []
    for priority, step in enumerate(programme.steps, start=1):
        for treaty in step:
            number = len(info) + 1
            cells = {"OEDVersion": OED_VERSION, "ReinsNumber": str(number), "ReinsPeril": PERIL, "UseReinsDates": "N"}
            cells |= {"ReinsCurrency": currency, "InuringPriority": str(priority), "TreatyShare": "1"}
            cells |= {"ReinsName": treaty.code[:LONGEST_NAME], **_terms(treaty, DECIMALS[currency])}
            info.append({name: cells.get(name, "") for name in REINS_INFO_FIELDS})
            unsaid += _not_said(treaty)
    scope = tuple(
        {"OEDVersion": OED_VERSION, "ReinsNumber": row["ReinsNumber"], "PortNumber": portfolio} for row in info
    )
    return TreatyFiles(tuple(info), scope, tuple(unsaid))


def _terms(treaty: Treaty, decimals: int) -> dict[str, str]:
    match treaty:
        case QuotaShare():
            return {"ReinsType": "QS", "CededPercent": decimal_of(treaty.ceded)[0], "PlacedPercent": "1"}
        case AnnualStopLoss():
            return {
                "ReinsType": "AXL",
                "CededPercent": "1",
                "PlacedPercent": decimal_of(treaty.placed)[0],
                "AggAttachment": amount_of(treaty.attachment_minor, decimals),
                "AggLimit": amount_of(treaty.limit_minor, decimals),
                "AggPeriod": DAYS,
            }
        case EventExcess():
            return {
                "ReinsType": "CXL",
                "CededPercent": "1",
                "PlacedPercent": decimal_of(treaty.placed)[0],
                "OccAttachment": amount_of(treaty.attachment_minor, decimals),
                "OccLimit": amount_of(treaty.limit_minor, decimals),
                "AggLimit": amount_of(treaty.capacity_minor, decimals),
                "AggPeriod": DAYS,
                "Reinstatement": str(len(treaty.charges)),
                "ReinstatementCharge": ";".join(decimal_of(charge)[0] for charge in treaty.charges),
                "ReinsPremium": amount_of(treaty.premium_minor, decimals),
            }


def _not_said(treaty: Treaty) -> Iterator[Unsaid]:
    """The event definition has no field, and the reinsurance files allow no field of our own."""
    if len(treaty.code) > LONGEST_NAME:
        name = Words(f"ReinsName 至多 {LONGEST_NAME} 个字符", f"ReinsName has {LONGEST_NAME} characters at most")
        yield Unsaid(treaty.code, "code", treaty.code, "", name)
    share = treaty.ceded if isinstance(treaty, QuotaShare) else treaty.placed
    if not decimal_of(share)[1]:
        yield Unsaid(treaty.code, "share", str(share), "", NO_DECIMAL)
    if not isinstance(treaty, EventExcess):
        return
    for charge in treaty.charges:
        if not decimal_of(charge)[1]:
            yield Unsaid(treaty.code, "reinstatement_charge", str(charge), "", NO_DECIMAL)
    usual = EventDefinition()
    for part in fields(EventDefinition):
        value = getattr(treaty.event, part.name)
        if value != getattr(usual, part.name):
            yield Unsaid(treaty.code, f"event.{part.name}", str(value), "", OWN)


def read_treaties(
    info: Iterable[Row], scope: Iterable[Row], *, currency: str = "CNY", where: str = "ReinsInfo"
) -> Programme | tuple[Refusal, ...]:
    """The programme; a treaty that the book cannot carry out refuses the whole, since the rest would take its place."""
    scopes: dict[str, list[Row]] = {}
    for row in scope:
        scopes.setdefault(_text(row, "ReinsNumber"), []).append(row)
    read = [_Treaty(row, scopes.get(_text(row, "ReinsNumber"), []), currency) for row in info]
    placed = sorted(read, key=lambda treaty: treaty.priority)
    steps = [list(step) for _, step in groupby(placed, key=lambda treaty: treaty.priority)]
    made = [[treaty.made() for treaty in step] for step in steps]
    faults = tuple(refusal for treaty in placed for refusal in treaty.refusals)
    return faults or programme_of(made, where)


def _text(row: Row, name: str) -> str:
    return (row.get(name) or "").strip()


class _Treaty:
    """One row of ReinsInfo with its scope while it is read."""

    def __init__(self, row: Row, scope: Sequence[Row], currency: str) -> None:
        self.row, self.scope, self.currency = row, scope, currency
        self.number = _text(row, "ReinsNumber")
        self.refusals: list[Refusal] = []
        self.priority = int(self._number("InuringPriority"))

    def made(self) -> Treaty:
        self._check()
        code, placed = _text(self.row, "ReinsName") or f"R{self.number}", self._share("PlacedPercent")
        placed *= self._share("TreatyShare")
        match _text(self.row, "ReinsType"):
            case "QS":
                self._unread("OccLimit", "OccAttachment", "AggLimit", "AggAttachment", "Reinstatement")
                return QuotaShare(code, self._share("CededPercent") * placed)
            case "AXL":
                self._unread("OccLimit", "OccAttachment", "Reinstatement")
                return AnnualStopLoss(code, self._amount("AggAttachment"), self._limit("AggLimit"), placed)
            case "CXL":
                self._unread("AggAttachment")
                return self._excess(code, placed)
        self._refuse("ReinsType")
        return QuotaShare(code, Fraction(0))

    def _excess(self, code: str, placed: Fraction) -> EventExcess:
        limit, charges = self._limit("OccLimit"), self._charges()
        layer = EventExcess(
            code, self._amount("OccAttachment"), limit, placed, self._amount("ReinsPremium"), charges or ()
        )
        whole = self._amount("AggLimit")
        if charges is None:
            if not whole or whole % limit:
                self._refuse("Reinstatement")
            return replace(layer, charges=(Fraction(0),) * max(whole // limit - 1, 0))
        if whole and whole != layer.capacity_minor:
            self._refuse("AggLimit")
        return layer

    def _charges(self) -> tuple[Fraction, ...] | None:
        """One premium rate a reinstatement; None where the number of reinstatements is not stated."""
        if not _text(self.row, "Reinstatement"):
            return None
        count, said = int(self._number("Reinstatement")), _text(self.row, "ReinstatementCharge")
        try:
            rates = [Fraction(Decimal(part)) for part in said.split(";") if part.strip()]
        except (InvalidOperation, ValueError, OverflowError):
            rates = [Fraction(-1)]
        rates = rates * count if len(rates) == 1 else rates or [Fraction(0)] * count
        if len(rates) != count or any(rate < 0 for rate in rates):
            self._refuse("ReinstatementCharge")
        return tuple(rates)

    def _check(self) -> None:
        for name in NOT_CARRIED_OUT:
            if self._number(name):
                self._refuse(name)
        kind, ceded = _text(self.row, "ReinsType"), _text(self.row, "CededPercent")
        if kind in ("CXL", "AXL") and ceded and self._number("CededPercent") != 1:
            self._refuse("CededPercent")
        if not set(_text(self.row, "ReinsPeril").split(";")) & set(PERILS):
            self._refuse("ReinsPeril")
        for name, plain in (("ReinsCurrency", self.currency), ("AttachmentBasis", "LO"), ("UseReinsDates", "N")):
            if _text(self.row, name) not in ("", plain):
                self._refuse(name)
        if _text(self.row, "AggPeriod") and self._number("AggPeriod") != int(DAYS):
            self._refuse("AggPeriod")
        narrower = [name for row in self.scope for name in NARROWER if _text(row, name)]
        if not self.scope or narrower:
            self._scope(narrower)

    def _unread(self, *names: str) -> None:
        for name in names:
            if self._number(name):
                self._refuse(name)

    def _number(self, name: str) -> Fraction:
        try:
            found = Decimal(_text(self.row, name) or "0")
        except InvalidOperation:
            found = Decimal("NaN")
        if found.is_finite() and found >= 0:
            return Fraction(found)
        self._refuse(name)
        return Fraction(0)

    def _share(self, name: str) -> Fraction:
        share = self._number(name) if _text(self.row, name) else Fraction(1)
        if share > 1:
            self._refuse(name)
        return min(share, Fraction(1))

    def _amount(self, name: str) -> int:
        minor = self._number(name) * 10 ** DECIMALS.get(self.currency, 2)
        if minor.denominator != 1:
            self._refuse(name)
        return int(minor)

    def _limit(self, name: str) -> int:
        """A limit; none at all is refused, since a treaty here has one."""
        minor = self._amount(name)
        if not minor:
            self._refuse(name)
        return minor or 1

    def _refuse(self, name: str) -> None:
        text, kind = _text(self.row, name) or "（空）", _text(self.row, "ReinsType") or "—"
        shown = _text(self.row, name) or "nothing"
        self.refusals.append(
            refuse(
                "oed_treaty_not_read",
                f"ReinsNumber {self.number} {name}",
                zh=f"再保合约 {self.number}（{kind}）的 {name} 为「{text}」，本系统的合约（QS、CXL、AXL，全组合，一年）"
                "不能执行；请改写该合约，或将其移出文件。",
                en=f"Treaty {self.number} ({kind}) has “{shown}” as {name}, which the treaties here (QS, CXL, AXL, on "
                "the whole portfolio, for a year) do not carry out; restate the treaty or leave it out of the file.",
            )
        )

    def _scope(self, narrower: list[str]) -> None:
        named = "、".join(dict.fromkeys(narrower)) or "（无）"
        shown = ", ".join(dict.fromkeys(narrower)) or "no row"
        self.refusals.append(
            refuse(
                "oed_treaty_scope",
                f"ReinsNumber {self.number}",
                zh=f"再保合约 {self.number} 在 ReinsScope 中限定了 {named}，而合约在此适用于整个业务组合；"
                "请只写 ReinsNumber 与 PortNumber，或分组合导入。",
                en=f"Treaty {self.number} has {shown} in ReinsScope, while a treaty here covers the whole portfolio; "
                "state only ReinsNumber and PortNumber, or import that part as a book of its own.",
            )
        )
