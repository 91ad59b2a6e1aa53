"""An event that the contract would pay and the law does not: what is then owed, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msgspec.structs import replace as changed

from ringwall.claim.decision import REFUSED_VERDICTS
from ringwall.terms import Between, ItemOutcome, Outcome, PartOutcome, TraceNode, Verdict
from ringwall.underwriting import DisclosureAssessment, DisclosureStep

NOTHING = Between(0, 0)


def after_rescission(outcome: Outcome, assessment: DisclosureAssessment) -> Outcome:
    """What is owed under a contract rescinded for a false answer: nothing where the event goes unpaid (Law 16)."""
    if assessment.event_paid:
        return outcome
    return nothing_owed(outcome, assessment.decided_by, "disclosure", assessment.steps)


def nothing_owed(outcome: Outcome, rule: str, label: str, steps: Sequence[DisclosureStep]) -> Outcome:
    """The outcome of an event that goes unpaid by law, for the reasons in `steps`.

    The loss in fact stays as it was; nothing of it is within cover, costs of Law 57 and 64 included, and no limit of
    the period is used.
    """
    return replace(
        outcome,
        items=tuple(unpaid_item(item, rule) for item in outcome.items),
        parts=tuple(_part_unpaid(part) for part in outcome.parts),
        contract=NOTHING,
        statutory=NOTHING,
        state_after=outcome.state_before,
        open_points=(),
        in_kind=tuple(_part_unpaid(part) for part in outcome.in_kind),
        charges=dict.fromkeys(outcome.charges, 0),
        trace=TraceNode(
            "payable",
            rule,
            label,
            0,
            steps[-1].finding,
            tuple(TraceNode(label, step.rule, "rule", 0, step.finding) for step in steps),
        ),
    )


def unpaid_item(item: ItemOutcome, rule: str) -> ItemOutcome:
    """An item that goes unpaid by law; what was refused for a reason of its own keeps that reason."""
    if item.verdict in REFUSED_VERDICTS:
        return changed(item, covered_if=())
    return changed(item, verdict=Verdict.EXCLUDED, clause=rule, within_cover=NOTHING, covered_if=())


def _part_unpaid(part: PartOutcome) -> PartOutcome:
    return changed(part, within_cover=NOTHING, payable=NOTHING)
