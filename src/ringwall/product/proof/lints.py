"""All lints, in the order of the report; each takes a product and yields refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ringwall.basics import Refusal
from ringwall.product.proof import cover_lints, money_lints, text_lints
from ringwall.product.records import Product

Lint = Callable[[Product], Iterator[Refusal]]

LINTS: tuple[Lint, ...] = (
    cover_lints.clauses_that_never_speak,
    cover_lints.requirements_that_never_hold,
    cover_lints.clauses_about_what_nothing_grants,
    cover_lints.exceptions_that_never_meet_their_exclusion,
    cover_lints.exceptions_that_swallow_their_exclusion,
    cover_lints.grants_behind_another,
    cover_lints.barriers_behind_another,
    cover_lints.parts_without_a_grant,
    cover_lints.kinds_that_no_grant_answers,
    money_lints.parts_outside_the_settlement,
    money_lints.limits_that_never_bind,
    money_lints.deductibles_above_their_limit,
    money_lints.waiting_periods_without_an_end,
    money_lints.losses_without_a_ceiling,
    money_lints.ranges_that_hold_nothing,
    money_lints.units_that_do_not_fit,
    money_lints.orders_that_do_not_fit,
    money_lints.steps_that_do_not_rise,
    text_lints.words_nobody_uses,
    text_lints.names_with_two_meanings,
    text_lints.references_to_nothing,
    text_lints.languages_that_differ,
    text_lints.clauses_out_of_order,
    text_lints.examples_that_name_nothing,
    text_lints.examples_that_promise_nothing,
    text_lints.filings_that_cannot_be,
)


def lint_product(product: Product) -> tuple[Refusal, ...]:
    """Every fault, each once; a place that two lints name keeps both reasons."""
    return tuple(dict.fromkeys(refusal for lint in LINTS for refusal in lint(product)))
