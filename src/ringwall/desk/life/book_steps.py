"""The book with the loss, and the market's figures."""

from __future__ import annotations

from ringwall.basics import Words, day_start
from ringwall.desk.life.year import Figure, Figures, Step, Year, money
from ringwall.desk.market.publish_statistics import publish_statistics
from ringwall.desk.portfolio.simulate_book import BookWish, import_book, run_book
from ringwall.desk.records import BookRun, StatisticsFile
from ringwall.market import TOTAL


def run_the_book(year: Year) -> Figures:
    """The opening book joins the policy; the year goes on with the loss known and its aggregate used."""
    case = year.case
    at = day_start(case.book_as_at)
    imported = year.write(
        "underwriter", "simulate_book", "import", int, lambda office: import_book(office, year.opening_book, at=at)
    )
    wish = BookWish(case.book_as_at, case.book_years, case.book_seed)
    run = year.write("underwriter", "simulate_book", "book", BookRun, lambda office: run_book(office, wish, at=at))
    views = (run.gross, run.net)
    average, worst = [money(view.aal_minor) for view in views], [money(view.tvar99_minor) for view in views]
    tail = {point.years: point.loss_minor for point in run.gross.aep}
    return (
        Figure(Words("业务组合（导入）", "Policies in the book (imported)"), f"{run.policies} ({imported})"),
        Figure(Words("已知赔款", "Known losses"), money(run.known_minor)),
        Figure(Words("年均损失（毛 / 净）", "Average year (gross / net)"), f"{average[0]} / {average[1]}"),
        Figure(Words("年累计损失 200 年一遇（毛）", "AEP 1 in 200 (gross)"), money(tail.get(200) or 0)),
        Figure(Words("尾部风险价值 99 %（毛 / 净）", "TVaR 99 (gross / net)"), f"{worst[0]} / {worst[1]}"),
    )


def publish(year: Year) -> Figures:
    """What may be shown of the market, and nothing below the privacy floor."""
    on = year.case.book_as_at
    file = year.write(
        "underwriter",
        "publish_statistics",
        "market",
        StatisticsFile,
        lambda office: publish_statistics(office, on, at=day_start(on)),
    )
    first = file.tables[0]
    total = first.find(TOTAL, TOTAL)
    assert total is not None, "a table has its total"
    held_back = sum(cell.figures is None for table in file.tables for cell in table.cells)
    figures = total.figures
    shown = f"{figures.policies} · {money(figures.premium_minor)}" if figures else "–"
    return (
        Figure(Words("市场：保单 · 保费", "Market: policies · premium"), shown),
        Figure(Words("低于隐私下限而不公布", "Cells held back (privacy floor)"), str(held_back)),
    )


STEPS = (
    Step("book", Words("业务组合再模拟", "The book simulated with the loss"), run_the_book),
    Step("market", Words("市场统计", "Market figures"), publish),
)
