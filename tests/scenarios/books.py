"""Scenarios F and H as our engine answers them: a panel's postings and a refund, with what the books say of them."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from tests.scenarios.statute import Json, clocks, instant, maybe, shown

from ringwall.basics import Refusal, Term, Words, local_day
from ringwall.ledger import CompoundEntry, transfers_of, trial_balance
from ringwall.policy import (
    CoverTerms,
    FactorRules,
    Line,
    Panel,
    Parties,
    Party,
    PolicyContent,
    Premium,
    PremiumEndorsement,
    PremiumTerms,
    Reduction,
    lower_premium,
    relative_change,
    sign_panel,
)
from ringwall.settlement import (
    Dispute,
    PanelAgreement,
    PanelEvent,
    PanelPosting,
    PanelSequence,
    PostingKind,
    PremiumRefund,
    SequenceKind,
    Voucher,
    insured_position,
    lead_fees,
    open_sequence,
    post_to_panel,
    premium_refund,
    release_held,
    standing,
)

KINDS = {
    "policyholder": PostingKind.PREMIUM,
    "insured": PostingKind.INDEMNITY,
    "adjuster": PostingKind.EXPENSE,
    "third party": PostingKind.RECOVERY,
}
NOBODY = Party("-", Words("无", "nobody"))


def voucher(at: str) -> Voucher:
    return Voucher("V-1", local_day(instant(at)), instant(at), "shared scenario")


def sides(entry: CompoundEntry | Refusal) -> dict[str, dict[str, int]]:
    """Debits and credits of one entry by head, as a bookkeeper reads them."""
    assert isinstance(entry, CompoundEntry), entry
    moved = transfers_of(entry)
    assert not isinstance(moved, Refusal), moved
    lines = trial_balance(moved, entry.effective_on, entry.known_at).lines
    return {
        "debit": {account.code: balance.debit_minor for account, balance in lines if balance.debit_minor},
        "credit": {account.code: balance.credit_minor for account, balance in lines if balance.credit_minor},
    }


# F: two sequences, a dispute, a ruling, ten postings of one fen


def answers_f(given: Json) -> dict[str, Any]:
    agreement, told = agreement_of(given["panel"]), given["dispute"]
    dispute = Dispute(told["by"], "C", instant(told["written_at"]))
    premium, _ = posted(agreement, SequenceKind.PREMIUM, given["sequences"]["premium"], dispute)
    claim, rows = posted(agreement, SequenceKind.CLAIM, given["sequences"]["claim"], dispute)
    fees = dict(lead_fees(agreement, premium[0]))
    before, owed = standing(agreement, claim), insured_position(claim)
    ruling = Dispute(dispute.by, dispute.claim, dispute.written_at, instant(given["ruling"]["at"]))
    release = release_held(claim, ruling)
    assert release is not None
    after, paid = standing(agreement, claim, (release,)), insured_position(claim, (release,))
    return {
        "premium": {
            name: {"running_total_fen": posting.running_total_minor, "posting_fen": dict(posting.parts)}
            for name, posting in zip(given["sequences"]["premium"], premium, strict=True)
        },
        "lead_fee_fen": fees,
        "lead_fee_total_fen": sum(fees.values()),
        "claim": dict(zip(given["sequences"]["claim"], rows, strict=True)),
        "before_ruling": {
            "settled_fen": dict(before.settled_minor),
            "held_fen": dict(before.held_minor),
            "held_due_to_insured_fen": release.due_to_insured_minor,
            "held_credit_fen": release.credit_minor,
            "insured_owed_fen": owed.owed_minor,
            "insured_received_fen": owed.received_minor,
            "insured_open_fen": owed.open_minor,
        },
        "after_ruling": {
            "settled_fen": dict(after.settled_minor),
            "held_fen": dict(after.held_minor),
            "insured_received_fen": paid.received_minor,
            "insured_open_fen": paid.open_minor,
        },
        "clocks": clocks(given),
        "tiny_postings": tiny_postings(given),
    }


def agreement_of(panel: Json, *, suspend: bool = True) -> PanelAgreement:
    return PanelAgreement(
        panel=panel["id"],
        shares=tuple((name, Fraction(*panel["shares"][name])) for name in panel["order"]),
        lead=panel["lead"],
        lead_authority_minor=panel["lead_authority_fen"],
        vote_above=Fraction(*panel["vote_needed_more_than"]),
        lead_fee=Fraction(*panel["lead_fee"]),
        suspend_opposite_sign=suspend,
    )


def posted(
    agreement: PanelAgreement, kind: SequenceKind, events: Json, dispute: Dispute
) -> tuple[list[PanelPosting], list[dict[str, Any]]]:
    """The postings of one sequence, and each as the page shows it."""
    sequence, log, rows = open_sequence(agreement, kind), [], []
    for name, told in events.items():
        claim = "" if kind is SequenceKind.PREMIUM else "C"
        event = PanelEvent(KINDS[told["counterparty"]], told["amount_fen"], instant(told["at"]), claim, name)
        done = post_to_panel(agreement, sequence, event, votes=told.get("votes"), disputes=(dispute,))
        assert not isinstance(done, Refusal), done
        sequence, posting = done
        log.append(posting)
        rows.append(row_of(agreement, sequence, posting, dispute))
    return log, rows


def row_of(
    agreement: PanelAgreement, sequence: PanelSequence, posting: PanelPosting, dispute: Dispute
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "decided_by": posting.decided_by.value,
        "running_total_fen": posting.running_total_minor,
        "part_fen": dict(zip(agreement.names, sequence.booked_minor, strict=True)),
        "posting_fen": dict(posting.parts),
        "held_fen": posting.held_of(dispute.by),
    }
    votes = posting.votes_for
    return row | ({"votes_for": [votes.numerator, votes.denominator]} if votes else {})


def tiny_postings(given: Json) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, suspend in (("formula", False), ("booked", True)):
        agreement = agreement_of(given["panel"], suspend=suspend)
        sequence, rows = open_sequence(agreement, SequenceKind.CLAIM), []
        for _ in range(given["tiny_postings"]["count"]):
            noon = datetime.fromisoformat("2026-06-05T12:00:00+08:00")
            event = PanelEvent(PostingKind.INDEMNITY, given["tiny_postings"]["amount_fen"], noon, "C")
            done = post_to_panel(agreement, sequence, event)
            assert not isinstance(done, Refusal), done
            sequence, posting = done
            rows.append("held" if posting.suspended else [part for _, part in posting.parts])
        found |= {name: rows, "after_ten": list(sequence.booked_minor)}
    return found


# H: the refund by day, its invoice, who gets it


def answers_h(given: Json) -> dict[str, Any]:
    content, rules = content_of(given), rules_of(given["policy"])
    after = Fraction(*given["factor_after"])
    fall = -relative_change(content.premium.rate_factor, after)
    tests = {name: maybe(row["retest_passed_at"]) for name, row in given["findings"].items()}
    found = lower_premium(content, rules, Reduction(after, tests, instant(given["request_at"])))
    answers: dict[str, Any] = {"relative_fall": [fall.numerator, fall.denominator]}
    if isinstance(found, Refusal):
        return answers | {"endorsement": False, "code": found.code, "refund": amounts(Premium(0, 0))}
    return answers | endorsed(given, found)


def endorsed(given: Json, found: PremiumEndorsement) -> dict[str, Any]:
    invoice, share = found.invoice, Fraction(*given["subsidy_share"])
    refund = PremiumRefund(found.refund.net_minor, found.refund.vat_minor, "R-1", invoice.refers_to, share)
    booked = sides(premium_refund("insurer", refund, voucher(given["request_at"])))
    creditors = {"payable_to_insured": 0, "payable_to_subsidy_authority": 0}
    return {
        "endorsement": True,
        "code": None,
        "effective_from": shown(found.effective_at),
        "days_left": found.days.left,
        "days_gone": found.days.gone,
        "days_in_period": found.days.whole,
        "annual_net_after_fen": found.after.annual_net_minor,
        "refund": amounts(found.refund),
        "red_letter_invoice": {"refers_to": invoice.refers_to, **amounts(invoice.amount)},
        "premium_after": amounts(found.premium_after),
        "unearned_before_fen": found.before.unearned_minor,
        "unearned_after_fen": found.after.unearned_minor,
        "earned_until_effective_fen": found.earned_minor,
        "refund_to": {"insured_fen": found.to_insured_minor, "subsidy_authority_fen": found.to_authority_minor},
        "postings": booked | {"credit": creditors | booked["credit"]},
    }


def amounts(premium: Premium) -> dict[str, int]:
    return {"net_fen": premium.net_minor, "vat_fen": premium.vat_minor, "gross_fen": premium.gross_minor}


def rules_of(policy: Json) -> FactorRules:
    low, high = (Fraction(*bound) for bound in policy["filed_factor_range"])
    return FactorRules(low, high, Fraction(1, 10))


def content_of(given: Json) -> PolicyContent:
    """Of the policy only what its premium hangs on; cover and parties play no part here."""
    policy = given["policy"]
    told, (invoice,) = policy["premium"], given["invoices"]
    panel = sign_panel(policy["id"], [Line(policy["insurer"], Fraction(1))])
    assert isinstance(panel, Panel), panel
    return PolicyContent(
        "scn",
        policy["product_version"],
        Term(*(instant(policy["period"][end]) for end in ("start", "end"))),
        Parties(NOBODY, NOBODY, (NOBODY,)),
        panel,
        CoverTerms((), 0, 0, ()),
        PremiumTerms(
            told["net_fen"],
            Fraction(*told["vat_rate"]),
            Premium(told["net_fen"], told["vat_fen"]),
            Fraction(*policy["rate_factor"]),
            invoice,
            Fraction(*given["subsidy_share"]),
            policy["reduction_excluded_by_agreement"],
        ),
        {},
    )
