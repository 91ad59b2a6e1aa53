"""From the application to the bound policy."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from ringwall.basics import Language, Refusal, Words
from ringwall.desk.evidence.put_on_record import record_scan
from ringwall.desk.exposure.put_on_record import declare_assets, give_consent, record_proof
from ringwall.desk.life.year import APPLICATION_KEY, Figure, Figures, Step, Year, money
from ringwall.desk.office import Office
from ringwall.desk.policy.bind_policy import BindWish, bind_policy
from ringwall.desk.policy.print_schedule import PrintedSchedule, file_schedule, schedule_of
from ringwall.desk.policy.record_receipt import record_receipt
from ringwall.desk.price.quote_risk import QuoteWish, quote_risk
from ringwall.desk.records import PolicyFile, QuoteFile, ScanFile
from ringwall.desk.underwriting.apply_for_cover import Application, apply_for_cover
from ringwall.desk.underwriting.confirm_explanation import applied_product, confirm_explanation
from ringwall.exposure import Asset, AssetKind, Challenge, ConsentEntry, ControlProof, ProofMethod, issue_challenge
from ringwall.policy import Receipt
from ringwall.price import Fix
from ringwall.product import explanations
from ringwall.settlement import SequenceKind
from ringwall.underwriting import Explanation, Submission


def apply(year: Year) -> Figures:
    """The SME applies; what it hands in with each answer is stored under its hash."""
    case = year.case
    application = Application(case.organisation, case.product, case.lead, case.broker, case.answers)
    at = case.at["applied_at"]
    key = APPLICATION_KEY.removeprefix("life:")
    submission = year.write(
        "insured", "apply_for_cover", key, Submission, lambda office: apply_for_cover(office, application, at=at)
    )

    def hand_in(office: Office, object_id: UUID) -> int:
        for question, text in case.evidence.items():
            office.files.put(object_id, f"{question}.txt", "text/plain", text.encode())
        declare_assets(office, object_id, case.assets, at=at)
        return len(case.evidence)

    proved = year.do("insured", "apply_for_cover", "evidence", int, hand_in)
    return (
        Figure(Words("投保单", "Application"), submission.number),
        Figure(Words("答复（附证据）", "Answers (with evidence)"), f"{len(case.answers)} ({proved})"),
    )


@dataclass(frozen=True, slots=True)
class ProofsSeen:
    """How many looks for a token there were, and how many found it."""

    looks: int
    proved: int


def prove_and_consent(year: Year) -> Figures:
    """The consent is signed and sealed; control is proved by a TXT record of the domain and a token on the website."""
    case = year.case
    year.do(
        "insured",
        "give_consent",
        "consent",
        ConsentEntry,
        lambda office, object_id: give_consent(office, object_id, case.consent, at=case.consent.signed_at),
    )
    seen = year.recall("insured", "proofs", ProofsSeen) or _prove(year)
    proved = Figure(Words("控制权证明", "Proofs of control"), f"{seen.proved} / {seen.looks}")
    return (Figure(Words("授权书", "Consent"), str(case.consent.text_version)), proved)


def _prove(year: Year) -> ProofsSeen:
    by_method = ((AssetKind.DOMAIN, ProofMethod.DNS_TXT), (AssetKind.HOST, ProofMethod.HTTP_TOKEN))
    challenges = [_challenge(year, kind, method) for kind, method in by_method]
    looks = year.world.prove(challenges, year.case.consent, "binding")

    def keep(office: Office, object_id: UUID) -> ProofsSeen | Refusal:
        for look in looks:
            if isinstance(look, Refusal):
                return look
            record_proof(office, object_id, look)
        return ProofsSeen(len(looks), sum(look.proved for look in looks if isinstance(look, ControlProof)))

    return year.do("insured", "prove_control", "proofs", ProofsSeen, keep)


def _challenge(year: Year, kind: AssetKind, method: ProofMethod) -> Challenge:
    asset = next(each for each in year.case.assets if each.kind is kind and method_fits(each, method))
    nonce = f"{year.number}:{asset.name}"
    return issue_challenge(year.world.server_key(), year.number, asset.name, method, nonce, year.case.at["proved_at"])


def method_fits(asset: Asset, method: ProofMethod) -> bool:
    """A token is served by a website; a TXT record of the domain covers the hosts below it."""
    return method is ProofMethod.DNS_TXT or asset.purpose == "website"


def scan_before_binding(year: Year) -> Figures:
    scan = scan_once(year, "scan-binding", "binding", "scanned_at")
    named = [finding for finding in scan.findings if finding.cve]
    exploited = sum(finding.known_exploited is True for finding in named)
    scored = sum(finding.epss is not None for finding in named)
    return (
        Figure(Words("承保前发现项", "Findings before binding"), findings_in_words(scan)),
        Figure(Words("CVE / KEV / EPSS", "With a CVE / in KEV / with EPSS"), f"{len(named)} / {exploited} / {scored}"),
    )


def scan_once(year: Year, key: str, stage: str, at_name: str) -> ScanFile:
    """The assets in one stage of the story, looked at once: a second run takes what the first one put on record."""
    known = year.recall("insured", key, ScanFile)
    if known is not None:
        return known
    case, at = year.case, year.case.at[at_name]
    proofs = year.read("insured", lambda office, obj: tuple(row.record for row in office.proofs.of_object(obj)))
    result = year.world.scan(case.assets, case.consent, proofs, stage, at)
    return year.do(
        "insured",
        "scan_assets",
        key,
        ScanFile,
        lambda office, object_id: record_scan(office, object_id, result, purpose=stage),
    )


def findings_in_words(scan: ScanFile) -> str:
    still_open = sorted((f for f in scan.findings if f.is_open), key=lambda f: (-f.severity, f.check, f.locator))
    return ", ".join(f"{finding.check}@{finding.locator}" for finding in still_open) or "–"


def quote(year: Year) -> Figures:
    case, at = year.case, year.case.at["quoted_at"]
    wish = QuoteWish(case.choices, case.period, case.panel, case.level)
    quoted = year.do(
        "underwriter", "quote_risk", "quote", QuoteFile, lambda office, obj: quote_risk(office, obj, wish, at=at)
    )
    priced = quoted.priced
    saving = [fix for fix in quoted.fixes if fix.effect_minor]
    return (
        Figure(Words("报价", "Quote"), f"{quoted.number} · {quoted.decision.route.value}"),
        Figure(Words("年预期事故次数", "Claims expected in a year"), f"{sum(priced.frequency.values()):.4f}"),
        *(Figure(step.label, money(step.amount_minor)) for step in priced.waterfall.steps if step.amount_minor),
        Figure(Words("技术保费（净）", "Technical premium (net)"), money(priced.technical_net_minor)),
        Figure(Words("费率因子", "Rate factor"), str(priced.rate_factor)),
        Figure(Words("净保费", "Net premium"), money(priced.net_minor)),
        Figure(Words("含税保费", "Premium with VAT"), money(priced.gross_minor)),
        *(Figure(_fixed(fix), money(fix.effect_minor or 0)) for fix in saving[:5]),
    )


def _fixed(fix: Fix) -> Words:
    return Words(f"整改「{fix.label.zh}」", f"Fix “{fix.label.en}”")


def explain(year: Year) -> Figures:
    """Every clause that takes something away is shown and confirmed (R-05)."""
    case = year.case
    shown_at, at = case.at["shown_at"], case.at["confirmed_at"]

    def confirm(office: Office, object_id: UUID) -> tuple[Explanation, ...] | Refusal:
        clauses = tuple(clause.number for clause in explanations(applied_product(office, object_id)))
        return confirm_explanation(office, object_id, clauses, by=case.confirmed_by, shown_at=shown_at, at=at)

    confirmed = year.do("insured", "confirm_explanation", "explain", tuple[Explanation, ...], confirm)
    names = ", ".join(each.clause for each in confirmed)
    return (Figure(Words("已说明并确认的条款", "Clauses explained and confirmed"), names),)


def bind(year: Year) -> Figures:
    """The premium is received by the lead itself, then the policy is bound under its panel."""
    case, quoted = year.case, year.recalled("underwriter", "life:quote", QuoteFile)
    receipt = Receipt(quoted.priced.insured_part_minor, case.at["premium_paid_at"], case.lead)
    year.do(
        "underwriter",
        "record_receipt",
        "receipt",
        Receipt,
        lambda office, obj: record_receipt(office, obj, quoted.number, receipt),
    )
    wish = BindWish(
        quote=quoted.number,
        provider=case.provider,
        invoice=case.invoice,
        services=case.services,
        lead_authority_minor=case.lead_authority_minor,
        vote_above=case.vote_above,
        lead_fee=case.lead_fee,
        services_shared=case.services_shared,
    )
    at = case.at["bound_at"]
    file = year.do(
        "underwriter", "bind_policy", "bind", PolicyFile, lambda office, obj: bind_policy(office, obj, wish, at=at)
    )
    parts = year.read("underwriter", lambda office, obj: office.panel_chain.log(obj))
    premium = next(p for p in parts if p.event.kind.sequence is SequenceKind.PREMIUM)
    return (
        Figure(Words("保险单", "Policy"), file.policy.number),
        *(Figure(Words(f"净保费份额 {name}", f"Net premium of {name}"), money(part)) for name, part in premium.parts),
        *_documents(year, file),
    )


def _documents(year: Year, file: PolicyFile) -> Figures:
    """The schedule in both languages, printed once and filed under its hash."""
    printed = year.recall("underwriter", "schedule", PrintedSchedule)
    if printed is None:
        document = year.read("underwriter", lambda office, obj: schedule_of(office, obj))
        pages: dict[Language, bytes] = {"zh": b"", "en": b""}
        for language in pages:
            pages[language] = year.world.print_schedule(document, language)
        printed = year.do(
            "underwriter",
            "bind_policy",
            "schedule",
            PrintedSchedule,
            lambda office, obj: file_schedule(office, obj, document, pages),
        )
    assert printed.policy == file.policy.number, "the schedule is of the policy that was bound"
    return (Figure(Words("保单明细表验证码", "Verification code of the schedule"), printed.verification_code),)


STEPS = (
    Step("apply", Words("投保：问卷与证据", "Application: answers with evidence"), apply),
    Step("consent", Words("授权与控制权证明", "Consent and proof of control"), prove_and_consent),
    Step("scan", Words("承保前扫描", "Scan before binding"), scan_before_binding),
    Step("quote", Words("定价与报价", "Price and quote"), quote),
    Step("explain", Words("免责条款说明与确认", "Exclusions explained and confirmed"), explain),
    Step("bind", Words("收费、出单、共保分摊", "Premium received, policy bound, panel split"), bind),
)
