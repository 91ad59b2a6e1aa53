"""A settlement in plain words: why each item stands as it does, what each rule took, what would have changed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ringwall.basics import Words
from ringwall.shell.cli.files.settlement import Settled
from ringwall.shell.cli.page import Page
from ringwall.shell.cli.refused import good
from ringwall.terms import (
    Aim,
    Counterfactual,
    Counterfactuals,
    OutcomeExplained,
    Sentence,
    counterfactuals,
    explain_outcome,
)

MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Explained:
    """The outcome in sentences, and the smallest changes of facts that would have changed the payment."""

    outcome: OutcomeExplained
    letting_in: Counterfactuals
    repaying: Counterfactuals


def explained(settled: Settled) -> Explained:
    def changed(aim: Aim) -> Counterfactuals:
        return good(counterfactuals(settled.terms, settled.event, settled.state, void=settled.void, aim=aim))

    letting_in = changed(Aim.ADMITTED)
    outcome = explain_outcome(settled.terms, settled.event, settled.outcome, letting_in)
    return Explained(outcome, letting_in, changed(Aim.PAYMENT))


def explained_document(told: Explained) -> dict[str, Any]:
    return {
        "sentences": [sentence_document(sentence) for sentence in told.outcome.sentences],
        "covered_if": [change_document(each) for each in told.letting_in.found],
        "payment_if": [change_document(each) for each in told.repaying.found],
        "complete_up_to_changes": min(told.letting_in.complete, told.repaying.complete),
    }


def sentence_document(sentence: Sentence) -> dict[str, Any]:
    return {"says": sentence.says, "clauses": sentence.clauses, "text": sentence.words}


def change_document(each: Counterfactual) -> dict[str, Any]:
    changes = [{"item": c.item, "fact": c.fact, "before": c.before, "after": c.after} for c in each.changes]
    return {"item": each.item, "changes": changes, "adds_minor": each.adds_minor, "text": each.words}


def draw_explained(page: Page, told: Explained) -> None:
    page.heading(Words("用平常的话说", "In plain words"))
    for sentence in told.outcome.sentences:
        page.line(sentence.words)
    if told.repaying.found:
        page.heading(Words("怎样的事实会改变赔款", "Facts that would have changed the payment"))
        draw_changes(page, told.repaying.found)


def draw_changes(page: Page, found: Sequence[Counterfactual]) -> None:
    for each in found[:MOST_SHOWN]:
        page.line(each.words)
    left = len(found) - MOST_SHOWN
    if left > 0:
        page.line(Words(f"另有 {left} 种，见 --json", f"{left} more, see --json"), "dim")
