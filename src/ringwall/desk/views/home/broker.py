"""The broker: what its clients have to confirm, pay or mend, by when."""

from __future__ import annotations

from datetime import datetime

from ringwall.basics import Words, due_before
from ringwall.desk.office import Office
from ringwall.desk.permissions import BROKER
from ringwall.desk.views.home.open_offers import Missing, missing_for, open_quotes
from ringwall.desk.views.home.waiting import Waiting, cover_ends
from ringwall.desk.views.knowing import is_still_open
from ringwall.desk.views.parts import Bar, Figure, all_known, insured_name, last_instant_before

PEOPLE = frozenset({BROKER})

LACKS = {
    Missing.ACCEPTANCE: Words("待保险人核保", "waits for the insurer's acceptance"),
    Missing.EXPLANATIONS: Words("待客户确认免责条款", "the client has to confirm the exclusions"),
    Missing.PREMIUM: Words("待客户支付保费", "the client has to pay the premium"),
    Missing.NOTHING: Words("待保险人出单", "waits for the insurer to issue"),
}


def waiting(office: Office, now: datetime) -> tuple[Waiting, ...]:
    """Open quotes, notices and endings of every client."""
    tasks: list[Waiting] = []
    for row in all_known(office.submissions, now):
        insured = insured_name(office, row.object_id)
        for quote in open_quotes(office, row.object_id, now):
            lacks = LACKS[missing_for(office, quote, now)]
            tasks.append(
                Waiting(
                    "client_quote",
                    Words(f"报价 {quote.number}：{lacks.zh}", f"Quote {quote.number}: {lacks.en}"),
                    insured,
                    f"/quote/{quote.number}",
                    Words("查看报价", "See the quote"),
                    Bar(quote.known_at, quote.record.valid_until),
                )
            )
        for notice in all_known(office.notices, now, row.object_id):
            delivered, deadline = notice.record.delivered_at, notice.record.deadline
            if delivered and deadline and is_still_open(office, row.object_id, notice.record.finding, now):
                tasks.append(
                    Waiting(
                        "client_notice",
                        Words(f"客户须按建议 {notice.number} 整改", f"The client has to act on {notice.number}"),
                        insured,
                        f"/posture/{row.number}#finding-{notice.record.finding}",
                        Words("查看发现项", "See the finding"),
                        Bar(delivered, last_instant_before(due_before(deadline))),
                    )
                )
        for policy in all_known(office.policies, now, row.object_id):
            tasks += cover_ends(policy, insured, now)
    return tuple(tasks)


def figures(office: Office, now: datetime) -> tuple[Figure, ...]:
    """How much business stands with the broker."""
    policies = [row.record.policy.newest.content for row in all_known(office.policies, now)]
    premium = sum(content.premium.premium.gross_minor for content in policies)
    return (
        Figure(Words("客户保单", "Clients' policies"), len(policies), "count"),
        Figure(Words("含税保费合计", "Premium with VAT, all clients"), premium, "money"),
    )
