"""Within the term: traffic, drift, the written notice, the re-test, and the premium that follows."""

from __future__ import annotations

from uuid import UUID

from ringwall.basics import Refusal, Words
from ringwall.desk.evidence.put_on_record import record_traffic
from ringwall.desk.life.cover_steps import findings_in_words, scan_once
from ringwall.desk.life.year import Figure, Figures, Step, StoryRefused, Year, money
from ringwall.desk.monitoring.watch_policy import NOTICE, Rerating, endorse_for_risk, record_delivery, send_notices
from ringwall.desk.office import Office
from ringwall.evidence import TrafficBatch, indicators
from ringwall.monitoring import Notice
from ringwall.policy import InvoiceKind


def watch_traffic(year: Year) -> Figures:
    """The sensor's closed file is counted and put on record; what it raises is an alert, never a price."""
    batch = year.recall("insured", "traffic", TrafficBatch)
    if batch is None:
        counted = year.world.count_traffic(year.number, year.case.inside)
        if isinstance(counted, Refusal):
            raise StoryRefused(counted)
        at = year.case.at["traffic_ingested_at"]
        batch = year.do(
            "insured",
            "ingest_traffic",
            "traffic",
            TrafficBatch,
            lambda office, obj: record_traffic(office, obj, counted, at=at),
        )
    raised = sorted({each.code for each in indicators([batch]) if each.raised})
    return (
        Figure(Words("EVE 行数（拒收）", "EVE lines (rejected)"), f"{batch.lines} ({batch.rejected})"),
        Figure(Words("流量告警", "Traffic alerts"), ", ".join(raised) or "–"),
    )


def see_drift(year: Year) -> Figures:
    """A later scan sees what is new; the insured gets a written suggestion, opens it, and has its term."""
    case = year.case
    scan = scan_once(year, "scan-drift", "drift", "drift_scanned_at")
    sent = year.do(
        "underwriter",
        "send_notice",
        "notices",
        tuple[Notice, ...],
        lambda office, obj: send_notices(office, obj, term_days=case.notice_term_days, at=case.at["notice_sent_at"]),
    )
    delivered_at = case.at["notice_delivered_at"]
    year.opens_what_waits("insured", "notices", NOTICE, delivered_at)
    delivered = year.do(
        "underwriter",
        "send_notice",
        "delivery",
        tuple[Notice, ...],
        lambda office, obj: record_delivery(office, obj, at=delivered_at),
    )
    terms = ", ".join(f"{notice.number} ≤ {notice.deadline}" for notice in delivered)
    return (
        Figure(Words("漂移后发现项", "Findings after drift"), findings_in_words(scan)),
        Figure(Words("书面建议", "Written suggestions"), f"{len(sent)}: {terms}"),
    )


def fix_and_rerate(year: Year) -> Figures:
    """The weaknesses are mended, the re-test passes, and the premium falls by the day (Insurance Law 53)."""
    case = year.case
    scan = scan_once(year, "scan-fixed", "fixed", "retested_at")
    requested_at, at = case.at["requested_at"], case.at["endorsed_at"]

    def rerate(office: Office, object_id: UUID) -> Rerating | Refusal:
        return endorse_for_risk(office, object_id, requested_at=requested_at, at=at)

    rerated = year.do("underwriter", "endorse_for_risk", "endorse", Rerating, rerate)
    seen = Figure(Words("复测后发现项", "Findings after the re-test"), findings_in_words(scan))
    endorsement = rerated.endorsement
    if endorsement is None:
        small = rerated.not_notable.relative_change if rerated.not_notable else 0
        return (seen, Figure(Words("保费变化", "Change of premium"), f"– ({small})"))
    change = endorsement.invoice.amount
    lower = endorsement.invoice.kind is InvoiceKind.RED_LETTER
    kind = Words("红字发票", "Red-letter invoice") if lower else Words("补收发票", "Invoice for more premium")
    return (
        seen,
        Figure(Words("费率因子", "Rate factor"), f"{endorsement.before.factor} → {endorsement.after.factor}"),
        Figure(kind, f"{money(change.net_minor)} + {money(change.vat_minor)}"),
    )


STEPS = (
    Step("traffic", Words("流量监测", "Traffic monitoring"), watch_traffic),
    Step("drift", Words("漂移与书面建议", "Drift and written suggestion"), see_drift),
    Step("rerate", Words("整改、复测、保费变化", "Fix, re-test, premium change"), fix_and_rerate),
)
