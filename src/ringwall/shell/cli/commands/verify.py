"""`verify`: recompute what a file claims, from the file alone and the product that it names."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ringwall.basics import Refusal, Words, refuse
from ringwall.exposure import verify_chain
from ringwall.policy import verification_code
from ringwall.settlement import PanelAgreement, PanelPosting, differences
from ringwall.shell.cli.answer import Answer, plain, show
from ringwall.shell.cli.files.consent import CONSENT_CHAIN, read_chain
from ringwall.shell.cli.files.event import SETTLEMENT, read_event
from ringwall.shell.cli.files.panel_log import PANEL_LOG, read_panel_log
from ringwall.shell.cli.files.schedule_document import SCHEDULE, read_schedule
from ringwall.shell.cli.files.settlement import settle_file, settlement_document
from ringwall.shell.cli.page import Page
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.reading import Texts, read_document
from ringwall.shell.cli.refused import no
from ringwall.shell.cli.shelf import DEFAULT_PRODUCT, load_product
from ringwall.shell.cli.tools import Tools


@dataclass(frozen=True, slots=True)
class Verified:
    """What was recomputed, of how many values, and the first place that differs."""

    kind: str
    what: Words
    values: int
    difference: Refusal | None


def add_arguments(parser: Parser) -> None:
    parser.add(
        Words("要复核的文件（YAML 或 JSON）", "the file to verify (YAML or JSON)"), "file", type=Path, metavar="FILE"
    )
    parser.add(
        Words("产品版本在此文件夹中，而不在目录里", "the product version is in this folder and not in the catalogue"),
        "--product-folder",
        type=Path,
        metavar="DIR",
    )


def run(arguments: Namespace, tools: Tools) -> int:
    raw = read_document(arguments.file)
    kind = str(raw.get("kind", ""))
    if kind not in KINDS:
        raise no(
            "kind_unknown",
            str(arguments.file),
            zh=f"文件的 kind 为「{kind}」，无法复核；可用：{'、'.join(KINDS)}。",
            en=f"the kind of the file is “{kind}”, which cannot be verified; use one of: {', '.join(KINDS)}.",
        )
    found = KINDS[kind](str(arguments.file), raw, tools, arguments.product_folder)
    difference = (found.difference,) if found.difference else ()
    answer = Answer(document(found), lambda page: draw(page, found), difference, refused=bool(difference))
    return show(arguments, answer)


def verify_settlement(where: str, raw: Texts, tools: Tools, folder: Path | None) -> Verified:
    """Settle again under the same product, schedule, state and void clauses; compare every value of the file."""
    file = read_event(where, raw)
    product = load_product(tools, file.product or DEFAULT_PRODUCT, folder)
    settled = settle_file(product, file, where)
    again = as_texts(plain(settlement_document(settled, trace="trace" in raw)))
    outcome = raw.get("outcome")
    if not isinstance(outcome, Mapping) or not outcome:
        raise no(
            "outcome_missing",
            where,
            zh="文件没有写明结果（outcome），没有可比对的数字；请用 settle --json 生成。",
            en="The file states no outcome, so there is nothing to compare; make it with settle --json.",
        )
    stated = {name: raw[name] for name in ("product", "outcome", "trace") if name in raw}
    if isinstance(stated.get("product"), str):
        del stated["product"]
    found = next(differing(stated, {name: again[name] for name in stated}, ""), None)
    name = settled.event.name
    what = Words(
        f"理算「{name}」，产品 {product.code} {product.version}",
        f"settlement “{name}” under {product.code} {product.version}",
    )
    return Verified(SETTLEMENT, what, leaves(stated), found and _differs(where, *found))


def verify_panel_log(where: str, raw: Texts, tools: Tools, folder: Path | None) -> Verified:  # noqa: ARG001
    """What a follower does: every part again from the shares, the amounts and the numbers alone."""
    agreement, sequences = read_panel_log(where, raw)
    found = (
        _differs(where, f"postings: {kind.value} #{number} {what}", str(stated), str(again))
        for kind, log in sequences.items()
        for number, what, stated, again in (*_unlike(agreement, log), *_unsummed(agreement, log))
    )
    postings = sum(len(log) for log in sequences.values())
    what = Words(
        f"共保体 {agreement.panel} 的 {postings} 笔记账，{len(agreement.names)} 家",
        f"{postings} postings of panel {agreement.panel}, {len(agreement.names)} carriers",
    )
    return Verified(PANEL_LOG, what, postings * (len(agreement.names) + 2), next(found, None))


Unlike = Iterator[tuple[int, str, int, int]]
"""Number of a posting, what differs, stated, recomputed."""


def _unlike(agreement: PanelAgreement, log: Sequence[PanelPosting]) -> Unlike:
    return ((each.number, each.what, each.stated, each.recomputed) for each in differences(agreement, log))


def _unsummed(agreement: PanelAgreement, log: Sequence[PanelPosting]) -> Unlike:
    """Where nothing is ever held in suspense, the parts of each posting sum to its amount."""
    for posting in log if not agreement.suspend_opposite_sign else ():
        if posting.booked_minor != posting.amount_minor:
            yield posting.number, "amount_minor", posting.amount_minor, posting.booked_minor


def verify_consents(where: str, raw: Texts, tools: Tools, folder: Path | None) -> Verified:  # noqa: ARG001
    chain = read_chain(where, raw)
    broken = verify_chain(chain)
    what = Words(f"{len(chain)} 条授权记录的散列链", f"the hash chain of {len(chain)} consent records")
    return Verified(CONSENT_CHAIN, what, len(chain), broken)


def verify_schedule(where: str, raw: Texts, tools: Tools, folder: Path | None) -> Verified:  # noqa: ARG001
    document = read_schedule(where, raw)
    code = verification_code(document.number, document.tables)
    what = Words(
        f"保险单 {document.number} 明细表的验证码", f"the verification code of the schedule of policy {document.number}"
    )
    stated = document.verification_code
    difference = None if code == stated else _differs(where, "verification_code", stated, code)
    return Verified(SCHEDULE, what, 1, difference)


Verify = Callable[[str, Texts, Tools, Path | None], Verified]
KINDS: Mapping[str, Verify] = {
    SETTLEMENT: verify_settlement,
    PANEL_LOG: verify_panel_log,
    CONSENT_CHAIN: verify_consents,
    SCHEDULE: verify_schedule,
}


def _differs(where: str, place: str, stated: str, recomputed: str) -> Refusal:
    return refuse(
        "verification_differs",
        f"{where}: {place}",
        zh=f"文件写的是 {stated}，重算得到 {recomputed}；请核对原始记录，或向出具方查询。",
        en=f"the file states {stated}, the recomputation gives {recomputed}; check the original, or ask who issued it.",
    )


def as_texts(value: Any) -> Any:
    """The form in which files are read: every number a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return {name: as_texts(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_texts(each) for each in value]
    return value if value is None else str(value)


def differing(stated: Any, again: Any, place: str) -> Iterator[tuple[str, str, str]]:
    """Places in the order of the file at which the two differ: place, stated, recomputed."""
    if isinstance(stated, dict) and isinstance(again, dict):
        for name in dict.fromkeys((*stated, *again)):
            yield from differing(stated.get(name, _NOTHING), again.get(name, _NOTHING), f"{place}.{name}".lstrip("."))
    elif isinstance(stated, list) and isinstance(again, list) and len(stated) == len(again):
        for number, (mine, other) in enumerate(zip(stated, again, strict=True), start=1):
            yield from differing(mine, other, f"{place}[{number}]")
    elif stated != again:
        yield place, _shown(stated), _shown(again)


_NOTHING = "—"


def _shown(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return f"{len(value)} …"
    return "null" if value is None else str(value)


def leaves(value: Any) -> int:
    if isinstance(value, dict):
        return sum(leaves(each) for each in value.values())
    return sum(leaves(each) for each in value) if isinstance(value, list) else 1


def document(found: Verified) -> dict[str, Any]:
    return {
        "kind": "verification",
        "of": found.kind,
        "what": found.what,
        "values": found.values,
        "verified": found.difference is None,
    }


def draw(page: Page, found: Verified) -> None:
    if found.difference is None:
        page.line(
            Words(
                f"✓ 一致：{found.what.zh}，比对 {found.values} 个值",
                f"✓ verified: {found.what.en}, {found.values} values",
            ),
            "green",
        )
    else:
        page.line(Words(f"✗ 不一致：{found.what.zh}", f"✗ differs: {found.what.en}"), "bold red")
