"""The filing pack and the booklet: whole, hashed, the same on every repeat, and refused for what may not be filed."""

from __future__ import annotations

import hashlib
import json

from tests.catalogue.shelf import product, report, texts

from ringwall.product import Booklet, FilingPack, check_product, make_booklet, make_pack, mutation_report, prove_product

NAME = "park-master/2026-01"


def pack_of(name: str) -> FilingPack:
    found = make_pack(
        texts(name),
        report(name),
        prove_product(product(name)),
        mutation_report(product(name)),
        {"r.yaml": "a: 1\n"},
        {},
    )
    assert isinstance(found, FilingPack), found
    return found


def test_the_manifest_names_every_file_with_its_hash() -> None:
    pack = pack_of(NAME)
    manifest = json.loads(pack.manifest)
    assert manifest["version_sha256"] == product(NAME).sha256
    assert set(manifest["files"]) == set(pack.files) - {"manifest.json"}
    for path, hashed in manifest["files"].items():
        assert hashlib.sha256(pack.files[path]).hexdigest() == hashed
    assert {f"version/{path}" for path in texts(NAME)} <= set(pack.files)
    assert {"proof.json", "coverage.json", "mutation.json", "rates/r.yaml"} <= set(pack.files)


def test_the_same_version_gives_the_same_pack() -> None:
    assert pack_of(NAME).files == pack_of(NAME).files


def test_what_is_not_good_is_not_packed() -> None:
    files = dict(texts(NAME))
    files["parameters/numbers.yaml"] = files["parameters/numbers.yaml"].replace("value: 500000\n", "value: 500001\n")
    checked = check_product(files)
    assert checked.product
    found = make_pack(files, checked, prove_product(checked.product), mutation_report(checked.product), {}, {})
    assert not isinstance(found, FilingPack)
    assert {refusal.code for refusal in found} == {"filing_examples", "filing_mutation"}


def test_a_clause_stands_with_the_examples_in_which_it_decides() -> None:
    booklet = make_booklet(product(NAME), "zh")
    assert isinstance(booklet, Booklet)
    assert [clause.number for clause in booklet.clauses] == [clause.number for clause in product(NAME).clauses]
    for clause in booklet.clauses:
        assert clause.examples, clause.number
    retention = next(clause for clause in booklet.clauses if clause.number == "2.2")
    assert retention.takes_away
    assert any(example.payable.low == 3_500_000 for example in booklet.examples)


def test_the_booklet_speaks_the_language_that_was_asked_for() -> None:
    zh, en = make_booklet(product(NAME), "zh"), make_booklet(product(NAME), "en")
    assert isinstance(zh, Booklet)
    assert isinstance(en, Booklet)
    for one, other in zip(zh.clauses, en.clauses, strict=True):
        assert one.text != other.text
        assert [e.payable for e in one.examples] == [e.payable for e in other.examples]
