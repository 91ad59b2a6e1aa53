"""Mail: can anybody send in the domain's name (SPF, RFC 7208; DMARC, RFC 7489), who receives its mail, and must it come
encrypted (MTA-STS, RFC 8461)?
"""

from __future__ import annotations

import re

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod, plain_name
from ringwall.shell.probes.fingerprints import mail_provider
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.target import Target, observe

NAME = "mail"
METHOD = LookMethod.PASSIVE
PORTS: tuple[int, ...] = ()
SAYS: tuple[str, ...] = (
    "spf_hard", "spf_soft", "spf_open", "spf_redirected", "spf_missing", "spf_invalid",
    "dmarc_enforced", "dmarc_watching", "dmarc_missing", "dmarc_invalid",
    "mx_present", "mx_missing", "mta_sts_present", "mta_sts_missing",
)  # fmt: skip
SPF_ENDS = {"-all": "spf_hard", "~all": "spf_soft"}
POLICY = re.compile(r"(?:^|;)\s*p\s*=\s*(none|quarantine|reject)\s*(?:;|$)", re.IGNORECASE)


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    texts = (await gate.resolver.look_up(target.asset, "TXT")).values
    dmarc = await _dmarc_records(target.asset, gate)
    mx = (await gate.resolver.look_up(target.asset, "MX")).values
    spf = tuple(text for text in texts if re.match(r"v=spf1( |$)", text, re.IGNORECASE))
    sts = (await gate.resolver.look_up(f"_mta-sts.{target.asset}", "TXT")).values if mx else ()
    return (
        observe(NAME, target, _spf(spf), "\n".join(spf).encode(), "; ".join(spf)[:200]),
        observe(NAME, target, _dmarc(dmarc), "\n".join(dmarc).encode(), "; ".join(dmarc)[:200]),
        observe(NAME, target, "mx_present" if mx else "mx_missing", "\n".join(mx).encode(), mail_provider(mx)),
        *((observe(NAME, target, _mta_sts(sts), "\n".join(sts).encode()),) if mx else ()),
    )


async def _dmarc_records(domain: str, gate: Gate) -> tuple[str, ...]:
    """The record of the domain, or of the nearest name above it that has one; never of a bare top-level name."""
    labels = plain_name(domain).split(".")
    for start in range(max(len(labels) - 1, 1)):
        texts = (await gate.resolver.look_up(f"_dmarc.{'.'.join(labels[start:])}", "TXT")).values
        found = tuple(text for text in texts if re.match(r"v\s*=\s*DMARC1\s*(;|$)", text))
        if found:
            return found
    return ()


def _spf(records: tuple[str, ...]) -> str:
    if not records:
        return "spf_missing"
    if len(records) > 1:
        return "spf_invalid"
    terms = records[0].lower().split()
    for term in terms:
        if term in SPF_ENDS:
            return SPF_ENDS[term]
    return "spf_redirected" if any(term.startswith("redirect=") for term in terms) else "spf_open"


def _mta_sts(records: tuple[str, ...]) -> str:
    """Whether the policy is announced; the policy itself lies on a host of its own and is not fetched."""
    announced = [record for record in records if re.match(r"v=STSv1\s*;", record)]
    return "mta_sts_present" if len(announced) == 1 else "mta_sts_missing"


def _dmarc(records: tuple[str, ...]) -> str:
    if not records:
        return "dmarc_missing"
    policy = POLICY.search(records[0])
    if len(records) > 1 or policy is None:
        return "dmarc_invalid"
    return "dmarc_watching" if policy[1].lower() == "none" else "dmarc_enforced"
