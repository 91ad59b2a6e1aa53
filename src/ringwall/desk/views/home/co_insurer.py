"""A co-insurer's desk: loss-fund calls of the lead, and postings that do not follow from the shares."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ringwall.basics import Words
from ringwall.desk.doors import Row
from ringwall.desk.office import Office
from ringwall.desk.permissions import CLAIMS_HANDLER, UNDERWRITER
from ringwall.desk.records import PolicyFile
from ringwall.desk.views.home.waiting import Waiting
from ringwall.desk.views.parts import Figure, all_known, insured_name
from ringwall.settlement import PanelPosting, PostingKind, SequenceKind, differences

PEOPLE = frozenset({UNDERWRITER, CLAIMS_HANDLER})


def waiting(office: Office, now: datetime) -> tuple[Waiting, ...]:
    """What the panels that this insurer follows want of it."""
    return tuple(task for row in _followed(office, now) for task in _of_panel(office, row, now))


def figures(office: Office, now: datetime) -> tuple[Figure, ...]:
    """Our part of the panels that we follow, premium and claims apart."""
    rows = _followed(office, now)
    if not rows:
        return ()
    parts = [(row, posting) for row in rows for posting in log_known(office, row, now)]
    premium = sum(_mine(office, posting) for _, posting in parts if posting.event.kind is PostingKind.PREMIUM)
    claims = sum(_mine(office, posting) for _, posting in parts if posting.event.kind.sequence is SequenceKind.CLAIM)
    link = f"/policy/{rows[-1].number}#panel"
    return (
        Figure(Words("从共保单", "Policies followed"), len(rows), "count"),
        Figure(Words("净保费份额", "Our net premium"), premium, "money", link),
        Figure(Words("赔款份额", "Our part of claims"), claims, "money", link),
    )


def log_known(office: Office, row: Row[PolicyFile], now: datetime) -> tuple[PanelPosting, ...]:
    """The panel's chain of postings up to an instant."""
    return tuple(posting for posting in office.panel_chain.log(row.object_id) if posting.event.at <= now)


def _followed(office: Office, now: datetime) -> tuple[Row[PolicyFile], ...]:
    return tuple(row for row in all_known(office.policies, now) if "follower" in office.objects.roles(row.object_id))


def _mine(office: Office, posting: PanelPosting) -> int:
    me = office.directory.by_id(office.me)
    return dict(posting.parts).get(me.code, 0) if me else 0


def _of_panel(office: Office, row: Row[PolicyFile], now: datetime) -> Iterator[Waiting]:
    log = log_known(office, row, now)
    claims = [posting for posting in log if posting.event.kind.sequence is SequenceKind.CLAIM]
    call = sum(_mine(office, posting) for posting in claims)
    link, insured = f"/policy/{row.number}#panel", insured_name(office, row.object_id)
    if call > 0:
        yield Waiting(
            "loss_fund_call",
            Words(f"向主承支付保险单 {row.number} 的摊赔款", f"Pay the lead's loss-fund call on policy {row.number}"),
            insured,
            link,
            Words("核对摊赔", "Check the call"),
            since=claims[-1].event.at,
            amount_minor=call,
            amount_is=Words("本公司份额", "our part"),
        )
    for kind in SequenceKind:
        sequence = [posting for posting in log if posting.event.kind.sequence is kind]
        if differences(row.record.agreement, sequence):
            yield Waiting(
                "posting_differs",
                Words(f"保险单 {row.number} 的分摊与份额不符", f"Postings on {row.number} differ from the shares"),
                insured,
                link,
                Words("查看差异", "See the difference"),
            )
