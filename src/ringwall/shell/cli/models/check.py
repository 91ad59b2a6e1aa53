"""`model check`: the figures of the checks K1 to K21, computed anew and kept where that is asked for."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from ringwall.basics import Refusal, Words, local_day, refuse
from ringwall.portfolio import figures_of_books
from ringwall.risk import (
    AGREEMENTS,
    SINGLE_RISKS,
    Agreement,
    Effort,
    RecordedFigures,
    RiskModel,
    figures_of_check,
    judge_figure,
    record_figures,
    shown_figure,
    shown_span,
    targets,
    unexplained,
    write_figures,
)
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.models.named import add_model, model_of
from ringwall.shell.cli.page import Page
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.products.writing import write_file
from ringwall.shell.cli.tools import Tools

NAME = "check"
HELP = Words(
    "计算检验 K1 至 K21：模型数值、公布数值与容差\n\n示例：ringwall model check --quick；--record FILE 写出结果文件",
    "compute the checks K1 to K21: the model's figure, what was published, the tolerance\n\n"
    "Example: ringwall model check --quick; --record FILE writes the figures",
)
WHOLE, QUICK = Effort(draws=65_536, years=10_000), Effort(draws=8_192, years=1_000, policies=750)
STYLES = {Agreement.MET: "", Agreement.MISS: "yellow", Agreement.OUTSIDE: "red"}


def add_arguments(parser: Parser) -> None:
    add_model(parser)
    parser.add(Words("较少的抽样与年数", "fewer draws and years"), "--quick", action="store_true")
    parser.add(Words("把结果写入新文件", "write the figures to a new file"), "--record", type=Path, metavar="FILE")


def run(arguments: Namespace, tools: Tools) -> int:
    model = model_of(arguments.model, tools)
    effort = QUICK if arguments.quick else WHOLE
    figures = [figure for code in SINGLE_RISKS for figure in figures_of_check(code, model, effort)]
    found = record_figures(model.sha256, local_day(tools.now()), effort, [*figures, *figures_of_books(model, effort)])
    if arguments.record:
        write_file(arguments.record, write_figures(found).encode())
    refusals = tuple(_outside(code) for code in unexplained(found))
    answer = Answer(document(model, found), lambda page: draw(page, model, found), refusals, refused=bool(refusals))
    return show(arguments, answer)


def _outside(code: str) -> Refusal:
    return refuse(
        "check_outside",
        code,
        zh=f"检验 {code} 超出容差，且没有写明原因；请核对参数，或在检验表中写明原因。",
        en=f"Check {code} is outside its tolerance and no reason stands; look at the numbers, or state the reason.",
    )


def document(model: RiskModel, found: RecordedFigures) -> dict[str, Any]:
    return {
        "kind": "model_check",
        "model": {"version": model.version, "sha256": model.sha256},
        "effort": found.effort,
        "checks": [
            {
                "check": check.code,
                "target": target.code,
                "question": check.question,
                "population": check.population,
                "source": check.source,
                "value": found.figures[target.code].value,
                "standard_error": found.figures[target.code].standard_error,
                "published": target.published,
                "tolerance": target.tolerance,
                "agreement": judge_figure(target, found.figures[target.code]),
            }
            for check, target in targets()
        ],
    }


def draw(page: Page, model: RiskModel, found: RecordedFigures) -> None:
    effort = found.effort
    page.title(Words(f"模型 {model.version} 的检验", f"Checks of model {model.version}"))
    page.line(
        Words(
            f"每种事件 {effort.draws:,} 次抽样；组合 {effort.policies:,} 张保单，{effort.years:,} 年",
            f"{effort.draws:,} draws of each kind of event; books of {effort.policies:,} policies over "
            f"{effort.years:,} years",
        ),
        "dim",
    )
    rows = []
    for check, target in targets():
        figure = found.figures[target.code]
        error = f" ± {shown_figure(target.unit, figure.standard_error)}" if figure.standard_error else ""
        rows.append(
            (
                target.code,
                Words(f"{check.question.zh}：{target.says.zh}", f"{check.question.en}: {target.says.en}"),
                f"{shown_figure(target.unit, figure.value)}{error}",
                shown_span(target.unit, target.published) if target.published else "–",
                shown_span(target.unit, target.tolerance),
                AGREEMENTS[judge_figure(target, figure)],
            )
        )
    heads = (
        Words("编号", "Check"),
        Words("问题", "Question"),
        Words("模型", "Model"),
        Words("公布", "Published"),
        Words("容差", "Tolerance"),
        Words("结果", "Result"),
    )
    page.table(heads, rows, numbers=(2,))
