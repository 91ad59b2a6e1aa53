"""A risk to be priced as a file: the organisation, its answers, controls and findings, and the wished schedule."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Refusal, Words
from ringwall.evidence import (
    Answer,
    Contradiction,
    Control,
    ControlStanding,
    Finding,
    FindingStatus,
    Rules,
    Severity,
    Standing,
    contradictions,
    finding_uid,
    judge_controls,
)
from ringwall.exposure import Organisation, VendorDependency, VendorKind
from ringwall.shell.cli.fields import Fields
from ringwall.shell.cli.reading import Texts
from ringwall.shell.cli.refused import Refused, no, none_of
from ringwall.underwriting import Questionnaire, check_answers

NAMES = ("kind", "at", "product", "organisation", "answers", "controls", "findings", "schedule", "note")
ORGANISATION_NAMES = (
    "name",
    "credit_code",
    "industry",
    "region",
    "employees",
    "hosts",
    "revenue_minor",
    "gross_profit_rate",
    "records_held",
    "dependencies",
)
ANSWER_NAMES = ("question", "version", "value", "evidence", "evidence_sha256")
FINDING_NAMES = ("check", "asset", "locator")
STATED = Words("文件所述", "as the file states")
BLANK_IS_ALLOWED = "answer_missing"
"""A blank is unknown and gives no relief; a price on a file may be asked before every question is answered."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the file is read against."""

    questionnaire: Questionnaire
    controls: tuple[Control, ...]
    rules: Rules


@dataclass(frozen=True, slots=True)
class RiskFile:
    """One risk as of an instant, judged; `schedule` is still text, for the product to read."""

    at: datetime
    product: str
    organisation: Organisation
    standings: tuple[ControlStanding, ...]
    findings: tuple[Finding, ...]
    contradictions: tuple[Contradiction, ...]
    schedule: Mapping[str, str]


def read_risk(where: str, raw: Texts, shelf: Shelf, now: datetime, scan: tuple[str, Texts] | None = None) -> RiskFile:
    """The risk of a file; `scan` is a further file with the findings of a scan, which count as if they stood here."""
    fields = Fields.of(where, raw, NAMES)
    at = fields.instant("at", now)
    organisation = read_organisation(fields.below("organisation", ORGANISATION_NAMES))
    rows = (*fields.rows("findings", FINDING_NAMES), *(scan_rows(*scan) if scan else ()))
    read = [read_finding(row, shelf.rules, organisation.credit_code, at) for row in rows]
    findings = tuple({finding.uid: finding for finding in read}.values())
    answers = tuple(_answer(row, shelf.questionnaire, at) for row in fields.rows("answers", ANSWER_NAMES))
    _check(answers, shelf.questionnaire, where)
    judged = judge_controls(answers, findings, (), at, shelf.controls)
    return RiskFile(
        at,
        fields.text("product", ""),
        organisation,
        _stated(fields, judged, at),
        findings,
        contradictions(answers, findings, at, shelf.controls),
        fields.pairs("schedule"),
    )


def read_organisation(fields: Fields) -> Organisation:
    return Organisation(
        name=fields.words("name"),
        credit_code=fields.text("credit_code"),
        industry=fields.text("industry"),
        region=fields.text("region"),
        employees=fields.whole("employees"),
        hosts=fields.whole("hosts"),
        revenue_minor=fields.whole("revenue_minor"),
        gross_profit_rate=fields.share("gross_profit_rate"),
        records_held=fields.whole("records_held"),
        dependencies=tuple(
            VendorDependency(row.choice("kind", VendorKind), row.text("vendor"))
            for row in fields.rows("dependencies", ("kind", "vendor"))
        ),
    )


def read_finding(fields: Fields, rules: Rules, insured: str, at: datetime) -> Finding:
    """A finding by the check that it is of: its words, perils and factor are the rule's."""
    check = rules.check(fields.text("check"))
    if check is None:
        raise _unknown(fields, "check", [each.id for each in rules.checks])
    locator = fields.text("locator")
    asset = fields.text("asset", locator.rpartition(":")[0] or locator)
    evidence = hashlib.sha256(f"{check.id}\t{locator}".encode()).hexdigest()
    return Finding(
        finding_uid(insured, asset, check.id, locator),
        check.id,
        asset,
        locator,
        max(check.says.values(), default=Severity.INFO),
        check.basis,
        check.title,
        check.advice,
        check.perils,
        check.factor,
        at,
        at,
        FindingStatus.OPEN,
        evidence,
    )


def scan_rows(where: str, raw: Texts) -> tuple[Fields, ...]:
    """The findings of a file that `scan --json` printed, but for those that only a version suggests: no price moves."""
    if raw.get("kind") != "scan":
        raise no(
            "file_of_another_kind",
            where,
            zh="这不是 scan --json 的输出（缺少 kind: scan）；请给出该文件。",
            en="this is not what scan --json prints (kind: scan is missing); name such a file.",
        )
    rows = Fields(where, raw).rows("findings", None)
    named = [Fields(row.where, {name: row.values.get(name) for name in FINDING_NAMES}) for row in rows]
    return tuple(row for row in named if not row.text("check").startswith("CVE-"))


def _answer(fields: Fields, questionnaire: Questionnaire, at: datetime) -> Answer:
    question = questionnaire.question(fields.text("question"))
    if question is None:
        raise _unknown(fields, "question", [each.id for each in questionnaire.questions])
    evidence = fields.text("evidence", "")
    digest = hashlib.sha256(evidence.encode()).hexdigest() if evidence else fields.text("evidence_sha256", "")
    version = fields.whole("version", str(question.version))
    return Answer(question.id, version, fields.text("value", ""), digest, "", "", at)


def _check(answers: Sequence[Answer], questionnaire: Questionnaire, where: str) -> None:
    clashes = [clash for clash in check_answers(questionnaire, answers) if clash.code != BLANK_IS_ALLOWED]
    none_of([Refusal(clash.code, f"{where}: {clash.where}", clash.message) for clash in clashes])


def _stated(fields: Fields, judged: Sequence[ControlStanding], at: datetime) -> tuple[ControlStanding, ...]:
    """Controls that the file states itself, unless an answer or finding of the same file says something else."""
    stated = fields.pairs("controls")
    by_name = {standing.control: standing for standing in judged}
    below = Fields(f"{fields.where}: controls", stated)
    for name in stated:
        if name not in by_name:
            raise _unknown_control(below.where, name, list(by_name))
        said, known = below.choice(name, Standing), by_name[name]
        if known.standing not in (Standing.UNKNOWN, said):
            raise no(
                "control_stated_twice",
                f"{below.where}: {name}",
                zh=f"文件称该控制措施为 {said}，而 {known.because.zh}（{known.standing}）；请更正其中之一。",
                en=f"the file states {said}, but {known.because.en} ({known.standing}); correct one of them.",
            )
        by_name[name] = ControlStanding(name, said, STATED, "file", at)
    return tuple(by_name.values())


def _unknown(fields: Fields, name: str, known: Sequence[str]) -> Refused:
    return _unknown_control(f"{fields.where}: {name}", fields.text(name), known)


def _unknown_control(where: str, value: str, known: Sequence[str]) -> Refused:
    return no(
        "name_unknown",
        where,
        zh=f"目录中没有「{value}」；可用：{'、'.join(known)}。",
        en=f"The catalogue does not have “{value}”; use one of: {', '.join(known)}.",
    )
