"""A new version of the model from own experience, as a proposal with its drift and effect; the model in use stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ringwall.basics import Refusal, local_day, refuse
from ringwall.desk.doors import Speaker
from ringwall.desk.office import Office, own_code
from ringwall.desk.portfolio.held_book import book_again
from ringwall.desk.portfolio.simulate_book import book_object
from ringwall.desk.records import RefitFile, RefitState
from ringwall.desk.risk.own_book import own_book
from ringwall.portfolio import BookAgain, ModelEffect, effect_of_model, in_force
from ringwall.price import FiledRates
from ringwall.risk import (
    BookExperience,
    NewVersion,
    Refit,
    RiskModel,
    data_digest,
    drift_of,
    parse_model,
    refit,
    second_opinion,
    write_version,
)

OWN_BOOK = "book"
YEARS, LEAST_YEARS, SEED = 2_000, 200, 1
VERSION = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True)
class RefitWish:
    """What to propose: under which version, from which experience, compared over how many simulated years."""

    version: str
    experience: BookExperience | None = None
    """None: the policies bound here, and the claims on them."""
    origin: str = OWN_BOOK
    years: int = YEARS
    seed: int = SEED


def propose_refit(office: Office, wish: RefitWish, *, by: Speaker, at: datetime) -> RefitFile | Refusal:
    """Fit, compare on the book in force, and keep it under a number of its own for somebody else to decide."""
    if not VERSION.fullmatch(wish.version):
        return _unreadable(wish.version)
    experience = wish.experience or own_book(office, at=at)
    if not experience.exposed:
        return _no_exposure(office, wish, at)
    if any(wish.version == row.record.version for row in office.refits.all()):
        return _taken(wish.version)
    model = office.catalogue.model
    refits = refit(model, experience)
    proposed = _new_version(office, wish, refits, experience, at)
    if isinstance(proposed, Refusal):
        return proposed
    files, new = proposed
    before, after = _effects(office, wish, new, at)
    second = second_opinion(model, experience)
    file = RefitFile(
        number=office.numbers.next(f"{own_code(office)}-REFIT"),
        model=model.version,
        model_sha256=model.sha256,
        version=new.version,
        sha256=new.sha256,
        on=local_day(at),
        by=by.display_name,
        person=by.person_id,
        origin=wish.origin,
        data_sha256=data_digest(experience),
        policies=len(experience.exposed),
        claims=len(experience.claims()),
        first_year=experience.years[0],
        last_year=experience.years[-1],
        refits=refits,
        second=None if isinstance(second, Refusal) else second,
        drift=drift_of(model, experience),
        before=before,
        after=after,
        refusals=experience.refusals,
        files=files,
    )
    state = RefitState.PROPOSED.value
    office.refits.add(file.number, file, object_id=book_object(office), effective_at=at, known_at=at, state=state)
    return file


def _new_version(
    office: Office, wish: RefitWish, refits: tuple[Refit, ...], experience: BookExperience, at: datetime
) -> tuple[Mapping[str, str], RiskModel] | Refusal:
    claims, years = len(experience.claims()), experience.years
    told = NewVersion(wish.version, local_day(at), f"{claims} own claims of {years[0]} to {years[-1]}")
    files = write_version(office.catalogue.model_texts, refits, told)
    if isinstance(files, Refusal):
        return files
    model = parse_model(files)
    return (files, model) if isinstance(model, RiskModel) else model[0]


def _effects(office: Office, wish: RefitWish, new: RiskModel, at: datetime) -> tuple[ModelEffect, ModelEffect]:
    """The policies in force today for a whole year each, under the model in use and under the new one."""
    day, catalogue = local_day(at), office.catalogue
    book = book_again(office, day, wish.years, wish.seed, at)
    held = BookAgain(in_force(book.policies, day), book.terms, book.model, wish.years, wish.seed, None, {}, ())
    rates = rates_by_version(office)
    old, later = (
        effect_of_model(replace(held, model=model), catalogue.programme, rates, loops=catalogue.loops)
        for model in (book.model, new)
    )
    return old, later


def rates_by_version(office: Office) -> Mapping[tuple[str, str], FiledRates]:
    """The rates that every product version is or was sold with."""
    return {(sold.product.code, sold.product.version): sold.rates for sold in office.catalogue.sale.values()}


def _no_exposure(office: Office, wish: RefitWish, at: datetime) -> Refusal:
    day, model = local_day(at), office.catalogue.model.version
    return refuse(
        "no_exposure",
        wish.version,
        zh=f"{day} 前没有已承保的期间，无法重新拟合模型 {model}；请在保单生效后再试。",
        en=f"No policy had begun by {day}, so model {model} cannot be refitted; come back when one is in force.",
    )


def _taken(version: str) -> Refusal:
    return refuse(
        "version_taken",
        version,
        zh=f"已有版本号为 {version} 的模型提案；提案不就地修改，请另取版本号。",
        en=f"A version {version} has been proposed already; a proposal is never edited, take another number.",
    )


def _unreadable(version: str) -> Refusal:
    return refuse(
        "version_unreadable",
        version,
        zh=f"“{version}”不是模型版本号；请写成 2026-02 的形式。",
        en=f"'{version}' is no version of a model; write it as 2026-02.",
    )
