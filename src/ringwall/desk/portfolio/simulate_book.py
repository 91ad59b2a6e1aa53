"""The lead's book: imported rows and the policies bound here, simulated with the losses of the running year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ringwall.basics import day_start
from ringwall.desk.office import Office, own_code
from ringwall.desk.portfolio.held_book import book_again, claims_to_date
from ringwall.desk.portfolio.run_parts import take_apart
from ringwall.desk.records import BookRun
from ringwall.portfolio import (
    Portfolio,
    accumulation,
    by_cause,
    by_vendor,
    compile_book,
    gross_view,
    loss_ratio,
    net_view,
    simulate_book,
    tail_by_policy,
)


@dataclass(frozen=True, slots=True)
class BookWish:
    """What to simulate: the day on which the book stands, how many years, with which seed."""

    as_at: date
    years: int
    seed: int


def import_book(office: Office, portfolio: Portfolio, *, at: datetime) -> int:
    """Good rows join the book under an object of its own; refused rows were listed by the reader. Gives the count."""
    object_id = book_object(office)
    for policy in portfolio.rows:
        if office.book.newest(policy.number) is None:
            begins = day_start(policy.first_day)
            office.book.add(policy.number, policy, object_id=object_id, effective_at=begins, known_at=at)
    return len(portfolio.rows)


def book_object(office: Office) -> UUID:
    number = f"{own_code(office)}-BOOK"
    return office.objects.by_number(number) or office.objects.open(number)


def run_book(office: Office, wish: BookWish, *, at: datetime) -> BookRun:
    """Simulate with the losses to date, measure gross and net, take apart, and keep it under a number of its own."""
    catalogue, book = office.catalogue, book_again(office, wish.as_at, wish.years, wish.seed)
    held, claims, loops = book.policies, claims_to_date(office), catalogue.loops
    products = {(product.code, product.version): product for product in catalogue.versions.values()}
    compiled = compile_book(held, products)
    result = simulate_book(
        held, compiled.terms, catalogue.model, wish.years, wish.seed,
        opening=book.opening, as_at=wish.as_at, known=book.known, loops=loops,
    )  # fmt: skip
    gross, net = gross_view(result), net_view(result, catalogue.programme)
    ratio = loss_ratio(held, claims, wish.as_at)
    piles = accumulation(held, wish.as_at)
    run = BookRun(
        number=office.numbers.next(f"{own_code(office)}-RUN"),
        as_at=wish.as_at,
        years=wish.years,
        seed=wish.seed,
        model=result.model_version,
        model_sha256=result.model_sha256,
        policies=len(held),
        gross=gross.measures,
        net=net.measures,
        known_minor=result.known_minor,
        premium_minor=ratio.written_minor,
        earned_minor=ratio.earned_minor,
        incurred_minor=ratio.incurred_minor,
        by_cause=by_cause(result),
        by_vendor=by_vendor(result),
        tail_by_policy=tail_by_policy(result),
        piles=piles.vendors,
        refusals=(*compiled.refusals, *result.refusals),
        parts=take_apart(office, book, result, (gross, net), piles, at=at),
    )
    as_at = day_start(wish.as_at)
    office.book_runs.add(run.number, run, object_id=book_object(office), effective_at=as_at, known_at=at)
    return run
