"""Every filed version sold through the use cases: one application, quote, policy and claim each, for any house."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TypeVar
from uuid import UUID

from ringwall.basics import Refusal, Term, Words
from ringwall.desk.catalogue import Catalogue
from ringwall.desk.claim.handle_claim import By, assess, decide_claim, open_claim, take_documents
from ringwall.desk.doors import Speaker
from ringwall.desk.front import Front, Request
from ringwall.desk.incident.report_incident import IncidentReport, report_incident
from ringwall.desk.office import Office
from ringwall.desk.policy.bind_policy import BindWish, bind_policy
from ringwall.desk.policy.record_receipt import record_receipt
from ringwall.desk.price.quote_risk import QuoteWish, quote_risk
from ringwall.desk.records import ClaimFile, PolicyFile, QuoteFile
from ringwall.desk.underwriting.apply_for_cover import Application, apply_for_cover
from ringwall.desk.underwriting.confirm_explanation import applied_product, confirm_explanation
from ringwall.evidence import Answer
from ringwall.exposure import Organisation
from ringwall.incident import Incident, IncidentClass, OperatorKind
from ringwall.policy import Line, Receipt
from ringwall.product import explanations
from ringwall.terms import LossEvent, Outcome
from ringwall.underwriting import AnswerKind, Explanation, Questionnaire, Submission

T = TypeVar("T")
DAY = timedelta(days=1)
PANEL = (Line("shouan", Fraction(3, 5)), Line("zhongliu", Fraction(2, 5)))
SAID = {"P02": "20"}
"""Twenty members of a park; every other question is answered by its kind."""
KINDS = {AnswerKind.YES_NO: "yes", AnswerKind.SHARE: "1", AnswerKind.COUNT: "0", AnswerKind.MONEY: "800000000"}
FIRMS: Mapping[str, tuple[str, int]] = {
    "enterprise-cyber": ("manufacturing", 240_000_000),
    "enterprise-cyber-ecommerce": ("retail", 240_000_000),
    "enterprise-cyber-hospital": ("healthcare", 240_000_000),
    "enterprise-cyber-manufacturing": ("manufacturing", 240_000_000),
    "enterprise-cyber-patched-in-time": ("manufacturing", 240_000_000),
    "inclusive-sme": ("retail", 4_000_000),
    "park-master": ("average", 8_000_000),
    "product-service": ("information", 60_000_000),
}
"""Industry and yuan of revenue of whoever applies for each product."""


@dataclass(frozen=True, slots=True)
class Sold:
    """What one version has come to."""

    submission: Submission
    quote: QuoteFile
    policy: PolicyFile
    claim: ClaimFile


class Sale:
    """One version, sold to one applicant; every step is a write of its own."""

    def __init__(self, front: Front, people: Mapping[str, Speaker], catalogue: Catalogue, name: str) -> None:
        self.front, self.people, self.name = front, people, name
        self.sold = catalogue.sale[name]
        self.applied_at = datetime.fromisoformat(f"{max(self.sold.first.isoformat(), '2026-01-01')}T10:00:00+08:00")
        self.number = ""

    def run(self) -> Sold:
        submission = self.apply()
        quote = self.quote()
        self.explain()
        policy = self.bind(quote)
        return Sold(submission, quote, policy, self.claim())

    def apply(self) -> Submission:
        code = self.sold.product.code
        industry, revenue = FIRMS[code]
        firm = Organisation(
            Words("投保单位", "Applicant"), "", industry, "CN-ZJ", 60, 80, revenue * 100, Fraction(3, 10), 2_000
        )
        answers = tuple(answers_to(self.sold.questionnaire, self.applied_at))
        wish = Application(firm, code, "shouan", "tongzhou", answers, self.sold.product.version)
        found = self._perform(
            "insured", "apply_for_cover", Submission, lambda o: apply_for_cover(o, wish, at=self.applied_at)
        )
        self.number = found.number
        return found

    def quote(self) -> QuoteFile:
        start = self.applied_at + 20 * DAY
        wish = QuoteWish({}, Term(start, start + 365 * DAY), PANEL, "head_office")
        at = self.applied_at + DAY
        return self._perform(
            "underwriter", "quote_risk", QuoteFile, self._on(lambda o, i: quote_risk(o, i, wish, at=at))
        )

    def explain(self) -> None:
        shown, at = self.applied_at + 2 * DAY, self.applied_at + 3 * DAY

        def work(office: Office, object_id: UUID) -> tuple[Explanation, ...] | Refusal:
            clauses = tuple(clause.number for clause in explanations(applied_product(office, object_id)))
            return confirm_explanation(office, object_id, clauses, by="applicant", shown_at=shown, at=at)

        self._perform("insured", "confirm_explanation", tuple[Explanation, ...], self._on(work))

    def bind(self, quote: QuoteFile) -> PolicyFile:
        paid, at = self.applied_at + 4 * DAY, self.applied_at + 5 * DAY
        receipt = Receipt(quote.priced.insured_part_minor, paid, "shouan")
        self._perform(
            "underwriter", "record_receipt", Receipt, self._on(lambda o, i: record_receipt(o, i, quote.number, receipt))
        )
        wish = BindWish(quote.number, "fengtai", f"B-{quote.number}", {}, 50_000_000, Fraction(1, 2), Fraction(1, 50))
        return self._perform(
            "underwriter", "bind_policy", PolicyFile, self._on(lambda o, i: bind_policy(o, i, wish, at=at))
        )

    def claim(self) -> ClaimFile:
        at = self.applied_at + 60 * DAY
        report = IncidentReport(IncidentClass.NETWORK_ATTACK, OperatorKind.OTHER, at - DAY, at - DAY, {})
        self._perform(
            "insured", "report_incident", Incident, self._on(lambda o, i: report_incident(o, i, report, at=at))
        )
        by = By("claims handler", at + DAY)

        def work(office: Office, object_id: UUID) -> ClaimFile | Refusal:
            event = self._paid_event(office, object_id)
            return open_claim(office, object_id, event, by, notified_at=at)

        opened = self._perform("claims", "handle_claim", ClaimFile, self._on(work))
        number = opened.claim.number
        self._perform(
            "claims",
            "handle_claim",
            ClaimFile,
            self._on(lambda o, i: take_documents(o, i, number, ("claim form",), by)),
            "documents",
        )
        then = By("claims handler", at + 2 * DAY)
        return self._perform(
            "claims", "handle_claim", ClaimFile, self._on(lambda o, i: decide_claim(o, i, number, then)), "decide"
        )

    def _paid_event(self, office: Office, object_id: UUID) -> LossEvent:
        """A worked example of the version that its own policy pays."""
        for example in self.sold.product.examples:
            outcome = assess(office, object_id, example.event)
            if isinstance(outcome, Outcome) and outcome.payable.low == outcome.payable.high > 0:
                return example.event
        raise AssertionError(f"{self.name}: no worked example is paid in the policy's period")

    def _on(self, work: Callable[[Office, UUID], T | Refusal]) -> Callable[[Office], T | Refusal]:
        def at_work(office: Office) -> T | Refusal:
            object_id = office.objects.by_number(self.number)
            assert object_id is not None
            return work(office, object_id)

        return at_work

    def _perform(
        self, person: str, action: str, answer: type[T], work: Callable[[Office], T | Refusal], step: str = ""
    ) -> T:
        key = f"sale:{self.name}:{action}:{step}"
        found = self.front.perform(Request(self.people[person], action, key, None, self.number), answer, work)
        assert not isinstance(found, Refusal), (self.name, found)
        return found


def answers_to(asked: Questionnaire, at: datetime) -> list[Answer]:
    """Every question answered in the form that it asks for."""
    found = []
    for question in asked.questions:
        value = SAID.get(question.id) or (question.codes[0] if question.codes else KINDS[question.kind])
        found.append(Answer(question.id, question.version, value, "", "", "", at))
    return found
