"""What the panel booked, and the book and the market with it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ringwall.basics import Words
from ringwall.desk.views.journey.step import Lane, Stage, Step, Told
from ringwall.desk.views.parts import Figure, all_known
from ringwall.market import TOTAL
from ringwall.settlement import PanelPosting, PostingKind, SequenceKind

KINDS = {
    PostingKind.PREMIUM: Words("净保费", "Net premium"),
    PostingKind.VAT: Words("增值税", "VAT"),
    PostingKind.INDEMNITY: Words("赔款", "Indemnity"),
    PostingKind.EXPENSE: Words("直接理赔费用", "Expense of the claim"),
    PostingKind.RECOVERY: Words("追偿款", "Recovery"),
    PostingKind.RESERVE: Words("未决赔款准备金", "Case reserve"),
    PostingKind.SERVICE: Words("防灾减损服务费", "Loss prevention services"),
}


def steps(told: Told) -> Iterator[Step]:
    """Postings to the panel, and for whoever may see them the book and the market's figures."""
    yield from _postings(told)
    if told.policy is not None:
        yield from _book(told)


def _postings(told: Told) -> Iterator[Step]:
    file = told.policy
    log = [each for each in told.office.panel_chain.log(told.object_id) if each.event.at <= told.now]
    if file is None or not log:
        return
    link = f"/policy/{file.policy.number}#panel"
    for at, group in groupby(sorted(log, key=lambda each: each.event.at), key=lambda each: each.event.at):
        postings = list(group)
        yield Step(
            f"posting-{at:%Y%m%d%H%M}",
            _stage(told, postings),
            Lane.LEAD,
            Words("共保分摊入账", "Posted to the panel"),
            at,
            at,
            link,
            tuple(Figure(KINDS[each.event.kind], each.amount_minor, "change", link) for each in postings),
            _votes(postings),
            (Lane.FOLLOWERS,),
        )


def _stage(told: Told, postings: list[PanelPosting]) -> Stage:
    if any(each.event.kind.sequence in (SequenceKind.CLAIM, SequenceKind.RESERVE) for each in postings):
        return Stage.LOSS
    file = told.policy
    return Stage.COVER if file is None or postings[0].event.at <= file.policy.concluded_at else Stage.WATCH


def _votes(postings: list[PanelPosting]) -> Words | None:
    """How much of the panel voted for what exceeds the lead's authority."""
    voted = next((each.votes_for for each in postings if each.votes_for is not None), None)
    if voted is None:
        return None
    share = f"{float(voted * 100):g} %"
    return Words(
        f"超出主承权限，经表决，赞成份额 {share}", f"above the lead's authority: {share} of the panel voted for it"
    )


def _book(told: Told) -> Iterator[Step]:
    for row in all_known(told.office.book_runs, told.now):
        run = row.record
        yield Step(
            row.number,
            Stage.BOOK,
            Lane.LEAD,
            Words(f"业务组合再模拟 {row.number}", f"The book simulated again, {row.number}"),
            row.effective_at,
            row.known_at,
            "/book",
            (
                Figure(Words("已知赔款", "Known losses"), run.known_minor, "money", "/book"),
                Figure(Words("年均损失（毛）", "Average year, gross"), run.gross.aal_minor, "money", "/book"),
                Figure(Words("年均损失（净）", "Average year, net"), run.net.aal_minor, "money", "/book"),
            ),
            Words(f"{run.years:,} 个模拟年，种子 {run.seed}", f"{run.years:,} simulated years, seed {run.seed}"),
        )
    for publication in all_known(told.office.statistics, told.now):
        total = publication.record.tables[0].find(TOTAL, TOTAL)
        figures = total.figures if total else None
        yield Step(
            publication.number,
            Stage.BOOK,
            Lane.LEAD,
            Words("发布市场统计", "Market figures published"),
            publication.effective_at,
            publication.known_at,
            "/market",
            (Figure(Words("保单", "Policies"), figures.policies, "count", "/market"),) if figures else (),
            Words("低于隐私下限的单元不公布", "no cell below the privacy floor is shown"),
        )
