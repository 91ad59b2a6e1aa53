"""The settlement letter (赔款理算书): three numbers, each item with its clause, the steps, the clauses' own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringwall.basics import Language, Words, yuan
from ringwall.product import Product, clauses_at_work
from ringwall.shell.documents.capitals import capitals
from ringwall.shell.documents.press import long_day, print_document
from ringwall.shell.documents.sheets import Cell, sheet
from ringwall.terms import Between, LossEvent, Outcome, ParameterRead, TraceNode, Verdict

WORDS = {
    "number": Words("赔案号", "Claim number"),
    "page": Words("第 {n} 页，共 {of} 页", "page {n} of {of}"),
    "numbers": Words("理算结果", "The settlement"),
    "clauses": Words("本函所依据的条款", "The clauses on which this letter rests"),
    "sealed": Words("（签章）", "(signature and seal)"),
}
TITLE = Words("赔款理算书", "Claim settlement")
VERDICTS: Mapping[Verdict, Words] = {
    Verdict.COVERED: Words("承保", "Covered"),
    Verdict.LIMITED: Words("限制承保", "Limited"),
    Verdict.CONDITIONAL: Words("附条件承保", "Conditional"),
    Verdict.EXCLUDED: Words("不予赔偿", "Not paid"),
    Verdict.NOMINAL_ONLY: Words("依法不予支付", "Not paid by law"),
    Verdict.UNMAPPED: Words("不属承保责任", "Not insured"),
    Verdict.UNKNOWN: Words("待认定", "Open"),
}
SECONDS = "（秒）"
"""How the words of a step end whose value is a time and not an amount."""
SECONDS_AN_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class SettlementLetter:
    """Everything that the letter says; `void` names clauses without effect because nobody explained them."""

    insurer: Words
    insured: Words
    policy: str
    claim: str
    product: Product
    event: LossEvent
    outcome: Outcome
    written_at: datetime
    void: tuple[str, ...] = ()


def print_settlement(letter: SettlementLetter, language: Language) -> bytes:
    """PDF/A-2b; its date is the day of the letter."""
    number, outcome = WORDS["number"].in_language(language), letter.outcome
    values: dict[str, Any] = {
        "title": TITLE.in_language(language),
        "number": letter.claim,
        "issuer": letter.insurer.in_language(language),
        "issued": long_day(letter.written_at, language),
        "footer": f"{number} {letter.claim} · {letter.policy}",
        "words": {name: words.in_language(language) for name, words in WORDS.items()},
        "address": Words(f"{letter.insured.zh}：", f"To {letter.insured.en}").in_language(language),
        "opening": _opening(letter).in_language(language),
        "numbers": _numbers(outcome, language),
        "capitals": _capitals(outcome.payable) if language == "zh" else "",
        "tables": [table for table in _tables(letter, language) if table["rows"]],
        "clauses": list(_clauses(letter, language)),
        "closing": _closing(letter).in_language(language),
    }
    return print_document("settlement.typ", values, language, letter.written_at)


def _opening(letter: SettlementLetter) -> Words:
    product, name = letter.product, letter.event.name
    title = product.title
    return Words(
        f"贵单位在保险单 {letter.policy}（{title.zh}，{product.version} 版）项下就事件「{name}」提出的索赔，"
        "我们已逐项认定责任并按条款载明的顺序理算，结果如下。",
        f"We have decided your claim under policy {letter.policy} ({title.en}, version {product.version}) for the "
        f"event “{name}”, item by item, and settled it in the order that the wording states. This is the result.",
    )


def _closing(letter: SettlementLetter) -> Words:
    open_zh = open_en = ""
    if letter.outcome.open_points:
        open_zh = "上表的应付赔款为现可确定的部分，将先行支付；待定事项落定后，差额另行支付。"
        open_en = (
            "What is payable now is the part that can be determined today, and it is paid first; the difference "
            "follows when the open points are settled. "
        )
    return Words(
        f"{open_zh}本函的每个数字都可由索赔事实、保险单明细表与条款重新算出。如有异议，请注明赔案号与我们联系。",
        f"{open_en}Every figure of this letter can be computed again from the facts of the claim, the schedule and the "
        "wording. If you disagree, write to us under the claim number.",
    )


def _numbers(outcome: Outcome, language: Language) -> dict[str, Any]:
    rows: list[tuple[Words, str]] = [
        (
            Words("事实损失：事件实际造成的损失", "Factual loss: what the event cost in fact"),
            yuan(outcome.factual_minor),
        ),
        (
            Words("承保范围内损失：条款所承保的部分", "Loss within cover: what the wording admits of it"),
            span(outcome.within_cover),
        ),
        (
            Words("应付赔款：扣除自留、适用限额之后", "Payable: after retentions and limits"),
            span(outcome.payable),
        ),
        (Words("　其中：合同赔款", "    of which indemnity under the contract"), span(outcome.contract)),
        (
            Words("　其中：法定费用（限额之外）", "    of which costs by law, on top of the limits"),
            span(outcome.statutory),
        ),
    ]
    return sheet(WORDS["numbers"], (Words("三个数", "Three numbers"), CNY), rows, language)


CNY = Words("金额（元）", "Amount (CNY)")


def _tables(letter: SettlementLetter, language: Language) -> Iterator[dict[str, Any]]:
    yield _items(letter, language)
    yield _parts(letter, language)
    yield _reckoning(letter, language)
    yield _open_points(letter, language)
    yield _state(letter, language)


ITEM, PART, CLAUSE = Words("损失项", "Item"), Words("责任项", "Coverage part"), Words("条款", "Clause")
FACTUAL = Words("事实损失（元）", "Factual loss (CNY)")
WITHIN = Words("承保范围内（元）", "Within cover (CNY)")
OUTSIDE = Words("不属任何责任项", "Under no coverage part")


def _items(letter: SettlementLetter, language: Language) -> dict[str, Any]:
    what = _what(letter)
    codes = {part.code for part in letter.product.parts}
    rows: list[tuple[Cell, ...]] = [
        (
            what.get(item.name, item.name),
            item.part if item.part in codes else "—",
            VERDICTS[item.verdict],
            item.clause or "—",
            yuan(item.factual_minor),
            span(item.within_cover),
        )
        for item in letter.outcome.items
    ]
    columns = (ITEM, Words("责任项", "Part"), Words("认定", "Decision"), CLAUSE, FACTUAL, WITHIN)
    return sheet(Words("逐项认定", "Decision on each item"), columns, rows, language)


def _what(letter: SettlementLetter) -> dict[str, str]:
    return {item.name: item.what or item.name for item in letter.event.items}


def _parts(letter: SettlementLetter, language: Language) -> dict[str, Any]:
    names = {part.code: part.name for part in letter.product.parts}
    rows: list[tuple[Cell, ...]] = [
        (names.get(part.part, OUTSIDE), yuan(part.factual_minor), span(part.within_cover), span(part.payable))
        for part in letter.outcome.parts
    ]
    columns = (PART, FACTUAL, WITHIN, Words("应付（元）", "Payable (CNY)"))
    return sheet(Words("各责任项", "By coverage part"), columns, rows, language)


def _reckoning(letter: SettlementLetter, language: Language) -> dict[str, Any]:
    codes = {part.code for part in letter.product.parts}
    rows: list[tuple[Cell, ...]] = []
    for step in steps(letter.outcome):
        code = step.label.partition(".")[0]
        clause = "" if step.clause in letter.void else step.clause
        rows.append(
            (code if code in codes else "", clause, _words(step), _figures(step, language), _value(step, language))
        )
    columns = (Words("责任项", "Part"), CLAUSE, Words("步骤", "Step"), Words("依据的数额", "Figures used"), CNY)
    return sheet(Words("理算过程", "How it was reckoned"), columns, rows, language)


def _open_points(letter: SettlementLetter, language: Language) -> dict[str, Any]:
    what = _what(letter)
    rows: list[tuple[Cell, ...]] = [
        (what.get(point.item, point.item), point.clause, fact_words(letter, point.fact), yuan(point.adds_minor))
        for point in letter.outcome.open_points
    ]
    columns = (ITEM, CLAUSE, Words("待定事实", "Open fact"), Words("落定后增加（元）", "Would add (CNY)"))
    return sheet(Words("待定事项", "Open points"), columns, rows, language)


def _state(letter: SettlementLetter, language: Language) -> dict[str, Any]:
    """What the claim has used up of the period's aggregate."""
    named = {letter.product.definition.settlement.aggregate_state: Words("累计限额已用", "Aggregate limit used")}
    before = letter.outcome.state_before
    rows: list[tuple[Cell, ...]] = [
        (named.get(name, name), yuan(before.get(name, 0)), yuan(after))
        for name, after in letter.outcome.state_after.items()
    ]
    columns = (
        Words("项目", "What"),
        Words("本次理算前（元）", "Before this claim (CNY)"),
        Words("本次理算后（元）", "After this claim (CNY)"),
    )
    return sheet(Words("保险期间累计", "The period of insurance"), columns, rows, language)


def fact_words(letter: SettlementLetter, names: str) -> Words:
    """A fact as the product words it."""
    specs = [letter.product.definition.facts.get(name) for name in names.split(",")]
    found = [spec.words for spec in specs if spec]
    return (
        Words("；".join(words.zh for words in found), "; ".join(words.en for words in found))
        if found
        else Words(names, names)
    )


def steps(outcome: Outcome) -> Iterator[TraceNode]:
    """From the invoices to the payment: the steps that changed an amount, or put amounts together."""
    shared: set[str] = set()

    def walk(node: TraceNode) -> Iterator[TraceNode]:
        idle = node.clause in node.tried and bool(node.inputs) and node.value == node.inputs[0].value
        for below in node.inputs[:1] if idle else node.inputs:
            if not _is_item(below):
                yield from walk(below)
        common = "." not in node.label or node.label.startswith(("aggregate.", "event_limit."))
        if not idle and _is_told(node) and not (common and node.label in shared):
            shared.add(node.label)
            yield node

    yield from walk(outcome.trace)


def _is_told(node: TraceNode) -> bool:
    """Nothing is told of an amount that is nil, of times that no item has, and of sums of a single amount."""
    of_items = any(_is_item(below) for below in node.inputs)
    if not node.value or _is_time(node):
        return bool(node.value) and of_items
    return (
        bool(node.clause) or of_items or node.operation == "times" or (node.operation == "add" and len(node.inputs) > 1)
    )


def _is_item(node: TraceNode) -> bool:
    """An invoice or an interruption: what was done with it is its verdict."""
    return node.operation in set(Verdict)


def _words(node: TraceNode) -> Words:
    """The words of the step; a time is told with its unit, so they need not name one."""
    zh, en = node.text.zh.removesuffix(SECONDS), node.text.en.removesuffix(" in seconds")
    return Words(zh, en[:1].upper() + en[1:])


def _is_time(node: TraceNode) -> bool:
    return node.text.zh.endswith(SECONDS)


def _figures(node: TraceNode, language: Language) -> str:
    """The contract's numbers that the step used, those of the times behind it as well."""
    units = {"hour": Words("小时", "hours"), "day": Words("日", "days")}
    found = []
    for read in _read(node):
        unit = units.get(read.unit, Words(read.unit, read.unit)).in_language(language)
        found.append(yuan(read.value) if read.unit == "minor" else f"{read.value} {unit}")
    return ", ".join(found)


def _read(node: TraceNode) -> tuple[ParameterRead, ...]:
    times = (below for below in node.inputs if _is_time(below) and below.clause not in below.tried)
    return (*node.parameters, *(read for below in times for read in _read(below)))


def _value(node: TraceNode, language: Language) -> str:
    if not _is_time(node):
        return yuan(node.value)
    hours, rest = divmod(node.value, SECONDS_AN_HOUR)
    whole, seconds = Words(f"{hours:,} 小时", f"{hours:,} hours"), Words(f"{node.value:,} 秒", f"{node.value:,} s")
    return (seconds if rest else whole).in_language(language)


def _clauses(letter: SettlementLetter, language: Language) -> Iterator[dict[str, str]]:
    """The text of every clause that decided something, in the order of the wording."""
    working = clauses_at_work(letter.outcome)
    for clause in letter.product.clauses:
        if clause.number in letter.void:
            void = Words("（未作明确说明，不产生效力）", " (not explained, void)").in_language(language)
            yield _clause(clause.number, clause.heading.in_language(language) + void, clause.text.in_language(language))
        elif clause.number in working:
            yield _clause(clause.number, clause.heading.in_language(language), clause.text.in_language(language))


def _clause(number: str, heading: str, text: str) -> dict[str, str]:
    return {"number": number, "heading": heading, "text": text}


def _capitals(payable: Between) -> str:
    """Vouchers state the amount in capital figures too; what is still open is not written as if it were settled."""
    return f"{'应付赔款' if payable.exact else '现可确定的应付赔款'}（大写）：{capitals(payable.low)}"


def span(between: Between) -> str:
    return yuan(between.low) if between.exact else f"{yuan(between.low)} – {yuan(between.high)}"
