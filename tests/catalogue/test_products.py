"""Every product on the shelf: good, proved, its clauses all reached, its amounts all watched by worked examples."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.catalogue.shelf import is_variant, names, product, report, texts

from ringwall.catalogue import read_folder
from ringwall.product import LOCK, Product, lock_faults, mutation_report, parse_product, prove_product, read_lock, unfit

FAMILIES = ("enterprise-cyber", "inclusive-sme", "park-master", "product-service")
OED = {"INRE", "DIAS", "NPBI", "CBI", "EXT", "FIN", "LIA", "REG", "ENO"}
LOCKED = read_folder("products")[LOCK]


def test_the_four_families_and_three_variants_are_there() -> None:
    codes = {name.split("/")[0] for name in names()}
    assert set(FAMILIES) <= codes
    assert len([name for name in names() if is_variant(name)]) == 3


def test_all_nine_oed_codes_stand_in_the_enterprise_product() -> None:
    assert {part.oed for part in product("enterprise-cyber/2026-07").parts} - {""} == OED


@pytest.mark.parametrize("name", names())
def test_a_shipped_product_may_be_filed(name: str) -> None:
    found = report(name)
    assert found.refusals == ()
    assert [(e.place, e.differences) for e in found.examples if e.differences] == []
    assert (found.coverage, found.silent) == (Fraction(1), ())
    assert len(found.examples) >= 25
    proof = prove_product(product(name))
    assert [theorem.code for theorem in proof.theorems if not theorem.proved] == []
    assert 0 < proof.contract_maximum_minor <= proof.maximum_payable_minor


@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.full] if is_variant(n) else []) for n in names()])
def test_the_examples_notice_nine_wrongs_of_ten(name: str) -> None:
    """A variant repeats the wrongs of its base: it is run with the large counts."""
    found, proof, mutation = report(name), prove_product(product(name)), mutation_report(product(name))
    assert mutation.score >= Fraction(9, 10), [(s.clause, s.says.en) for s in mutation.survivors]
    assert mutation.tried - mutation.noticed == len(mutation.survivors)
    assert unfit(found, proof, mutation) == ()


@pytest.mark.parametrize("name", names())
def test_a_number_has_its_unit_date_and_source(name: str) -> None:
    for parameter in product(name).parameters.values():
        assert parameter.unit
        assert parameter.source
        assert parameter.words.zh != parameter.words.en


def test_a_filed_folder_never_changes() -> None:
    lock = read_lock(LOCKED)
    assert isinstance(lock, dict)
    assert lock_faults(lock, [product(name) for name in names()]) == ()


def test_a_changed_a_missing_and_an_unlocked_version_are_each_named() -> None:
    lock = read_lock(LOCKED)
    assert isinstance(lock, dict)
    name = "enterprise-cyber/2026-01"
    changed = parse_product({**texts(name), "wording.zh.md": texts(name)["wording.zh.md"] + "\n"})
    assert isinstance(changed, Product)
    others = [product(other) for other in names() if other != name]
    assert [fault.code for fault in lock_faults(lock, [*others, changed])] == ["product_filed_changed"]
    assert [fault.code for fault in lock_faults(lock, others)] == ["product_filed_gone"]
    without = {key: value for key, value in lock.items() if key != name}
    assert [f.code for f in lock_faults(without, [*others, product(name)])] == ["product_not_locked"]


@pytest.mark.parametrize("name", [name for name in names() if is_variant(name)])
def test_a_variant_is_no_copy(name: str) -> None:
    """It names its base, says what differs, keeps the promises of the base and changes with it."""
    own = {path: text for path, text in texts(name).items() if not path.startswith("base/")}
    base = {path: text for path, text in texts(name).items() if path.startswith("base/")}
    assert sum(map(len, own.values())) < sum(map(len, base.values())) / 4
    mine, theirs = product(name), product("enterprise-cyber/2026-07")
    assert {c.number for c in theirs.clauses} < {c.number for c in mine.clauses}
    changed = [n for n, p in theirs.parameters.items() if mine.parameters[n].value != p.value]
    assert changed
    assert len(mine.examples) > len(theirs.examples)
    other = parse_product({**texts(name), "base/wording.zh.md": base["base/wording.zh.md"] + "\n"})
    assert isinstance(other, Product)
    assert other.sha256 != mine.sha256


def test_a_variant_without_its_base_is_refused_by_name() -> None:
    name = "enterprise-cyber-hospital/2026-07"
    own = {path: text for path, text in texts(name).items() if not path.startswith("base/")}
    found = parse_product(own)
    assert not isinstance(found, Product)
    assert {fault.code for fault in found} == {"product_base"}
    assert "enterprise-cyber/2026-07" in found[0].message.en
