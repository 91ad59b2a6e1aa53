"""`model fit`: own claims and exposure give a drift report and, where asked for, a new version of the model."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from ringwall.basics import Words, local_day
from ringwall.risk import (
    CARD_FILE,
    COMPONENTS,
    TERRITORIES,
    Drift,
    NewVersion,
    Refit,
    SecondOpinion,
    drift_of,
    parse_model,
    read_experience,
    refit,
    second_opinion,
    write_version,
)
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.models.named import model_texts
from ringwall.shell.cli.page import Page
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.products.writing import write_files
from ringwall.shell.cli.reading import read_text
from ringwall.shell.cli.refused import Refused, good, no
from ringwall.shell.cli.tools import Tools

NAME = "fit"
HELP = Words(
    "用自己的理赔与承保数据重新拟合：漂移报告，及（--into）新的模型版本\n\n"
    "示例：ringwall model fit docs/samples/claims.csv docs/samples/exposure.csv\n"
    f"组成项（Component 列）：{'、'.join(COMPONENTS)}",
    "refit to own claims and exposure: a drift report and, with --into, a new version of the model\n\n"
    "Example: ringwall model fit docs/samples/claims.csv docs/samples/exposure.csv\n"
    f"Components (column Component): {', '.join(COMPONENTS)}",
)


def add_arguments(parser: Parser) -> None:
    claims = Words(
        "理赔文件：Claim, Policy, OccurredOn, Peril, Component, Loss, Deductible, Limit",
        "claims: Claim, Policy, OccurredOn, Peril, Component, Loss, Deductible, Limit",
    )
    exposure = Words(
        "承保文件：Policy, Region, Industry, Revenue, From, Until, Relativity",
        "exposure: Policy, Region, Industry, Revenue, From, Until, Relativity",
    )
    parser.add(claims, "claims", type=Path, metavar="CLAIMS.csv")
    parser.add(exposure, "exposure", type=Path, metavar="EXPOSURE.csv")
    parser.add(Words("出发的模型版本", "the version to begin from"), "--model", default="2026-01", metavar="MODEL")
    parser.add(Words("新版本号，形如 2026-02", "the new version, such as 2026-02"), "--version", metavar="VERSION")
    parser.add(Words("把新版本写入这个新文件夹", "new folder for the new version"), "--into", type=Path, metavar="DIR")
    second = Words("再由 lifelines 拟合一遍（可选依赖）", "fit once more by lifelines (an optional extra)")
    parser.add(second, "--second-opinion", action="store_true")


def run(arguments: Namespace, tools: Tools) -> int:
    if bool(arguments.into) != bool(arguments.version):
        raise no(
            "version_and_folder",
            "--version",
            zh="新版本须同时给出 --version 与 --into；只看漂移报告时两者都不给。",
            en="a new version needs both --version and --into; for the drift report alone give neither.",
        )
    texts = model_texts(arguments.model, tools)
    model = good(parse_model(texts))
    experience = read_experience(model, read_text(arguments.exposure), read_text(arguments.claims))
    if not experience.exposed:
        raise Refused(*experience.refusals)
    refits, drift = refit(model, experience), drift_of(model, experience)
    second = good(second_opinion(model, experience)) if arguments.second_opinion else ()
    if arguments.into:
        years = experience.years
        own = f"{len(experience.claims())} own claims of {years[0]} to {years[-1]}"
        new = NewVersion(arguments.version, local_day(tools.now()), own)
        written = dict(good(write_version(texts, refits, new)))
        good(parse_model(written))
        beside = {name: texts[name] for name in (CARD_FILE,) if name in texts}
        write_files(arguments.into, {name: text.encode() for name, text in {**written, **beside}.items()})
    document: dict[str, Any] = {
        "kind": "model_fit",
        "model": {"version": model.version, "sha256": model.sha256},
        "policies": len(experience.exposed),
        "claims": len(experience.claims()),
        "numbers": refits,
        "drift": {
            "claims": [{**_row(row), "ratio": row.ratio, "drifts": row.drifts} for row in drift.counts],
            "costs": [{**_row(row), "ratio": row.ratio} for row in drift.costs],
        },
        "second_opinion": [{**_row(each), "apart": each.apart} for each in second],
        "folder": str(arguments.into) if arguments.into else None,
    }
    where = arguments.into

    def drawn(page: Page) -> None:
        draw(page, len(experience.exposed), len(experience.claims()), refits, drift)
        draw_second(page, second)
        _draw_next(page, where)

    return show(arguments, Answer(document, drawn, experience.refusals))


def _row(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}


def draw(page: Page, policies: int, claims: int, refits: tuple[Refit, ...], drift: Drift) -> None:
    page.title(Words(f"漂移报告：{policies} 张保单，{claims} 起索赔", f"Drift: {policies} policies, {claims} claims"))
    _draw_counts(page, drift)
    _draw_costs(page, drift)
    _draw_numbers(page, refits)


def draw_second(page: Page, second: tuple[SecondOpinion, ...]) -> None:
    if not second:
        return
    page.heading(Words("lifelines 的结果：对数均值、离散、规模弹性", "By lifelines: ln mean, spread, effect of size"))
    heads = Words("组成项", "Component"), Words("本程序", "Here"), "lifelines", Words("最大差异", "Most apart")
    rows = [
        (
            each.component,
            *(", ".join(f"{n:.4f}" for n in side) for side in (each.ours, each.theirs)),
            f"{each.apart:.1e}",
        )
        for each in second
    ]
    page.table(heads, rows, numbers=(1, 2, 3))


def _draw_next(page: Page, into: Path | None) -> None:
    if into:
        page.line(
            Words(
                f"新版本已写入 {into}；下一步：ringwall model check {into} --record {into}/figures.yaml",
                f"The new version is in {into}. Next: ringwall model check {into} --record {into}/figures.yaml",
            )
        )


def _draw_counts(page: Page, drift: Drift) -> None:
    page.heading(Words("索赔次数：实际与预期", "Claims: actual against expected"))
    heads = (
        Words("地区", "Where"),
        Words("风险", "Peril"),
        Words("实际", "Actual"),
        Words("预期", "Expected"),
        Words("比值（95 %）", "Ratio (95 %)"),
        "",
    )
    rows = [
        (
            TERRITORIES[row.territory],
            row.peril,
            str(row.actual),
            f"{row.expected:.1f}",
            f"{row.ratio:.2f} ({row.low:.2f} – {row.high:.2f})",
            Words("漂移", "drifts") if row.drifts else "",
        )
        for row in drift.counts
    ]
    page.table(heads, rows, numbers=(2, 3, 4))


def _draw_costs(page: Page, drift: Drift) -> None:
    page.heading(
        Words("层内平均损失（元或小时）：实际与预期", "Mean in the layer (yuan or hours): actual against expected")
    )
    heads = (
        Words("地区", "Where"),
        Words("组成项", "Component"),
        Words("件数", "Losses"),
        Words("实际", "Actual"),
        Words("预期", "Expected"),
        Words("比值", "Ratio"),
    )
    rows = [
        (
            TERRITORIES[row.territory],
            row.component,
            str(row.losses),
            f"{row.actual:,.0f}",
            f"{row.expected:,.0f}",
            f"{row.ratio:.2f}",
        )
        for row in drift.costs
    ]
    page.table(heads, rows, numbers=(2, 3, 4, 5))


def _draw_numbers(page: Page, refits: tuple[Refit, ...]) -> None:
    page.heading(Words("参数：之前、数据所示、之后", "Numbers: before, what the data say, after"))
    heads = (
        Words("参数", "Number"),
        Words("之前（等级）", "Before (grade)"),
        Words("数据所示（95 %）", "The data alone (95 %)"),
        Words("事件", "Events"),
        Words("可信度", "Credibility"),
        Words("之后", "After"),
    )
    rows = [
        (
            f"{each.name} {page.word(TERRITORIES[each.territory])}",
            f"{each.before:.4g} ({each.grade})",
            f"{each.estimate:.4g} ({each.low:.3g} – {each.high:.3g})",
            str(each.events),
            f"{each.credibility:.2f}",
            f"{each.after:.4g}",
        )
        for each in refits
    ]
    page.table(heads, rows, numbers=(1, 2, 3, 4, 5))
