"""The filing pack: wording, rate pages, numbers, proof, clause coverage, examples and hashes, with a manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ringwall.basics import Refusal, refuse
from ringwall.product.check import ProductReport
from ringwall.product.proof.mutation import MutationReport
from ringwall.product.proof.proofs import Proof
from ringwall.product.records import Product

LEAST_SCORE = Fraction(9, 10)


@dataclass(frozen=True, slots=True)
class FilingPack:
    """Paths and their contents; the manifest lists each with its sha256, and the hash of the version itself."""

    name: str
    files: Mapping[str, bytes]

    @property
    def manifest(self) -> bytes:
        return self.files["manifest.json"]


def make_pack(
    texts: Mapping[str, str],
    report: ProductReport,
    proof: Proof,
    mutation: MutationReport,
    rates: Mapping[str, str],
    printed: Mapping[str, bytes],
) -> FilingPack | tuple[Refusal, ...]:
    """The pack of a version that may be filed; `rates` are the rate pages, `printed` documents made for people."""
    product = report.product
    faults = unfit(report, proof, mutation)
    if faults or product is None:
        return faults or report.refusals
    files: dict[str, bytes] = {f"version/{path}": text.encode() for path, text in texts.items()}
    files |= {f"rates/{path}": text.encode() for path, text in rates.items()}
    files |= {f"print/{path}": content for path, content in printed.items()}
    files["proof.json"] = _json(_proof(proof))
    files["coverage.json"] = _json(_coverage(report))
    files["mutation.json"] = _json(_mutation(mutation))
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in sorted(files.items())}
    files["manifest.json"] = _json({**_head(product), "files": hashes})
    return FilingPack(f"{product.code}-{product.version}", dict(sorted(files.items())))


def unfit(report: ProductReport, proof: Proof, mutation: MutationReport) -> tuple[Refusal, ...]:
    """Why a version must not be filed: it is not good, not proved, or its examples would not notice a wrong amount."""
    found = list(report.refusals)
    name = f"{report.product.code}/{report.product.version}" if report.product else "product"
    broken = [example.place for example in report.examples if example.differences]
    if broken:
        zh, en = (
            f"示例与条款不符：{'、'.join(broken)}；请更正。",
            f"examples disagree: {', '.join(broken)}; correct them.",
        )
        found.append(refuse("filing_examples", name, zh=zh, en=en))
    if report.silent:
        silent = ", ".join(report.silent)
        zh, en = f"没有示例触及条款 {silent}；请补充示例。", f"no example reaches clause {silent}; add one."
        found.append(refuse("filing_coverage", name, zh=zh, en=en))
    open_ones = [theorem.code for theorem in proof.theorems if not theorem.proved]
    if open_ones:
        zh, en = f"未能证明：{'、'.join(open_ones)}；请简化条款。", f"not proved: {', '.join(open_ones)}; simplify."
        found.append(refuse("filing_proof", name, zh=zh, en=en))
    if mutation.score < LEAST_SCORE:
        noticed = f"{mutation.noticed}/{mutation.tried}"
        zh = f"示例只能发现 {noticed} 处改动，低于 {LEAST_SCORE}；请为幸存的改动补充示例。"
        en = f"the examples notice {noticed} changes, less than {LEAST_SCORE}; add examples for those that survive."
        found.append(refuse("filing_mutation", name, zh=zh, en=en))
    return tuple(found)


def _head(product: Product) -> dict[str, Any]:
    filing = product.filing
    return {
        "kind": "filing_pack",
        "code": product.code,
        "version": product.version,
        "title": {"zh": product.title.zh, "en": product.title.en},
        "filing": {
            "number": filing.number,
            "status": filing.status.value,
            "filed_on": filing.filed_on.isoformat(),
            "valid_from": filing.valid_from.isoformat(),
            "valid_until": filing.valid_until.isoformat(),
        },
        "version_sha256": product.sha256,
    }


def _proof(proof: Proof) -> dict[str, Any]:
    return {
        "contract_maximum_minor": proof.contract_maximum_minor,
        "maximum_payable_minor": proof.maximum_payable_minor,
        "theorems": [
            {
                "code": t.code,
                "zh": t.says.zh,
                "en": t.says.en,
                "questions": t.questions,
                "steps": t.steps,
                "proved": t.proved,
                "against": list(t.against),
                "unproved": list(t.unproved),
            }
            for t in proof.theorems
        ],
    }


def _coverage(report: ProductReport) -> dict[str, Any]:
    examples = [{"place": e.place, "zh": e.name.zh, "en": e.name.en} for e in report.examples]
    return {"coverage": str(report.coverage), "silent": list(report.silent), "examples": examples}


def _mutation(mutation: MutationReport) -> dict[str, Any]:
    return {
        "tried": mutation.tried,
        "noticed": mutation.noticed,
        "does_not_compile": mutation.stillborn,
        "score": str(mutation.score),
        "by_kind": {kind: {"noticed": a, "tried": b} for kind, (a, b) in sorted(mutation.by_kind.items())},
        "survivors": [
            {"clause": s.clause, "kind": s.kind, "zh": s.says.zh, "en": s.says.en} for s in mutation.survivors
        ],
    }


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
