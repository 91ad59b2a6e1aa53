"""The settlement bench: facts and invoices in, three numbers with their trace out, by the terms that decide claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ringwall.basics import Refusal, Words
from ringwall.desk.doors import Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.views.settlement.answer import Answer, ItemAnswer, answer_of
from ringwall.desk.views.settlement.basis import (
    EDITORS,
    PEOPLE,
    Asked,
    PolicyChoice,
    basis_of,
    first_case,
    policies_of,
)
from ringwall.desk.views.settlement.case import Basis, Case, blank, terms_of
from ringwall.desk.views.settlement.files import to_link
from ringwall.desk.views.settlement.inputs import Inputs, inputs_of, left_out
from ringwall.desk.views.settlement.sheet import Fault, Sheet, field_of, read_sheet, write_sheet
from ringwall.product import Example, Product
from ringwall.terms import settle

__all__ = ["EDITORS", "PEOPLE", "Asked", "Bench", "bench_of_case", "edited_bench", "settlement_bench"]


@dataclass(frozen=True, slots=True)
class Bench:
    """The page: what may be chosen, the form, and the answer or what stands in its way."""

    basis: Basis
    versions: tuple[Product, ...]
    policies: tuple[PolicyChoice, ...]
    may_edit: bool
    example: str
    inputs: Inputs
    case: Case | None
    answer: Answer | None
    faults: tuple[Fault, ...]
    left_out: tuple[str, ...]
    link: str

    @property
    def product(self) -> Product:
        return self.basis.product

    @property
    def examples(self) -> tuple[Example, ...]:
        return self.basis.product.examples

    @property
    def address(self) -> Mapping[str, str]:
        """How a link names this very case."""
        return {**self.basis.address, **({"case": self.link} if self.link else {})}

    def settled(self, number: int) -> ItemAnswer | None:
        """What became of the item at a place of the form, counted from one."""
        return self.answer.items[number - 1] if self.answer else None

    def faulty(self, turn: int) -> bool:
        """Whether something is wrong with a field of an item."""
        return any(each.field.startswith(f"item.{turn}.") for each in self.faults)

    def fault(self, field: str) -> Words | None:
        """What is wrong with a field; the empty name asks for what no field has."""
        return next((each.refusal.message for each in self.faults if each.field == field), None)


def settlement_bench(office: Office, speaker: Speaker, asked: Asked, now: datetime) -> Bench | Refusal:
    """The bench with the case that the address names."""
    basis = basis_of(office, speaker, asked, now)
    if isinstance(basis, Refusal):
        return basis
    case = first_case(office, speaker, basis, asked, now)
    if isinstance(case, Refusal):
        return case
    return replace(bench_of_case(office, speaker, basis, case, now), example=asked.example)


def bench_of_case(office: Office, speaker: Speaker, basis: Basis, case: Case, now: datetime) -> Bench:
    """The bench with a case that was told elsewhere; facts that have no field here are named."""
    facts = [case.event.facts, *(item.facts for item in case.event.items)]
    bench = bench_of(office, speaker, basis, write_sheet(basis, case), now)
    return replace(bench, left_out=left_out(basis.product, facts))


def edited_bench(office: Office, speaker: Speaker, asked: Asked, sheet: Sheet, now: datetime) -> Bench | Refusal:
    """The bench after an edit; who may only read has nothing to edit."""
    if speaker.role not in EDITORS:
        return not_visible("settlement")
    basis = basis_of(office, speaker, asked, now)
    return basis if isinstance(basis, Refusal) else bench_of(office, speaker, basis, sheet, now)


def bench_of(office: Office, speaker: Speaker, basis: Basis, sheet: Sheet, now: datetime) -> Bench:
    """Read, compile, settle; the first clash stands at its field, and everything that was written is kept."""
    read = read_sheet(basis, sheet)
    case, faults = (read, ()) if isinstance(read, Case) else (None, read)
    terms = terms_of(basis, case) if case else None
    if isinstance(terms, Refusal):
        faults, terms = (Fault(field_of(terms, sheet), terms),), None
    answer = None
    if case and terms:
        outcome = settle(terms, case.event, case.state, void=case.void)
        if isinstance(outcome, Refusal):
            faults = (Fault(field_of(outcome, sheet), outcome),)
        else:
            answer = answer_of(basis.product, terms, case, outcome)
    shown = terms or terms_of(basis, Case(blank(basis).event))
    assert not isinstance(shown, Refusal), "the product's own numbers compile, or it would not be in the catalogue"
    versions = tuple(office.catalogue.versions.values()) if speaker.role in EDITORS else ()
    return Bench(
        basis=basis,
        versions=versions,
        policies=policies_of(office, speaker, now),
        may_edit=speaker.role in EDITORS,
        example="",
        inputs=inputs_of(basis, sheet, shown),
        case=case,
        answer=answer,
        faults=faults,
        left_out=(),
        link=to_link(basis, case) if case and not faults else "",
    )
