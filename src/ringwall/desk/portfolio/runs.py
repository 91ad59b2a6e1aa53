"""The runs of the acting insurer, and the book of a run as it was known when the run was made."""

from __future__ import annotations

from datetime import datetime

from ringwall.basics import Refusal, refuse
from ringwall.desk.doors import Row
from ringwall.desk.office import Office
from ringwall.desk.portfolio.held_book import book_again
from ringwall.desk.records import BookRun
from ringwall.desk.views.parts import all_known
from ringwall.portfolio import BookAgain


def newest_run(office: Office, now: datetime) -> Row[BookRun] | None:
    """The last run of the acting insurer."""
    return next(reversed(runs_known(office, now)), None)


def runs_known(office: Office, now: datetime) -> list[Row[BookRun]]:
    """The runs of the acting insurer, in the order in which they were made."""
    mine = (row for row in all_known(office.book_runs, now) if row.owner_id == office.me)
    return sorted(mine, key=lambda row: (row.known_at, row.number))


def rebuilt(office: Office, row: Row[BookRun]) -> BookAgain | Refusal:
    """The book as it was known when the run was made; under another model the same seed means other years."""
    run, model = row.record, office.catalogue.model
    if run.model_sha256 != model.sha256:
        return refuse(
            "run_of_other_model",
            run.number,
            zh=f"模拟 {run.number} 使用模型 {run.model}（{run.model_sha256[:12]}），现用模型为 {model.version}"
            f"（{model.sha256[:12]}）；请重新模拟业务组合后再查看年份。",
            en=f"Run {run.number} was made with model {run.model} ({run.model_sha256[:12]}), the model in use is "
            f"{model.version} ({model.sha256[:12]}); run the book anew, then open its years.",
        )
    return book_again(office, run.as_at, run.years, run.seed, row.known_at)
