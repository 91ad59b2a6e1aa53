"""`scan`: look at named assets from outside, under a consent and with proof of control; else no packet leaves."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ringwall.basics import Refusal, Words
from ringwall.evidence import Attempt, Finding, Intelligence, Outcome, ScanResult, Severity, find
from ringwall.exposure import Asset, AssetKind, Challenge, Consent, ControlProof, ProofMethod
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.fields import instant
from ringwall.shell.cli.files.consent import read_consent
from ringwall.shell.cli.files.proofs import new_challenges, read_challenges, write_challenges
from ringwall.shell.cli.page import Page
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.reading import read_document
from ringwall.shell.cli.refused import Refused, no
from ringwall.shell.cli.shelf import load_rules
from ringwall.shell.cli.tools import Tools

DOMAIN = "domain:"
SEVERITIES = {
    Severity.INFO: Words("提示", "info"),
    Severity.LOW: Words("低", "low"),
    Severity.MEDIUM: Words("中", "medium"),
    Severity.HIGH: Words("高", "high"),
    Severity.CRITICAL: Words("严重", "critical"),
}


@dataclass(frozen=True, slots=True)
class Looked:
    """What a scan has given: proofs that were looked up first, the result, the findings and what was refused."""

    consent: Consent
    assets: tuple[Asset, ...]
    proofs: tuple[ControlProof, ...]
    result: ScanResult
    findings: tuple[Finding, ...]
    intelligence: Intelligence | None
    refusals: tuple[Refusal, ...]
    not_looked_at: tuple[str, ...]


def add_arguments(parser: Parser) -> None:
    parser.add(
        Words(
            "主机名；域名的邮件与区域记录写作 domain:名称",
            "host names; domain:NAME for a domain's mail and zone records",
        ),
        "assets",
        nargs="*",
        metavar="ASSET",
    )
    parser.add(
        Words("已签署的授权书（YAML 或 JSON）", "the signed consent (YAML or JSON)"),
        "--consent",
        type=Path,
        metavar="CONSENT",
    )
    parser.add(
        Words("令牌文件；每次检查前重新核实", "file of tokens; looked up anew before every scan"),
        "--proofs",
        type=Path,
        metavar="FILE",
    )
    parser.add(
        Words("生成新的令牌写入此文件，不检查", "write new tokens to this file and look at nothing"),
        "--new-proofs",
        type=Path,
        metavar="FILE",
    )
    parser.add(
        Words("令牌的发布方式，默认 dns-01", "how the tokens are published, by default dns-01"),
        "--method",
        choices=[method.value for method in ProofMethod],
        default=ProofMethod.DNS_TXT.value,
    )
    parser.add(
        Words("域名服务器的地址，默认用本机的", "address of a name server; by default those of this machine"),
        "--resolver",
        action="append",
        metavar="ADDRESS",
    )
    parser.add(
        Words(
            "检查本机演示环境的此阶段（自动发布证明）",
            "look at this stage of the lab on this machine (it publishes the proofs)",
        ),
        "--lab",
        metavar="STAGE",
    )
    parser.add(
        Words("检查所属的时刻，只用于 --lab", "the instant at which the look counts, only with --lab"),
        "--at",
        metavar="INSTANT",
    )


def run(arguments: Namespace, tools: Tools) -> int:
    if arguments.consent is None:
        raise no(
            "no_consent",
            "--consent",
            zh="没有授权书，不发送任何数据包；请用 --consent 给出被保险人签署的授权书。",
            en="There is no consent, so no packet is sent; name the one that the insured signed with --consent.",
        )
    consent = read_consent(str(arguments.consent), read_document(arguments.consent))
    at = instant_of(arguments, tools)
    if arguments.new_proofs:
        return issue(arguments, consent, at)
    looked = look_at_lab(arguments, tools, consent, at) if arguments.lab else look(arguments, tools, consent, at)
    answer = Answer(
        document(looked), lambda page: draw(page, looked), looked.refusals, refused=bool(looked.not_looked_at)
    )
    return show(arguments, answer)


def instant_of(arguments: Namespace, tools: Tools) -> datetime:
    """A look at somebody's hosts happens now; only the lab may be looked at on another day."""
    if arguments.at is None:
        return tools.now()
    if not arguments.lab:
        raise no(
            "option_wrong",
            "--at",
            zh="授权书和证明按现在的时刻核对，--at 只能与 --lab 一起使用；请去掉 --at。",
            en="Consent and proofs are checked at the present instant, --at goes with --lab only; leave it out.",
        )
    return instant("--at", arguments.at)


def named_assets(words: Sequence[str]) -> tuple[Asset, ...]:
    found = {}
    for word in words:
        kind = AssetKind.DOMAIN if word.startswith(DOMAIN) else AssetKind.HOST
        name = word.removeprefix(DOMAIN).strip()
        if not name or any(sign in name for sign in " /:@*"):
            raise no(
                "asset_unreadable",
                word,
                zh=f"「{word}」不是主机名；请写 www.example.com，或 domain:example.com，不带协议、端口和通配符。",
                en=f"“{word}” is no host name; write www.example.com or domain:example.com, without scheme, port or *.",
            )
        found[kind, name] = Asset(name, kind)
    if not found:
        raise no(
            "assets_missing",
            "ASSET",
            zh="没有指明要检查的资产；请写出主机名，或用 --lab 检查本机演示环境。",
            en="No asset is named; write host names, or look at the lab on this machine with --lab.",
        )
    return tuple(found.values())


def issue(arguments: Namespace, consent: Consent, at: datetime) -> int:
    names = dict.fromkeys(asset.name for asset in named_assets(arguments.assets))
    challenges = new_challenges(consent.insured, list(names), ProofMethod(arguments.method), at)
    written = write_challenges(arguments.new_proofs, challenges)
    return show(arguments, Answer(written, lambda page: draw_challenges(page, challenges)))


def look(arguments: Namespace, tools: Tools, consent: Consent, at: datetime) -> Looked:
    assets = named_assets(arguments.assets)
    resolver = tools.resolver(tuple(arguments.resolver or ()))
    challenges: tuple[Challenge, ...] = ()
    if arguments.proofs:
        challenges = read_challenges(str(arguments.proofs), read_document(arguments.proofs))
    checked = tools.check_control(challenges, consent, resolver, at) if challenges else ()
    proofs = tuple(each for each in checked if isinstance(each, ControlProof))
    result = tools.scan(assets, consent, proofs, resolver, at)
    return judged(tools, consent, assets, checked, result)


def look_at_lab(arguments: Namespace, tools: Tools, consent: Consent, at: datetime) -> Looked:
    """Start the lab, publish a token in its zone, check it, look, and stop the lab."""
    if arguments.lab not in tools.lab_stages:
        raise _no_stage(arguments.lab, tools)
    try:
        with tools.start_lab(arguments.lab) as lab:
            wanted = {asset.name for asset in named_assets(arguments.assets)} if arguments.assets else None
            known = {asset.name for asset in lab.assets}
            if wanted and wanted - known:
                raise _not_in_lab(sorted(wanted - known)[0], sorted(known))
            assets = tuple(asset for asset in lab.assets if wanted is None or asset.name in wanted)
            domains = [asset.name for asset in lab.assets if asset.kind is AssetKind.DOMAIN]
            challenges = new_challenges(consent.insured, domains, ProofMethod.DNS_TXT, at)
            for challenge in challenges:
                lab.publish_challenge(challenge)
            checked = tools.check_control(
                challenges, consent, lab.resolver, at, http_port=lab.http_port, allow_loopback=True
            )
            result = tools.scan(
                assets,
                consent,
                tuple(each for each in checked if isinstance(each, ControlProof)),
                lab.resolver,
                at,
                allow_loopback=True,
                swept_ports=lab.ports,
                name_server_port=lab.dns_port,
            )
    except (OSError, RuntimeError) as fault:
        raise no(
            "lab_failed",
            f"--lab {arguments.lab}",
            zh=f"演示环境无法在本机启动：{fault}；请停止占用端口的程序后重试。",
            en=f"The lab cannot run on this machine: {fault}; stop the program that holds its port and try again.",
        ) from None
    return judged(tools, consent, assets, checked, result)


def judged(
    tools: Tools,
    consent: Consent,
    assets: tuple[Asset, ...],
    checked: Sequence[ControlProof | Refusal],
    result: ScanResult,
) -> Looked:
    """Findings of what was seen; the facts on vulnerabilities are fetched only where a version suggests one."""
    rules = load_rules(tools)
    findings, intelligence = find(consent.insured, result.observations, result.at, rules), None
    if any(finding.cve for finding in findings):
        intelligence, _ = tools.load_intelligence()
        findings = find(consent.insured, result.observations, result.at, rules, intelligence)
    proofs = tuple(each for each in checked if isinstance(each, ControlProof))
    refusals = (*(each for each in checked if isinstance(each, Refusal)), *result.skipped)
    worst_first = tuple(sorted(findings, key=lambda f: (-f.severity, f.locator, f.check)))
    return Looked(consent, assets, proofs, result, worst_first, intelligence, refusals, not_looked_at(assets, result))


def not_looked_at(assets: Sequence[Asset], result: ScanResult) -> tuple[str, ...]:
    """Assets that were asked for and got no look at all, because every look was refused."""
    looked = {attempt.asset for attempt in result.attempts if attempt.outcome is not Outcome.NOT_SCHEDULED}
    refused = {attempt.asset for attempt in result.attempts if attempt.outcome is Outcome.NOT_SCHEDULED}
    return tuple(asset.name for asset in assets if asset.name in refused - looked)


def _no_stage(stage: str, tools: Tools) -> Refused:
    return no(
        "lab_stage_unknown",
        f"--lab {stage}",
        zh=f"演示环境没有阶段「{stage}」；可用：{'、'.join(tools.lab_stages)}。",
        en=f"The lab has no stage “{stage}”; use one of: {', '.join(tools.lab_stages)}.",
    )


def _not_in_lab(name: str, known: Sequence[str]) -> Refused:
    return no(
        "asset_not_in_lab",
        name,
        zh=f"演示环境没有 {name}；可用：{'、'.join(known)}。不用 --lab 才检查真实主机。",
        en=f"The lab has no {name}; use one of: {', '.join(known)}. Real hosts are looked at without --lab.",
    )


def document(looked: Looked) -> dict[str, Any]:
    result = looked.result
    return {
        "kind": "scan",
        "at": result.at,
        "insured": looked.consent.insured,
        "consent_id": looked.consent.consent_id,
        "assets": looked.assets,
        "proofs": looked.proofs,
        "findings": [_finding(finding) for finding in looked.findings],
        "attempts": counts(result.attempts),
        "observations": [seen for seen in result.observations if seen.says not in ("closed", "filtered")],
        "vulnerability_facts": looked.intelligence.source if looked.intelligence else None,
        "not_looked_at": looked.not_looked_at,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "uid": finding.uid,
        "check": finding.check,
        "asset": finding.asset,
        "locator": finding.locator,
        "severity": finding.severity.name.lower(),
        "basis": finding.basis,
        "may_price": finding.may_price,
        "title": finding.title,
        "advice": finding.advice,
        "perils": finding.perils,
        "cve": finding.cve or None,
        "known_exploited": finding.known_exploited,
        "epss": finding.epss,
        "score_date": finding.score_date,
        "evidence_sha256": finding.evidence_sha256,
    }


def counts(attempts: Sequence[Attempt]) -> dict[str, int]:
    return {outcome.value: sum(attempt.outcome is outcome for attempt in attempts) for outcome in Outcome}


def draw(page: Page, looked: Looked) -> None:
    result = looked.result
    at, count, consent = result.at.isoformat(timespec="minutes"), len(looked.assets), looked.consent.consent_id
    page.title(Words(f"检查 {count} 项资产，{at}", f"Looked at {count} assets, {at}"))
    page.line(Words(f"授权 {consent}", f"consent {consent}"), "dim")
    done, failed, left = counts(result.attempts).values()
    zh = f"检测 {done} 次完成，{failed} 次失败，{left} 次未安排（端口关闭或被拒）"
    en = f"{done} looks completed, {failed} failed, {left} not scheduled (port closed, or refused)"
    page.line(Words(zh, en), "dim")
    for proof in looked.proofs:
        word = Words("控制权已证明", "control proved") if proof.proved else Words("控制权未证明", "control not proved")
        page.line(f"{page.word(word)}: {proof.asset} ({proof.method}) {proof.detail}", "" if proof.proved else "yellow")
    page.heading(Words(f"发现项 {len(looked.findings)} 个", f"{len(looked.findings)} findings"))
    columns = (
        Words("级别", "Severity"),
        Words("位置", "Place"),
        Words("发现项", "Finding"),
        Words("建议", "Advice"),
        Words("影响保费", "May price"),
    )
    yes, silent = Words("是", "yes"), Words("否", "no")
    rows = [
        (SEVERITIES[f.severity], f.locator, _titled(f), f.advice, yes if f.may_price else silent)
        for f in looked.findings
    ]
    page.table(columns, rows)
    if looked.intelligence:
        page.line(looked.intelligence.source, "dim")
    if looked.not_looked_at:
        names = ", ".join(looked.not_looked_at)
        page.line(Words(f"未检查：{names}", f"not looked at: {names}"), "bold yellow")


def _titled(finding: Finding) -> Words:
    if not finding.cve:
        return finding.title
    known = {
        True: Words("已被利用", "known exploited"),
        False: Words("未见利用", "not listed"),
        None: Words("未知", "unknown"),
    }
    said = known[finding.known_exploited]
    score = f"EPSS {finding.epss:.3f}" if finding.epss is not None else "EPSS —"
    return Words(
        f"{finding.title.zh}（{finding.cve}，{said.zh}，{score}）",
        f"{finding.title.en} ({finding.cve}, {said.en}, {score})",
    )


def draw_challenges(page: Page, challenges: Sequence[Challenge]) -> None:
    page.title(Words("请在七日内发布以下令牌", "Publish these tokens within seven days"))
    columns = (Words("资产", "Asset"), Words("方式", "Method"), Words("位置", "Place"), Words("令牌", "Token"))
    page.table(columns, [(each.asset, each.method, each.place, each.token) for each in challenges])
