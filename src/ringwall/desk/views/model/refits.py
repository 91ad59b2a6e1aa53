"""Proposed versions of the loss model: the list on the model card, and one beside the version in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from ringwall.basics import Refusal, Words
from ringwall.desk.doors import Row, Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible, permit
from ringwall.desk.records import RefitFile, RefitState
from ringwall.desk.views.parts import all_known, known
from ringwall.desk.views.workbench_page import loss_names
from ringwall.risk import TERRITORIES, TRUSTED, Grade, Refit, Territory

STATE_WORDS: Mapping[RefitState, Words] = {
    RefitState.PROPOSED: Words("待决定", "waits for a decision"),
    RefitState.ADOPTED: Words("已采用", "adopted"),
    RefitState.DECLINED: Words("未采用", "declined"),
}
MARKS: Mapping[RefitState, str] = {
    RefitState.PROPOSED: "open",
    RefitState.ADOPTED: "good",
    RefitState.DECLINED: "bad",
}


@dataclass(frozen=True, slots=True)
class RefitLine:
    """A proposal in short."""

    file: RefitFile
    state: Words
    mark: str
    technical_change: Fraction | None


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One figure of the book under the version in use and under the proposed one."""

    name: Words
    before_minor: int
    after_minor: int

    @property
    def change(self) -> Fraction | None:
        return Fraction(self.after_minor, self.before_minor) - 1 if self.before_minor else None


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number that the proposal moves; from TRUSTED credibility on it carries grade A."""

    refit: Refit
    grade: Grade

    @property
    def ratio(self) -> float:
        return self.refit.after / self.refit.before


@dataclass(frozen=True, slots=True)
class RefitPage:
    """A proposal with its comparison; `may_decide` says whether the reader may adopt or decline it now."""

    line: RefitLine
    effects: tuple[EffectRow, ...]
    causes: tuple[EffectRow, ...]
    numbers: tuple[NumberRow, ...]
    may_decide: bool
    own: bool
    """The reader made it, and somebody else must decide."""

    @property
    def territories(self) -> Mapping[Territory | None, Words]:
        return TERRITORIES


def refits_known(office: Office, now: datetime) -> tuple[Row[RefitFile], ...]:
    """The acting insurer's proposals as known at an instant, the newest first."""
    mine = [row for row in all_known(office.refits, now) if row.owner_id == office.me]
    return tuple(sorted(mine, key=lambda row: row.number, reverse=True))


def refit_lines(office: Office, now: datetime) -> tuple[RefitLine, ...]:
    return tuple(_line(row.record) for row in refits_known(office, now))


def may_propose(speaker: Speaker) -> bool:
    return speaker.organisation_kind == "insurer" and permit(speaker, "propose_refit", None) is None


def refit_page(office: Office, speaker: Speaker, number: str, now: datetime) -> RefitPage | Refusal:
    """For the insurer whose proposal it is."""
    row = known(office.refits, office.refits.newest(number), now)
    if row is None or speaker.organisation_kind != "insurer":
        return not_visible(number)
    file = row.record
    waits = file.state is RefitState.PROPOSED and permit(speaker, "decide_refit", None) is None
    own = file.person == speaker.person_id
    return RefitPage(
        line=_line(file),
        effects=tuple(_effects(file)),
        causes=_causes(office, file),
        numbers=tuple(NumberRow(r, Grade.A if r.credibility >= TRUSTED else r.grade) for r in file.refits),
        may_decide=waits and not own,
        own=waits and own,
    )


def _line(file: RefitFile) -> RefitLine:
    technical = EffectRow(Words("", ""), file.before.technical_minor, file.after.technical_minor)
    return RefitLine(file, STATE_WORDS[file.state], MARKS[file.state], technical.change)


def _effects(file: RefitFile) -> tuple[EffectRow, ...]:
    before, after = file.before, file.after
    return (
        EffectRow(Words("技术保费", "Technical premium"), before.technical_minor, after.technical_minor),
        EffectRow(Words("年均损失，再保前", "Average year, gross"), before.gross.aal_minor, after.gross.aal_minor),
        EffectRow(Words("年均损失，再保后", "Average year, net"), before.net.aal_minor, after.net.aal_minor),
        EffectRow(Words("TVaR 99，再保前", "TVaR 99, gross"), before.gross.tvar99_minor, after.gross.tvar99_minor),
        EffectRow(Words("TVaR 99，再保后", "TVaR 99, net"), before.net.tvar99_minor, after.net.tvar99_minor),
    )


def _causes(office: Office, file: RefitFile) -> tuple[EffectRow, ...]:
    """The mean of a year by cause, gross; a cause that costs nothing under either version is left out."""
    names, before, after = loss_names(office.catalogue.model), file.before.by_cause, file.after.by_cause
    rows = (EffectRow(names.get(c, Words(c, c)), before.get(c, 0), after.get(c, 0)) for c in {**before, **after})
    return tuple(row for row in rows if row.before_minor or row.after_minor)
