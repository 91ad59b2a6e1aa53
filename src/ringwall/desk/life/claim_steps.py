"""The incident, the provider, the claim and its payment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from ringwall.basics import Refusal, Term, Words
from ringwall.claim import clocks_of, outstanding_minor, refused_items
from ringwall.desk.claim.handle_claim import (
    By,
    agree_claim,
    answer_consent,
    ask_consent,
    ask_for_supplement,
    decide_claim,
    open_claim,
    send_refusal,
    take_documents,
)
from ringwall.desk.claim.judge_disclosure import DisclosureCase, judge_disclosure
from ringwall.desk.claim.letters import SUPPLEMENT
from ringwall.desk.claim.pay_claim import PaidClaim, authorise_claim, pay_claim
from ringwall.desk.incident.report_incident import IncidentReport, duties_of, grades_of, report_incident
from ringwall.desk.life.case import CaseConsent
from ringwall.desk.life.service_steps import follow_order
from ringwall.desk.life.year import Figure, Figures, Step, Year, money
from ringwall.desk.message.tell_clocks import ClocksTold, tell_clocks
from ringwall.desk.office import Office
from ringwall.desk.records import ClaimFile
from ringwall.desk.settlement.statement_of import statement_of
from ringwall.incident import Incident
from ringwall.service import Order, SlaResult, sla_standing

HANDLER = "claims handler"


def report(year: Year) -> Figures:
    """The insured reports; the incident is graded under every scheme and the report clocks are known."""
    case, at = year.case, year.case.at["insurer_told_at"]
    told = IncidentReport(
        case.incident_class, case.operator, case.at["started_at"], case.at["discovered_at"], case.incident_facts
    )
    incident = year.do(
        "insured",
        "report_incident",
        "incident",
        Incident,
        lambda office, obj: report_incident(office, obj, told, at=at),
    )

    def graded(office: Office, _: UUID) -> Figures:
        grades = [
            Figure(Words(f"分级 {grade.scheme.code}", f"Grade under {grade.scheme.code}"), grade.name.zh)
            for grade in grades_of(office, incident, at)
        ]
        duties = duties_of(office, incident, case.operator, at)
        due = ", ".join(f"{duty.authority.en} ≤ {duty.due_at.isoformat()}" for duty in duties) or "–"
        return (*grades, Figure(Words("报告义务", "Reports due"), due))

    return (Figure(Words("事件", "Incident"), incident.number), *year.read("claims", graded))


def dispatch(year: Year) -> Figures:
    """The policy's provider is sent; each step of each order is kept against its clock."""
    figures: list[Figure] = []
    for steps in year.case.orders:
        order = follow_order(year, "claims", steps)

        def standing(office: Office, _: UUID, order: Order = order) -> str:
            service = office.catalogue.services.service(order.service)
            assert not isinstance(service, Refusal), "the order was placed for a service of the catalogue"
            results = [each.result for each in sla_standing(order, service, order.entries[-1].at)]
            return f"{results.count(SlaResult.MET)} / {len(results)}"

        label = Words(f"{order.number} {steps.service}：时限达成", f"{order.number} {steps.service}: times met")
        figures.append(Figure(label, year.read("claims", standing)))
    return tuple(figures)


def notify_and_prove(year: Year) -> Figures:
    """From the first notice to a complete file, with consents and the one supplement notice."""
    case, at = year.case, year.case.at
    opened = _claim_step(
        year,
        "open",
        lambda office, obj: open_claim(
            office, obj, case.event, By(HANDLER, at["registered_at"]), notified_at=at["notified_at"]
        ),
    )
    number = opened.claim.number
    for consent in case.consents:
        _consent(year, number, consent)
    received, asked_at, complete = (
        By(HANDLER, at[name]) for name in ("received_at", "supplement_asked_at", "supplement_received_at")
    )
    _claim_step(year, "receive", lambda office, obj: take_documents(office, obj, number, case.documents, received))
    _claim_step(
        year, "supplement", lambda office, obj: ask_for_supplement(office, obj, number, case.supplement, asked_at)
    )
    delivered_at = at["supplement_delivered_at"]
    year.opens_what_waits("insured", "supplement", SUPPLEMENT, delivered_at)
    year.do(
        "claims",
        "handle_claim",
        "claim:supplement-delivered",
        ClocksTold,
        lambda office, obj: tell_clocks(office, obj, at=delivered_at),
    )
    file = _claim_step(
        year, "complete", lambda office, obj: take_documents(office, obj, number, case.supplement, complete)
    )
    return (Figure(Words("赔案", "Claim"), f"{number} · {file.claim.state.value}"),)


def _consent(year: Year, number: str, consent: CaseConsent) -> None:
    asked, answered = By(HANDLER, consent.requested_at), By(HANDLER, consent.answered_at)
    subject = consent.subject
    _claim_step(year, f"ask:{subject}", lambda office, obj: ask_consent(office, obj, number, subject, asked))
    _claim_step(
        year, f"answer:{subject}", lambda office, obj: answer_consent(office, obj, number, subject, True, answered)
    )


def decide(year: Year) -> Figures:
    """The decision with its trace, on the policy's own compiled terms; the false answer is judged beside it."""
    case, number = year.case, _claim_number(year)
    judged = DisclosureCase(
        case.false_answer, case.at["knew_at"], "preliminary forensic report", case.at["rescission_notice_at"]
    )
    by = By(HANDLER, case.at["rescission_notice_at"])
    disclosed = _claim_step(year, "disclosure", lambda office, obj: judge_disclosure(office, obj, number, judged, by))
    decider = By(HANDLER, case.at["decided_at"])
    file = _claim_step(year, "decide", lambda office, obj: decide_claim(office, obj, number, decider))
    outcome, disclosure = file.claim.outcome, disclosed.disclosure
    assert outcome is not None, "a decided claim has its outcome"
    assert disclosure is not None, "the disclosure was judged a step before"
    return (
        Figure(
            Words("不实告知", "False answer"),
            f"{disclosure.decided_by} · {'rescinded' if disclosure.rescinded else 'not rescinded'}",
        ),
        Figure(Words("实际损失", "Factual loss"), money(outcome.factual_minor)),
        Figure(Words("责任内损失", "Loss within cover"), money(outcome.within_cover.low)),
        Figure(Words("应付赔款", "Payable"), money(outcome.payable.low)),
        Figure(Words("未决赔款准备金", "Outstanding reserve"), money(outstanding_minor(file.claim))),
        *(
            Figure(Words(f"其中 {part.part}", f"of it {part.part}"), money(part.payable.low))
            for part in outcome.parts
            if part.payable.high
        ),
    )


def settle(year: Year) -> Figures:
    """Agreement, refusal letter, payment: every carrier's part is booked, every clock of the law is stopped."""
    case, number, at = year.case, _claim_number(year), year.case.at
    agreed, refused, released, paid_by = (
        By(HANDLER, at[name]) for name in ("agreed_at", "refusal_sent_at", "authorised_at", "paid_at")
    )
    file = _claim_step(year, "agree", lambda office, obj: agree_claim(office, obj, number, agreed))
    assert file.claim.outcome is not None, "an agreed claim has its outcome"
    items = refused_items(file.claim.outcome)
    _claim_step(year, "refusal", lambda office, obj: send_refusal(office, obj, number, items, refused))
    _claim_step(year, "authorise", lambda office, obj: authorise_claim(office, obj, number, released), "pay_claim")
    paid = year.do(
        "claims",
        "pay_claim",
        "claim:pay",
        PaidClaim,
        lambda office, obj: pay_claim(office, obj, number, case.votes, paid_by),
    )

    def in_time(office: Office, _: UUID) -> str:
        clocks = clocks_of(paid.claim.claim, office.catalogue.clock_rules, office.catalogue.calendar)
        kept = [clock.clock.rule.rule for clock in clocks if clock.in_time]
        return f"{len(kept)} / {len(clocks)}: {', '.join(kept)}"

    return (
        Figure(Words("已付赔款", "Paid"), money(paid.claim.claim.paid_minor)),
        *(Figure(Words(f"赔款份额 {name}", f"Part of {name}"), money(part)) for name, part in paid.parts.items()),
        Figure(Words("法定时限", "Clocks of the law kept"), year.read("claims", in_time)),
        *(_statement(year, follower) for follower in ("first_follower", "second_follower")),
    )


def _statement(year: Year, follower: str) -> Figure:
    """What a follower is called for, by its own reading of the panel's log and its own recomputation."""
    period = Term(year.case.period.start, year.case.at["paid_at"] + timedelta(days=1))
    checked = year.read(follower, lambda office, obj: statement_of(office, obj, period))
    name, call = checked.statement.participant, money(checked.statement.loss_fund_call_minor)
    label = Words(f"摊赔通知 {name}（自行复算差异）", f"Loss-fund call on {name} (differences recomputed)")
    return Figure(label, f"{call} ({len(checked.differences)})")


def _claim_step(
    year: Year, key: str, work: Callable[[Office, UUID], ClaimFile | Refusal], action: str = "handle_claim"
) -> ClaimFile:
    return year.do("claims", action, f"claim:{key}", ClaimFile, work)


def _claim_number(year: Year) -> str:
    return year.recalled("claims", "life:claim:open", ClaimFile).claim.number


STEPS = (
    Step("incident", Words("事件报告与分级", "Incident reported and graded"), report),
    Step("dispatch", Words("派遣服务方", "Provider dispatched"), dispatch),
    Step("claim", Words("报案、材料、补充", "Claim notified and proved"), notify_and_prove),
    Step("decision", Words("责任认定与定损", "Decision with its trace"), decide),
    Step("payment", Words("协议、拒赔通知、支付、共保分摊", "Agreement, refusal letter, payment, panel split"), settle),
)
