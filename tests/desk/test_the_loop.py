"""From a newly exploited weakness to a claim: who mends it in time pays less and keeps less, its twin more of both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from tests.catalogue.shelf import endorsement_report
from tests.desk.every_family import DAY, Sale
from tests.shell.web.conftest import Portal

from ringwall.basics import Refusal, round_fraction, yuan
from ringwall.claim import IncreaseRuling, outstanding_minor
from ringwall.desk.catalogue import Catalogue
from ringwall.desk.claim.handle_claim import By, decide_claim, open_claim, take_documents
from ringwall.desk.claim.increases_seen import IncreasesSeen, increases_seen
from ringwall.desk.claim.judge_increase import judge_increase
from ringwall.desk.doors import Speaker
from ringwall.desk.evidence.put_on_record import record_scan
from ringwall.desk.evidence.say_of_finding import decide_on_dispute, say_of_finding
from ringwall.desk.exposure.put_on_record import give_consent
from ringwall.desk.front import Request
from ringwall.desk.incident.report_incident import IncidentReport, report_incident
from ringwall.desk.intelligence.tell_of_exploited import tell_of_exploited
from ringwall.desk.message.open_message import open_message
from ringwall.desk.monitoring.take_next_step import StepDone, take_next_step
from ringwall.desk.monitoring.tell_of_increase import tell_of_increase
from ringwall.desk.monitoring.watch_policy import (
    NOTICE,
    PREMIUM_CHANGE,
    Rerating,
    endorse_for_risk,
    record_delivery,
    send_notices,
)
from ringwall.desk.office import Office
from ringwall.desk.records import ClaimFile, PolicyFile, QuoteFile, ScanFile
from ringwall.evidence import (
    Attempt,
    KnownExploited,
    Observation,
    ScanResult,
    Severity,
    Statement,
    StatementKind,
    Touched,
)
from ringwall.evidence import Outcome as Looked
from ringwall.exposure import ConsentEntry
from ringwall.incident import Incident, IncidentClass, OperatorKind
from ringwall.monitoring import Message, NextStep, NextStepTaken, Notice, NotNotable, Promptness, RiskTold
from ringwall.policy import InvoiceKind, VersionKind, cut_at
from ringwall.product import FilingStatus, clauses_at_work
from ringwall.shell.jobs.queue import drain
from ringwall.terms import LossEvent, LossItem, Outcome
from ringwall.wiring.house import House, furnish
from ringwall.wiring.people import enrol_everybody, shipped_case

T = TypeVar("T")
NAME = "enterprise-cyber-patched-in-time/2026-07"
ASSET, REDIS, RDP = "db.jiangkou.test", "db.jiangkou.test:6379", "db.jiangkou.test:3389"
CVE = "CVE-2025-49844"
LISTED = date(2026, 8, 10)
ENTRY = KnownExploited(CVE, "Redis", "Redis", LISTED, True, None)
TERM_DAYS = 14
NOON = datetime.fromisoformat("2026-08-01T12:00:00+08:00")


def on(day: int) -> datetime:
    """Noon of a day of August 2026, counted on into September."""
    return NOON + timedelta(days=day - 1)


def as_if_filed(catalogue: Catalogue) -> Catalogue:
    """The shipped catalogue, with the draft endorsement as it would stand once filed, at its base's rates."""
    draft = endorsement_report("patched-in-time").product
    assert draft is not None
    product = replace(draft, filing=replace(draft.filing, status=FilingStatus.ACTIVE, number="test"))
    base = catalogue.sale["enterprise-cyber/2026-07"]
    sold = replace(base, product=product, rates=replace(base.rates, product=product.code))
    known = {**catalogue.intelligence.known_exploited, CVE: ENTRY}
    return replace(
        catalogue,
        versions={**catalogue.versions, NAME: product},
        sale={**catalogue.sale, NAME: sold},
        filed={**catalogue.filed, NAME: product.sha256},
        intelligence=replace(catalogue.intelligence, known_exploited=known),
    )


def look(at: datetime, *open_at: str, version: str) -> ScanResult:
    """A look at the database host: what is open on it, and what Redis says it is."""
    observations = [
        Observation(
            PROBES[place], ASSET, place, SAYS[place], at, "cd" * 32, f"redis {version}" if place == REDIS else ""
        )
        for place in open_at
    ]
    if REDIS not in open_at:
        observations.append(Observation("redis", ASSET, REDIS, "closed", at, "ef" * 32, f"redis {version}"))
    attempts = tuple(Attempt(probe, ASSET, place, Looked.COMPLETED) for place, probe in PROBES.items())
    return ScanResult(at, tuple(observations), (), attempts)


PROBES = {REDIS: "redis", RDP: "rdp"}
LANGUAGES = ("zh", "en")
SAYS = {REDIS: "open", RDP: "nla_not_required"}
OLD, MENDED = "7.2.4", "7.2.11"


@dataclass
class Twin:
    """One insured with the policy, from the application on; every act goes through the front."""

    house: House
    people: Mapping[str, Speaker]
    sale: Sale
    acts: int = 0

    def do(self, person: str, action: str, answer: type[T], work: Callable[[Office, UUID], T | Refusal]) -> T:
        found = self.ask_for(person, action, answer, work)
        assert not isinstance(found, Refusal), found
        return found

    def ask_for(
        self, person: str, action: str, answer: type[T], work: Callable[[Office, UUID], T | Refusal]
    ) -> T | Refusal:
        self.acts += 1

        def at_work(office: Office) -> T | Refusal:
            object_id = office.objects.by_number(self.sale.number)
            assert object_id is not None
            return work(office, object_id)

        request = Request(self.people[person], action, f"loop:{self.acts}", None, self.sale.number)
        return self.house.front.perform(request, answer, at_work)

    def scan(self, at: datetime, *open_at: str, version: str) -> ScanFile:
        seen = look(at, *open_at, version=version)
        return self.do("insured", "scan_assets", ScanFile, lambda o, i: record_scan(o, i, seen, purpose="loop"))

    def bind(self, *open_at: str) -> PolicyFile:
        consent = shipped_case().consent
        self.sale.apply()
        self.do("insured", "give_consent", ConsentEntry, lambda o, i: give_consent(o, i, consent, at=on(-30)))
        self.scan(self.sale.applied_at, *open_at, version=OLD)
        quote: QuoteFile = self.sale.quote()
        self.sale.explain()
        return self.sale.bind(quote)

    def suggest(self, at: datetime, *findings: str) -> tuple[Notice, ...]:
        """Sent, and opened by the insured an hour later."""
        sent = self.do(
            "underwriter",
            "send_notice",
            tuple[Notice, ...],
            lambda o, i: send_notices(o, i, term_days=TERM_DAYS, at=at, findings=findings),
        )
        opened_at = at + timedelta(hours=1)

        def open_all(office: Office, _: UUID) -> tuple[Message, ...] | Refusal:
            waiting = [m for m in office.post.inbox() if m.topic == NOTICE and m.read_at is None]
            opened = [open_message(office, each.id, by="insured", at=opened_at) for each in waiting]
            return next((each for each in opened if isinstance(each, Refusal)), tuple(opened))  # type: ignore[arg-type]

        opened = self.do("insured", "open_message", tuple[Message, ...], open_all)
        assert len(opened) == (1 if sent else 0), "everything with one term goes out in one letter"
        delivered = self.do(
            "underwriter", "send_notice", tuple[Notice, ...], lambda o, i: record_delivery(o, i, at=opened_at)
        )
        assert {notice.delivered_at for notice in delivered} == {opened_at}
        return delivered

    def rerate(self, at: datetime) -> Rerating:
        return self.do(
            "underwriter", "endorse_for_risk", Rerating, lambda o, i: endorse_for_risk(o, i, requested_at=at, at=at)
        )

    def step(self, notice: Notice, step: NextStep, at: datetime) -> StepDone | Refusal:
        taken = NextStepTaken(step, "underwriter", at, "no answer")
        return self.ask_for(
            "underwriter", "take_next_step", StepDone, lambda o, i: take_next_step(o, i, notice.number, taken)
        )

    def claim(self, at: datetime) -> ClaimFile:
        report = IncidentReport(IncidentClass.NETWORK_ATTACK, OperatorKind.OTHER, at, at, {})
        self.do("insured", "report_incident", Incident, lambda o, i: report_incident(o, i, report, at=at))
        items = (
            LossItem("containment", "INRE", 10_000_000, {"kind": "containment", "prior_consent": True}),
            LossItem("data", "DIAS", 25_000_000, {"kind": "data_restoration"}),
        )
        event = LossEvent("attack", {"discovered_at": at, "war": False, "state_operation": False}, items)
        by = By("claims handler", at + DAY)
        opened = self.do("claims", "handle_claim", ClaimFile, lambda o, i: open_claim(o, i, event, by, notified_at=at))
        number = opened.claim.number
        self.do("claims", "handle_claim", ClaimFile, lambda o, i: take_documents(o, i, number, ("claim form",), by))
        return self.do("claims", "handle_claim", ClaimFile, lambda o, i: decide_claim(o, i, number, by))

    def page(self, path: str, now: datetime) -> tuple[str, str]:
        """A page as the lead's underwriter sees it, in both languages."""
        portal = Portal(self.house, now)
        found = [
            portal.of("shouan").get(path, params={"lang": language}, follow_redirects=True) for language in LANGUAGES
        ]
        assert [answer.status_code for answer in found] == [200, 200], found[0].text[:500]
        return found[0].text, found[1].text

    def policy_page(self, now: datetime) -> tuple[str, str]:
        return self.page(f"/policy/{self.policy().policy.number}", now)

    def policy(self) -> PolicyFile:
        return self.house.front.ask(
            self.people["underwriter"],
            lambda o: o.policies.of_object(o.objects.by_number(self.sale.number))[-1].record,  # type: ignore[arg-type]
        )


@pytest.fixture
def bound(database: Any, catalogue: Catalogue, tmp_path: Path) -> Iterator[Callable[..., Twin]]:
    """`bound(place, ...)`: from 21 July, with what is open then; Redis is old, and listed as exploited on 10 August."""
    whole = as_if_filed(catalogue)
    with furnish(tmp_path / "home", database, whole) as house:
        people = enrol_everybody(house, shipped_case())

        def bind(*open_at: str) -> Twin:
            one = Twin(house, people, Sale(house.front, people, whole, NAME))
            one.bind(*open_at)
            told = one.do("underwriter", "send_notice", tuple[Touched, ...], lambda o, _: tell(o))
            assert [each.policy for each in told] == [one.policy().policy.number]
            return one

        def tell(office: Office) -> tuple[Touched, ...]:
            return tell_of_exploited(office, ENTRY, at=on(10))

        yield bind


def suggested(twin: Twin, *open_at: str) -> tuple[Notice, ...]:
    """A look after the listing, and one letter on everything open: the exploited version, and a store without a
    password."""
    seen = twin.scan(on(11), *open_at, version=OLD)
    named = [finding.uid for finding in seen.findings if finding.is_open]
    exploited = [finding for finding in seen.findings if finding.known_exploited]
    assert [finding.cve for finding in exploited] == [CVE]
    assert len(named) == 1 + len(open_at)
    notices = twin.suggest(on(12), *sorted(named, key=lambda uid: uid != exploited[0].uid))
    assert {notice.told_by for notice in notices} == {notices[0].number}
    return notices


def test_mended_in_time_the_premium_falls_the_same_day_and_a_claim_keeps_less(
    bound: Callable[..., Twin],
) -> None:
    twin = bound(REDIS)
    notices = suggested(twin, REDIS)
    before = twin.policy().policy.newest.content.premium
    twin.scan(on(20), version=MENDED)
    rerated = twin.rerate(on(20) + timedelta(hours=1))
    endorsement = rerated.endorsement
    assert endorsement is not None
    assert endorsement.invoice.kind is InvoiceKind.RED_LETTER
    assert endorsement.effective_at == datetime.fromisoformat("2026-08-21T00:00:00+08:00")
    after = twin.policy().policy.newest.content.premium
    exact = Fraction((after.annual_net_minor - before.annual_net_minor) * endorsement.days.left, 365)
    assert after.premium.net_minor - before.premium.net_minor == round_fraction(exact) < 0

    claim = twin.claim(on(32))
    outcome = claim.claim.outcome
    assert outcome is not None
    assert (outcome.payable.low, outcome.payable.high) == (32_500_000, 32_500_000)
    assert {part.part: part.payable.low for part in outcome.parts} == {"INRE": 9_500_000, "DIAS": 23_000_000}
    assert {"31.1", "31.2"} <= clauses_at_work(outcome)
    assert claim.behaviour is not None
    (kept,) = claim.behaviour.suggestions
    assert kept.notice in {notice.number for notice in notices}
    assert (kept.delivered_at, kept.fixed_at, kept.standing) == (
        on(12) + timedelta(hours=1),
        on(20),
        Promptness.IN_TIME,
    )
    assert outstanding_minor(claim.claim) == 32_500_000


def test_not_mended_a_person_raises_the_premium_and_a_claim_keeps_more(
    bound: Callable[..., Twin],
) -> None:
    twin = bound()
    notices = suggested(twin)
    late = twin.step(notices[0], NextStep.RAISE_PREMIUM, on(20))
    assert isinstance(late, Refusal)
    assert late.code == "next_step_not_offered", "its term still runs"
    zh, en = twin.page("/alerts", on(27))
    assert "期限届满后尚无检测：请安排复测" in zh
    assert "Nobody has looked since its term passed: have it re-tested" in en
    twin.scan(on(28), REDIS, RDP, version=OLD)
    unfiled = twin.step(notices[0], NextStep.RAISE_PREMIUM, on(28) + timedelta(hours=1))
    assert isinstance(unfiled, Refusal)
    assert unfiled.code == "notice_missing", "no letter has told of what is new"
    zh, en = twin.page("/alerts", on(28) + timedelta(hours=1))
    assert "由核保人决定要求增加保险费或者解除合同" in zh
    assert f'href="/policy/{notices[0].policy}#{notices[0].number}"' in en
    zh, en = twin.policy_page(on(28) + timedelta(hours=1))
    assert "核保人可选择（保险法第五十一条）：" in zh
    assert "增加保险费" in zh
    assert "An underwriter may now choose (Insurance Law 51):" in en
    twin.suggest(on(29))
    before = twin.policy().policy.newest.content.premium
    done = twin.step(notices[0], NextStep.RAISE_PREMIUM, on(30))
    assert isinstance(done, StepDone), done
    assert done.notice.taken is not None
    assert done.rerating is not None
    assert done.rerating.endorsement is not None
    assert done.rerating.endorsement.invoice.kind is InvoiceKind.BLUE
    assert twin.policy().policy.newest.content.premium.premium.net_minor > before.premium.net_minor
    zh, en = twin.policy_page(on(30) + timedelta(hours=1))
    assert "已选择：增加保险费，underwriter" in zh
    assert "Chosen: more premium, by underwriter" in en
    again = twin.step(notices[0], NextStep.END_CONTRACT, on(31))
    assert isinstance(again, Refusal), "one person has chosen"

    claim = twin.claim(on(32))
    outcome = claim.claim.outcome
    assert outcome is not None
    assert (outcome.payable.low, outcome.payable.high) == (28_000_000, 28_000_000)
    assert {"1.3", "2.4"} <= clauses_at_work(outcome)
    assert claim.behaviour is not None
    assert [kept.standing for kept in claim.behaviour.suggestions] == [Promptness.LATE]
    zh, en = twin.page(f"/claim/{claim.claim.number}", on(34))
    assert "未全部按期整改" in zh
    assert f"Suggestion {notices[0].number} (delivered 2026-08-12)" in en

    twin.scan(on(33), version=MENDED)
    lower = twin.rerate(on(33) + timedelta(hours=1)).endorsement
    assert lower is not None
    assert lower.invoice.kind is InvoiceKind.RED_LETTER, "what came since binding and was mended goes back as well"


HTMX = {"HX-Request": "true"}


def test_the_portal_shows_what_a_step_costs_before_it_is_taken_and_then_takes_it(bound: Callable[..., Twin]) -> None:
    twin = bound()
    notices = suggested(twin)
    twin.scan(on(28), REDIS, RDP, version=OLD)
    twin.suggest(on(29))
    number, notice = twin.policy().policy.number, notices[0].number
    path = f"/policy/{number}/notices/{notice}"
    portal = Portal(twin.house, on(30))
    client = portal.of("shouan")
    assert f'action="{path}"' in client.get(f"/policy/{number}").text
    for person in ("jiangkou", "shouan.claims", "zhongliu"):
        assert f'action="{path}"' not in portal.of(person).get(f"/policy/{number}").text
        assert portal.of(person).post(f"{path}/try", data={"step": "leave"}, headers=HTMX).status_code == 404
        assert portal.of(person).post(path, data={"step": "leave", "because": "x", "key": "k"}).status_code == 404
    raised, ended, left = (
        client.post(f"{path}/try", data={"step": step}, headers=HTMX).text
        for step in ("raise_premium", "end_contract", "leave")
    )
    amount = re.search(r"<dd>\+(¥ [\d,.]+)</dd>", raised)
    assert amount is not None
    assert re.search(r"<dd>−¥ [\d,.]+</dd>", ended)
    assert "stay as they are" in left
    assert twin.policy().policy.newest.kind is VersionKind.ISSUED, "nothing is kept of a preview"
    form = {"step": "raise_premium", "because": "no answer to two letters", "key": "k"}
    assert client.post(path, data=form).status_code == 303
    before, after = (each.content.premium.premium.gross_minor for each in twin.policy().policy.versions)
    assert amount[1] == f"¥ {yuan(after - before)}"
    text = client.get(f"/policy/{number}").text
    assert "no answer to two letters" in text
    assert f'action="{path}"' not in text
    assert client.post(f"{path}/try", data={"step": "leave"}, headers=HTMX).status_code == 422


def test_the_insured_tells_of_an_increase_on_the_page_of_its_policy(bound: Callable[..., Twin]) -> None:
    twin = bound()
    number, portal = twin.policy().policy.number, Portal(twin.house, on(13))
    path, form = f"/policy/{number}/increases", {"what": "a supplier works remotely", "since": "2026-08-12T09:00"}
    assert f'action="{path}"' in portal.of("jiangkou").get(f"/policy/{number}?lang=zh").text
    assert f'action="{path}"' not in portal.of("shouan").get(f"/policy/{number}").text
    assert portal.of("shouan").post(path, data={**form, "key": "s"}).status_code == 404
    for wrong in ({"what": " "}, {"since": "2026-08-14T09:00"}):
        assert portal.of("jiangkou").post(path, data={**form, "key": str(wrong), **wrong}).status_code == 422
    assert portal.of("jiangkou").post(path, data={**form, "key": "k"}).status_code == 303
    assert "a supplier works remotely" in portal.of("shouan").get(f"/policy/{number}").text


def upheld(twin: Twin, uid: str, at: datetime) -> None:
    """The insured disputes a finding, and the lead gives it right."""
    twin.do(
        "insured",
        "say_of_finding",
        Statement,
        lambda o, i: say_of_finding(o, i, uid, StatementKind.DISPUTED, "a trap for intruders", by="insured", at=at),
    )
    twin.do(
        "underwriter",
        "decide_dispute",
        Statement,
        lambda o, i: decide_on_dispute(o, i, uid, StatementKind.UPHELD, "seen and agreed", by="lead", at=at),
    )


def priced_at_binding(twin: Twin) -> str:
    (finding,) = [each for each in twin.policy().rated_findings if each.may_price]
    return finding.uid


def changes_of(twin: Twin) -> list[Message]:
    """What the insured was told of its premium."""
    inbox = twin.house.front.ask(twin.people["insured"], lambda office: office.post.inbox())
    return [each for each in inbox if each.topic == PREMIUM_CHANGE]


def test_what_a_finding_cost_goes_back_from_the_day_after_its_dispute_is_upheld_without_a_look(
    bound: Callable[..., Twin],
) -> None:
    twin = bound(REDIS)
    before = twin.policy().policy.newest.content.premium
    upheld(twin, priced_at_binding(twin), on(17))
    newest = twin.policy().policy.newest
    assert (newest.kind, newest.known_at) == (VersionKind.ENDORSED, on(17))
    assert newest.effective_at == datetime.fromisoformat("2026-08-18T00:00:00+08:00")
    after = newest.content.premium
    days = cut_at(newest.content.period, newest.effective_at)
    exact = Fraction((after.annual_net_minor - before.annual_net_minor) * days.left, days.whole)
    assert after.rate_factor < before.rate_factor
    assert after.premium.net_minor - before.premium.net_minor == round_fraction(exact) < 0
    drain(twin.house.queue)
    (told,) = changes_of(twin)
    assert "premium returned" in told.text.en
    assert "退还保险费" in told.text.zh
    again = twin.rerate(on(18))
    assert (again.endorsement, again.not_notable) == (None, NotNotable(Fraction(0))), "it goes back once"


def test_what_was_raised_for_a_finding_that_came_later_goes_back_as_well(bound: Callable[..., Twin]) -> None:
    twin = bound()
    came = [each for each in twin.scan(on(15), REDIS, version=OLD).findings if each.may_price]
    (finding,) = came
    twin.suggest(on(16))
    at_binding = twin.policy().policy.newest.content.premium.rate_factor
    raised = twin.rerate(on(18)).endorsement
    assert raised is not None
    assert raised.after.factor > at_binding
    upheld(twin, finding.uid, on(20))
    assert twin.policy().policy.newest.content.premium.rate_factor == at_binding


def test_a_dispute_of_what_no_rate_rests_on_moves_no_premium_and_none_is_ever_raised_by_it(
    bound: Callable[..., Twin],
) -> None:
    twin = bound(REDIS)
    seen = twin.scan(on(15), REDIS, RDP, version=OLD)
    inferred = next(each for each in seen.findings if each.cve == CVE)
    upheld(twin, inferred.uid, on(16))
    assert len(twin.policy().policy.versions) == 1, "a version that a service names never moves a price"
    before = twin.policy().policy.newest.content.premium
    upheld(twin, priced_at_binding(twin), on(17))
    assert twin.policy().policy.newest.content.premium.premium.net_minor <= before.premium.net_minor


def test_an_upheld_dispute_leaves_no_drift_no_notice_and_no_increase(bound: Callable[..., Twin]) -> None:
    twin = bound()
    came = [f for f in twin.scan(on(15), REDIS, RDP, version=OLD).findings if f.is_open and f.severity > Severity.INFO]
    assert len(came) >= 2
    (told,) = twin.suggest(on(16), came[0].uid)
    for finding in came:
        upheld(twin, finding.uid, on(17))
    twin.scan(on(31), REDIS, RDP, version=OLD)

    def send(*findings: str) -> tuple[Notice, ...] | Refusal:
        def work(office: Office, object_id: UUID) -> tuple[Notice, ...] | Refusal:
            return send_notices(office, object_id, term_days=TERM_DAYS, at=on(32), findings=findings)

        return twin.ask_for("underwriter", "send_notice", tuple[Notice, ...], work)

    assert send() == (), "nothing is new or worse"
    named = send(came[1].uid)
    assert isinstance(named, Refusal)
    assert named.code == "finding_closed"
    rerated = twin.rerate(on(32))
    assert (rerated.drifts, rerated.endorsement) == ((), None)
    step = twin.step(told, NextStep.END_CONTRACT, on(32))
    assert isinstance(step, Refusal)
    assert "a dispute was upheld" in step.message.en
    zh, en = twin.policy_page(on(32))
    assert "异议成立，已撤回" in zh
    assert "dispute upheld, withdrawn" in en
    _, en = twin.page("/alerts", on(32))
    assert "since binding" not in en.split('class="tasks"')[-1]
    claim = twin.claim(on(33))

    def seen(office: Office) -> IncreasesSeen:
        object_id = office.objects.by_number(twin.sale.number)
        assert object_id is not None
        return increases_seen(office, object_id, claim, on(35))

    assert twin.house.front.ask(twin.people["claims"], seen).increases == ()
    assert claim.behaviour is not None
    assert claim.behaviour.suggestions == (), "nor does the suggestion on it count"


def ruled(twin: Twin, claim: ClaimFile, **points: Any) -> IncreaseRuling:
    """A ruling on the remote desktop that came in August, with the points against the insured unless told otherwise."""
    said = {"notable": True, "told": False, "insurer_bound": False, "caused": ("data",), **points}
    ruling = IncreaseRuling(
        what="remote desktop", since=on(14), findings=(), because="it was the way in", by="claims", at=on(34), **said
    )
    number = claim.claim.number
    twin.do("claims", "handle_claim", ClaimFile, lambda o, i: judge_increase(o, i, number, ruling))
    return ruling


def decided_anew(twin: Twin, claim: ClaimFile, day: int) -> Outcome:
    by = By("claims handler", on(day))
    found = twin.do("claims", "handle_claim", ClaimFile, lambda o, i: decide_claim(o, i, claim.claim.number, by))
    assert found.claim.outcome is not None
    return found.claim.outcome


def test_an_untold_increase_costs_only_the_loss_that_a_person_ruled_it_caused(bound: Callable[..., Twin]) -> None:
    twin = bound()
    twin.scan(on(15), REDIS, RDP, version=OLD)
    claim = twin.claim(on(32))
    before = claim.claim.outcome
    assert before is not None

    def seen(office: Office) -> IncreasesSeen:
        object_id = office.objects.by_number(twin.sale.number)
        assert object_id is not None
        return increases_seen(office, object_id, claim, on(34))

    facts = twin.house.front.ask(twin.people["claims"], seen)
    found = {each.finding.locator: each for each in facts.increases}
    assert {REDIS, RDP} <= set(found)
    assert (found[RDP].since, found[RDP].insurer_knew_at) == (on(15), on(15))
    assert not found[RDP].answered, "nobody wrote a suggestion"
    worse = [each for each in facts.increases if not each.is_new]
    assert all(each.insurer_knew_at >= facts.concluded_at for each in worse), "what was known before is not the growth"
    assert facts.told == ()
    assert decided_anew(twin, claim, 34) == before, "the records decide nothing"

    ruled(twin, claim)
    after = decided_anew(twin, claim, 35)
    alone = {part.part: part.payable.low for part in before.parts}["INRE"]
    assert (after.payable.low, after.factual_minor) == (alone, before.factual_minor)
    zh, en = twin.page(f"/claim/{claim.claim.number}", on(36))
    assert "不予赔付：data" in zh
    assert "The insurer knew of it and did nothing about it before the event" in en
    ruled(twin, claim, insurer_bound=True)
    assert decided_anew(twin, claim, 37) == before, "a later ruling takes the place of the first"


def test_a_person_may_end_the_contract_and_what_is_unearned_goes_back(
    bound: Callable[..., Twin],
) -> None:
    twin = bound(REDIS)
    notices = suggested(twin, REDIS)
    twin.scan(on(28), REDIS, version=OLD)
    before = twin.policy().policy.newest.content
    unfiled = twin.step(notices[1], NextStep.RAISE_PREMIUM, on(29))
    assert isinstance(unfiled, Refusal)
    assert unfiled.code == "no_filed_increase", "what was priced at binding is not priced twice"
    ended = twin.step(notices[0], NextStep.END_CONTRACT, on(29))
    assert isinstance(ended, StepDone), ended
    assert ended.ended is not None
    newest = twin.policy().policy.newest
    assert newest.kind is VersionKind.CANCELLED
    days = ended.ended.days
    unearned = round_fraction(Fraction(before.premium.annual_net_minor * days.left, days.whole))
    assert ended.ended.invoice.amount.net_minor == -unearned
    assert isinstance(twin.step(notices[1], NextStep.END_CONTRACT, on(30)), Refusal)
    assert isinstance(twin.step(notices[1], NextStep.LEAVE, on(30)), StepDone)


def test_what_the_insured_tells_itself_counts_from_that_day_without_a_notice(
    bound: Callable[..., Twin],
) -> None:
    twin = bound()
    told = twin.do(
        "insured",
        "tell_of_increase",
        RiskTold,
        lambda o, i: tell_of_increase(o, i, "remote desktop is open for a supplier", since=on(12), at=on(13)),
    )
    assert told.policy == twin.policy().policy.number
    twin.scan(on(15), REDIS, RDP, version=OLD)
    endorsement = twin.rerate(on(16)).endorsement
    assert endorsement is not None
    assert endorsement.invoice.kind is InvoiceKind.BLUE
    assert endorsement.effective_at == datetime.fromisoformat("2026-08-14T00:00:00+08:00")
    inbox = twin.house.front.ask(twin.people["underwriter"], lambda o: [m.topic for m in o.post.inbox()])
    assert "risk_told" in inbox
    zh, en = twin.policy_page(on(16))
    assert "被保险人告知的风险增加" in zh
    assert "remote desktop is open for a supplier" in en
