"""The cover clauses of one part, prepared at the first item: answers to all conditions at once, then the verdict.

The verdict hangs on the answers alone, so that it is decided once for each set of answers and kept. Where facts are
missing it also names them, and is decided anew.
"""

from __future__ import annotations

from collections.abc import Iterable

from ringwall.terms.cover.conditions import TRUTHS, compile_conditions
from ringwall.terms.cover.records import ITEM_ALONE, Causes, Finding
from ringwall.terms.definition import Barrier, Bound, Grant, PartCover, WriteBack
from ringwall.terms.expressions import Condition, facts_of
from ringwall.terms.facts import Facts, FactValue, Truth
from ringwall.terms.outcome import Verdict

Answers = tuple[int, ...]
Change = tuple[str, FactValue, str]
"""A fact, another value of it, and both in words."""


class CoverProgram:
    """A part's clauses, each with the place of its answer."""

    def __init__(self, cover: PartCover) -> None:
        self.cover = cover
        self.conditions: list[Condition] = []
        self.grants: list[tuple[Grant, int]] = [(g, self.place(g.when)) for g in cover.grants]
        self.barriers: list[tuple[Barrier, int, list[tuple[WriteBack, int]]]] = [
            (b, self.place(b.when), [(w, self.place(w.when)) for w in b.exceptions]) for b in cover.barriers
        ]
        self.share = self.place(cover.share.when) if cover.share else -1
        self.bounds: list[tuple[Bound, int]] = [(b, self.place(b.when)) for b in cover.bounds]
        self.inside: list[tuple[str, int]] = [(code, self.place(when)) for code, when in cover.inside]
        self.causes = tuple(b.clause for b in cover.barriers if b.whole_claim)
        self.tell = compile_conditions(self.conditions)
        self.kept: dict[object, Finding] = {}
        self.changes: dict[str, tuple[Change, ...]] = {}
        """By deciding clause: the changes of fact that may turn its verdict, as `covered_if` found them."""

    def place(self, when: Condition) -> int:
        self.conditions.append(when)
        return len(self.conditions) - 1

    def finding(self, answers: Answers, facts: Facts, void: frozenset[str], causes: Causes) -> Finding:
        key: object = (answers, void)
        if self.causes:
            key = (answers, void, *(causes.get(clause) for clause in self.causes))
        found = self.kept.get(key)
        if found is None:
            found = _Deciding(self, answers, facts, void, causes).finding()
            if not found.unknown:
                self.kept[key] = found
        return found


def program_of(cover: PartCover) -> CoverProgram:
    made: CoverProgram | None = cover.memo.made
    if made is None:
        made = cover.memo.made = CoverProgram(cover)
    return made


def find(cover: PartCover, facts: Facts, void: frozenset[str], causes: Causes = ITEM_ALONE) -> Finding:
    """The verdict of an item with these facts; without `causes` its own facts speak for the whole claim."""
    program = program_of(cover)
    return program.finding(program.tell(facts.get), facts, void, causes)


class _Deciding:
    """One verdict by the rules of docs/settlement.md, in their order."""

    def __init__(
        self, program: CoverProgram, answers: Answers, facts: Facts, void: frozenset[str], causes: Causes
    ) -> None:
        self.program, self.facts, self.void, self.all_causes = program, facts, void, causes
        self.truths = [TRUTHS[answer] for answer in answers]
        self.tried: list[str] = []
        self.lifted: list[str] = []
        self.unknown: list[str] = []
        self.causes: list[str] = []

    def finding(self) -> Finding:
        grant, granted = self.grant()
        if grant is None:
            return Finding(Verdict.UNMAPPED, "")
        open_clause = "" if granted is Truth.TRUE else grant.clause
        if open_clause:
            self.miss(facts_of(grant.when))
        for barrier, place, writers in self.program.barriers:
            if barrier.clause in self.void:
                continue
            stands = self.stands(barrier, place, writers)
            if stands is Truth.TRUE:
                return Finding(Verdict.EXCLUDED, barrier.clause, tuple(self.tried))
            if stands is Truth.UNKNOWN:
                open_clause = open_clause or barrier.clause
                self.miss_of(barrier)
            else:
                self.tried.append(barrier.clause)
        if open_clause:
            unknown = tuple(dict.fromkeys(self.unknown))
            return Finding(
                Verdict.UNKNOWN, open_clause, tuple(self.tried), unknown, tuple(self.lifted), tuple(self.causes)
            )
        return self.granted(grant)

    def granted(self, grant: Grant) -> Finding:
        share, lifted = self.program.cover.share, tuple(self.lifted)
        if grant.verdict is Verdict.NOMINAL_ONLY:
            return Finding(Verdict.NOMINAL_ONLY, grant.clause, tuple(self.tried))
        if share and share.clause not in self.void:
            if self.truths[self.program.share] is not Truth.FALSE:
                return Finding(Verdict.CONDITIONAL, share.clause, tuple(self.tried), (), lifted)
            self.tried.append(share.clause)
        return Finding(grant.verdict, grant.clause, tuple(self.tried), (), lifted)

    def grant(self) -> tuple[Grant | None, Truth]:
        """The first true grant of the part; failing that the first unknown one."""
        perhaps: Grant | None = None
        for grant, place in self.program.grants:
            if grant.clause in self.void:
                continue
            if self.truths[place] is Truth.TRUE:
                return grant, Truth.TRUE
            if self.truths[place] is Truth.UNKNOWN and perhaps is None:
                perhaps = grant
        return perhaps, Truth.UNKNOWN

    def stands(self, barrier: Barrier, place: int, writers: Iterable[tuple[WriteBack, int]]) -> Truth:
        """Whether the barrier keeps the item out: its condition and no write-back, or a requirement that fails.

        The condition of an exclusion of the whole claim is read from the claim, its write-backs from the item.
        """
        truth = self.truths[place]
        if barrier.wanted:
            return truth.negated()
        if barrier.whole_claim and barrier.clause in self.all_causes:
            truth = self.all_causes[barrier.clause].truth
        for writer, at in writers if truth is not Truth.FALSE else ():
            if writer.clause not in self.void:
                if self.truths[at] is Truth.TRUE:
                    self.lifted.append(writer.clause)
                truth = min(truth, self.truths[at].negated())
        return truth

    def miss_of(self, barrier: Barrier) -> None:
        self.miss(barrier.facts)
        cause = self.all_causes.get(barrier.clause) if barrier.whole_claim else None
        if cause and cause.truth is Truth.UNKNOWN:
            self.unknown += cause.missing
            self.causes.append(barrier.clause)

    def miss(self, names: Iterable[str]) -> None:
        self.unknown += [name for name in names if name not in self.facts]
