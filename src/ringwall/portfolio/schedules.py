"""From the rows of a book to compiled terms: policies with the same schedule share one graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ringwall.basics import Refusal, refuse
from ringwall.portfolio.book import BookPolicy
from ringwall.product import Product, compile_schedule, make_schedule, shared_limits
from ringwall.terms import CompiledTerms

Products = Mapping[tuple[str, str], Product]
"""Product versions by (code, version)."""


@dataclass(frozen=True, slots=True)
class BookTerms:
    """Compiled terms by policy number; policies with the same schedule hold the same object. And who got none, why."""

    terms: Mapping[str, CompiledTerms]
    refusals: tuple[Refusal, ...]


def compile_book(policies: Iterable[BookPolicy], products: Products) -> BookTerms:
    """Each policy's terms under its own product version; what a product cannot carry is refused by name."""
    made: dict[object, CompiledTerms | Refusal] = {}
    terms: dict[str, CompiledTerms] = {}
    refusals: list[Refusal] = []
    for policy in policies:
        product = products.get((policy.product, policy.product_version))
        found = _terms_of(policy, product, made) if product else _unknown_product(policy, products)
        if isinstance(found, Refusal):
            refusals.append(found)
        else:
            terms[policy.number] = found
    return BookTerms(terms, tuple(refusals))


def _terms_of(
    policy: BookPolicy, product: Product, made: dict[object, CompiledTerms | Refusal]
) -> CompiledTerms | Refusal:
    choices = _choices(policy, product)
    if isinstance(choices, Refusal):
        return choices
    key = (product.code, product.version, tuple(sorted(choices.items())))
    if key not in made:
        made[key] = _compiled(product, choices)
    found = made[key]
    return replace(found, where=f"{policy.number} {found.where}") if isinstance(found, Refusal) else found


def _compiled(product: Product, choices: Mapping[str, int]) -> CompiledTerms | Refusal:
    schedule = make_schedule(product, choices)
    return schedule if isinstance(schedule, Refusal) else compile_schedule(product, schedule)


def _choices(policy: BookPolicy, product: Product) -> dict[str, int] | Refusal:
    """The money numbers of the schedule. Its dates change no amount, so they stay at the product's own values."""
    covered = {part.code for part in product.parts if not part.statutory}
    insured = {limits.part for limits in policy.parts}
    if covered != insured:
        return _other_parts(policy, covered, insured)
    shared = shared_limits(product)
    choices = {
        **dict(policy.further),
        shared.event: policy.event_limit_minor,
        shared.aggregate: policy.aggregate_limit_minor,
    }
    if "NPBI" in covered:
        choices |= {"npbi_wait_hours": policy.waiting_hours, "npbi_mode": int(policy.retention_mode)}
    for limits in policy.parts:
        part = limits.part.lower()
        if limits.limit_minor != policy.event_limit_minor or f"{part}_limit" in product.parameters:
            choices[f"{part}_limit"] = limits.limit_minor
        if limits.deductible_minor or f"{part}_deductible" in product.parameters:
            choices[f"{part}_deductible"] = limits.deductible_minor
    return choices


def _other_parts(policy: BookPolicy, covered: set[str], insured: set[str]) -> Refusal:
    lacks, extra = ", ".join(sorted(covered - insured)) or "–", ", ".join(sorted(insured - covered)) or "–"
    product = f"{policy.product} {policy.product_version}"
    return refuse(
        "parts_differ",
        policy.number,
        zh=f"保单 {policy.number} 的责任与产品 {product} 不符：缺少 {lacks}，多出 {extra}；请补齐或改用其他产品版本。",
        en=f"Policy {policy.number} does not have the parts of {product}: it lacks {lacks}, it adds {extra}; "
        "complete the limits or name another product version.",
    )


def _unknown_product(policy: BookPolicy, products: Products) -> Refusal:
    known = ", ".join(sorted(f"{code} {version}" for code, version in products)) or "–"
    asked = f"{policy.product} {policy.product_version}"
    return refuse(
        "product_unknown",
        policy.number,
        zh=f"保单 {policy.number} 的产品“{asked}”不在目录中（现有：{known}）；请更正产品代码或版本。",
        en=f'Policy {policy.number} names the product "{asked}", the catalogue has {known}; correct code or version.',
    )
