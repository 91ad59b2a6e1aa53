"""The log of a panel's postings as a file: shares in their order, and what each posting booked for each carrier."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ringwall.settlement import PanelAgreement, PanelEvent, PanelPosting, PostingKind, SequenceKind, panel_fault
from ringwall.shell.cli.fields import Fields
from ringwall.shell.cli.reading import Texts
from ringwall.shell.cli.refused import no, none_of

PANEL_LOG = "panel_log"
NAMES = ("kind", "panel", "lead", "currency", "suspend_opposite_sign", "shares", "postings", "note")
POSTING_NAMES = (
    "number",
    "kind",
    "amount_minor",
    "at",
    "claim",
    "reference",
    "running_total_minor",
    "parts",
    "suspended",
    "reverses",
)


def read_panel_log(where: str, raw: Texts) -> tuple[PanelAgreement, dict[SequenceKind, tuple[PanelPosting, ...]]]:
    """The agreement as far as it splits, and the postings of each sequence in the order of the file."""
    fields = Fields.of(where, raw, NAMES)
    shares = tuple((row.text("carrier"), row.share("share")) for row in fields.rows("shares", ("carrier", "share")))
    if not shares:
        raise fields.missing("shares")
    agreement = PanelAgreement(
        panel=fields.text("panel"),
        shares=shares,
        lead=fields.text("lead", shares[0][0]),
        lead_authority_minor=0,
        suspend_opposite_sign=fields.flag("suspend_opposite_sign", "no"),
        currency=fields.text("currency", "CNY"),
    )
    none_of([fault for fault in (panel_fault(agreement),) if fault])
    postings = [_posting(row, agreement) for row in fields.rows("postings", POSTING_NAMES)]
    if not postings:
        raise fields.missing("postings")
    kinds = dict.fromkeys(posting.event.kind.sequence for posting in postings)
    return agreement, {kind: tuple(p for p in postings if p.event.kind.sequence is kind) for kind in kinds}


def _posting(fields: Fields, agreement: PanelAgreement) -> PanelPosting:
    event = PanelEvent(
        fields.choice("kind", PostingKind),
        fields.whole("amount_minor", least=None),
        fields.instant("at"),
        fields.text("claim", ""),
        fields.text("reference", ""),
    )
    return PanelPosting(
        number=fields.whole("number", least=1),
        event=event,
        running_total_minor=fields.whole("running_total_minor", least=None),
        parts=_parts(fields, agreement),
        suspended=fields.flag("suspended", "no"),
        reverses=fields.whole("reverses", least=1) if fields.has("reverses") else None,
    )


def _parts(fields: Fields, agreement: PanelAgreement) -> tuple[tuple[str, int], ...]:
    """One part for each carrier of the panel and for nobody else."""
    parts = fields.below("parts", None)
    if set(parts.values) != set(agreement.names):
        raise no(
            "parts_of_others",
            parts.where,
            zh=f"此处列出 {'、'.join(parts.values)}，而共保体成员为 {'、'.join(agreement.names)}；请一一对应。",
            en=f"this names {', '.join(parts.values)}, the panel has {', '.join(agreement.names)}; give each its part.",
        )
    return tuple((name, parts.whole(name, least=None)) for name in agreement.names)


def panel_log_document(agreement: PanelAgreement, postings: Sequence[PanelPosting]) -> dict[str, Any]:
    return {
        "kind": PANEL_LOG,
        "panel": agreement.panel,
        "lead": agreement.lead,
        "currency": agreement.currency,
        "suspend_opposite_sign": agreement.suspend_opposite_sign,
        "shares": [{"carrier": name, "share": Fraction(share)} for name, share in agreement.shares],
        "postings": [
            {
                "number": posting.number,
                "kind": posting.event.kind,
                "amount_minor": posting.amount_minor,
                "at": posting.event.at,
                "claim": posting.event.claim,
                "reference": posting.event.reference,
                "running_total_minor": posting.running_total_minor,
                "parts": dict(posting.parts),
                "suspended": posting.suspended,
                "reverses": posting.reverses,
            }
            for posting in postings
        ],
    }
