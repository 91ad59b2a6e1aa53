"""The customer's booklet (条款手册): clauses with worked examples beside them; and the proof for a filing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from ringwall.basics import SHANGHAI, Language, Words, yuan
from ringwall.product import Booklet, MutationReport, Parameter, PrintedClause, PrintedExample, ProductReport, Proof
from ringwall.shell.documents.press import long_day, print_document
from ringwall.shell.documents.sheets import sheet
from ringwall.terms import Between

WORDS = {
    "page": Words("第 {n} 页，共 {of} 页", "page {n} of {of}"),
    "explain": Words("◆ 免除或减轻我们责任的条款", "◆ this clause relieves us"),
    "worked": Words("算例", "Worked example"),
    "chosen": Words("明细表：", "Schedule: "),
    "payable": Words("应付", "Payable"),
    "further": Words("另见算例", "See also examples"),
    "clauses": Words("条款与算例", "Clauses and worked examples"),
    "plain": Words("用平常的话说", "In plain words"),
    "plain_note": Words(
        "以下由条款的条件与本产品自身的数额写成，每句注明条款；保险单明细表可另定数额，以条款原文为准。",
        "Written from the conditions of the clauses and the product's own numbers, each sentence with its clause; "
        "the schedule of a policy may choose other numbers, and the wording itself holds.",
    ),
}
VERDICTS: Mapping[str, Words] = {
    "covered": Words("承保", "covered"),
    "limited": Words("限制承保", "limited"),
    "conditional": Words("附条件承保", "conditional"),
    "excluded": Words("不予赔偿", "not paid"),
    "nominal_only": Words("依法不予支付", "not paid by law"),
    "unmapped": Words("不属承保责任", "not insured"),
    "unknown": Words("待认定", "open"),
}
UNITS: Mapping[str, Words] = {"hour": Words(" 小时", " hours"), "day": Words(" 日", " days")}


def print_booklet(booklet: Booklet, language: Language, at: datetime) -> bytes:
    """PDF/A-2b; its date is the day of `at`."""
    numbers = sheet(
        Words("数额", "Amounts"),
        (Words("含义", "Meaning"), Words("数额", "Value"), Words("可选范围", "Range")),
        [
            (words, _value(value, unit, language), _range(unit, least, most, language))
            for words, value, unit, least, most in booklet.numbers
        ],
        language,
    )
    title = Words("条款手册", "Policy booklet").in_language(language)
    values = {
        **_paper(title, booklet.title, f"{booklet.code} {booklet.version}", booklet.sha256, language, at),
        "opening": Words(
            "每条条款旁边印有由它决定结果的算例。算例就是本产品的测试：条款改动一分，算例就会不符。",
            "Beside each clause stand worked examples in which it decides. They are the tests of this product: "
            "change an amount by one fen, and an example no longer holds.",
        ).in_language(language),
        "plain": [{"heading": part.heading, "sentences": part.sentences} for part in booklet.plain],
        "clauses": [_clause(clause, language) for clause in booklet.clauses],
        "numbers": numbers,
    }
    return print_document("booklet.typ", values, language, at)


def print_filing(
    report: ProductReport, proof: Proof, mutation: MutationReport, language: Language, at: datetime
) -> bytes:
    """What goes to the regulator beside the wording: the numbers, what is proved, what the examples notice."""
    product = report.product
    assert product, "a product that cannot be read is not filed"
    title = Words("产品备案证明材料", "Proof for the filing of a product").in_language(language)
    values = {
        **_paper(
            title,
            product.title.in_language(language),
            f"{product.code} {product.version}",
            product.sha256,
            language,
            at,
        ),
        "opening": _summary(report, proof, mutation).in_language(language),
        "tables": [
            _parameters(tuple(product.parameters.values()), language),
            _theorems(proof, language),
            _kinds(mutation, language),
            _survivors(mutation, language),
            _examples(report, language),
        ],
    }
    return print_document("filing.typ", values, language, at)


def _paper(title: str, issuer: str, number: str, sha256: str, language: Language, at: datetime) -> dict[str, Any]:
    return {
        "title": title,
        "issuer": issuer,
        "number": number,
        "issued": long_day(at, language),
        "footer": f"{number} · SHA-256 {sha256[:16]}…",
        "sha256": sha256,
        "words": {name: words.in_language(language) for name, words in WORDS.items()},
    }


def _clause(clause: PrintedClause, language: Language) -> dict[str, Any]:
    return {
        "number": clause.number,
        "heading": clause.heading,
        "text": clause.text,
        "takes_away": clause.takes_away,
        "examples": [_example(example, language) for example in clause.examples],
        "further": ", ".join(str(number) for number in clause.further),
    }


def _example(example: PrintedExample, language: Language) -> dict[str, Any]:
    rows = [
        [
            f"{item.name} ({item.part})",
            yuan(item.factual_minor),
            f"{VERDICTS[item.verdict].in_language(language)}{f' {item.clause}' if item.clause else ''}",
            span(item.within),
        ]
        for item in example.items
    ]
    chosen = [f"{words} {_value(value, unit, language)}" for words, value, unit in example.chosen]
    return {
        "number": example.number,
        "name": example.name,
        "rows": rows,
        "chosen": "; ".join(chosen),
        "payable": example.refused or span(example.payable),
    }


def span(amount: Between) -> str:
    return yuan(amount.low) if amount.exact else f"{yuan(amount.low)} – {yuan(amount.high)}"


def _value(value: int | None, unit: str, language: Language) -> str:
    if value is None:
        return ""
    match unit:
        case "minor":
            return yuan(value)
        case "instant":
            return datetime.fromtimestamp(value, SHANGHAI).isoformat(timespec="minutes")
        case "per_ten_thousand":
            return f"{value // 100}.{value % 100:02d} %"
    return f"{value}{UNITS[unit].in_language(language) if unit in UNITS else ''}"


def _range(unit: str, least: int | None, most: int | None, language: Language) -> str:
    if least is None and most is None:
        return "—"
    return f"{_value(least, unit, language)} … {_value(most, unit, language)}"


def _summary(report: ProductReport, proof: Proof, mutation: MutationReport) -> Words:
    held = sum(not example.differences for example in report.examples)
    share = f"{mutation.noticed}/{mutation.tried}"
    proved = sum(theorem.proved for theorem in proof.theorems)
    return Words(
        f"算例 {held}/{len(report.examples)} 相符，触及 {_percent(report.coverage)} 的条款；"
        f"证明 {proved}/{len(proof.theorems)} 项；"
        f"故意改动 {share} 处被算例发现；任何事件的合同赔款不超过 {yuan(proof.contract_maximum_minor)} 元。",
        f"{held} of {len(report.examples)} worked examples hold; they reach {_percent(report.coverage)} of the "
        "clauses; "
        f"{proved} of {len(proof.theorems)} theorems are proved; the examples notice {share} deliberate wrongs; "
        f"no event is paid more than CNY {yuan(proof.contract_maximum_minor)} under the contract.",
    )


def _percent(share: Fraction) -> str:
    return f"{int(share * 100)} %"


def _parameters(parameters: tuple[Parameter, ...], language: Language) -> dict[str, Any]:
    heads = (
        Words("参数", "Parameter"),
        Words("数额", "Value"),
        Words("可选范围", "Range"),
        Words("日期", "Date"),
        Words("来源", "Source"),
    )
    rows = [
        (p.words, _value(p.value, p.unit, language), _range(p.unit, p.low, p.high, language), str(p.since), p.source)
        for p in parameters
    ]
    return sheet(Words("数额页", "Numbers"), heads, rows, language)


def _theorems(proof: Proof, language: Language) -> dict[str, Any]:
    heads = (Words("命题", "Theorem"), Words("问题", "Questions"), Words("步数", "Steps"), Words("结论", "Result"))
    yes, no = Words("已证明", "proved"), Words("未证明", "not proved")
    rows = [(t.says, str(t.questions), str(t.steps), yes if t.proved else no) for t in proof.theorems]
    return sheet(Words("证明", "Proofs"), heads, rows, language)


def _kinds(mutation: MutationReport, language: Language) -> dict[str, Any]:
    heads = (Words("改动种类", "Kind of wrong"), Words("被发现", "Noticed"), Words("尝试", "Tried"))
    rows = [(kind, str(noticed), str(tried)) for kind, (noticed, tried) in sorted(mutation.by_kind.items())]
    return sheet(Words("算例能发现的改动", "What the examples notice"), heads, rows, language)


def _survivors(mutation: MutationReport, language: Language) -> dict[str, Any]:
    heads = (
        Words("条款", "Clause"),
        Words("改动种类", "Kind"),
        Words("未被发现的改动", "Wrong that no example notices"),
    )
    rows = [(survivor.clause, survivor.kind, survivor.says) for survivor in mutation.survivors]
    return sheet(Words("未被发现的改动", "Survivors"), heads, rows, language)


def _examples(report: ProductReport, language: Language) -> dict[str, Any]:
    heads = (Words("算例", "Worked example"), Words("位置", "Place"))
    return sheet(Words("算例", "Worked examples"), heads, [(e.name, e.place) for e in report.examples], language)
