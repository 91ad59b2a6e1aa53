"""Looks at the insured's assets from outside, under its consent only, and hands back what was seen."""

from ringwall.shell.probes.family import DOMAIN_PROBES, PROBES, PROGRAM_PROBES, SERVICE_PROBES, Probe
from ringwall.shell.probes.gate import Gate, Limits, OutOfScope, RateLimit
from ringwall.shell.probes.proof import prove
from ringwall.shell.probes.resolver import DnsResolver, LookupFailed, Records, Resolver, machine_resolver
from ringwall.shell.probes.scan import Places, check_control, scan, scan_through
from ringwall.shell.probes.target import Target, observe

__all__ = [
    "DOMAIN_PROBES",
    "PROBES",
    "PROGRAM_PROBES",
    "SERVICE_PROBES",
    "DnsResolver",
    "Gate",
    "Limits",
    "LookupFailed",
    "OutOfScope",
    "Places",
    "Probe",
    "RateLimit",
    "Records",
    "Resolver",
    "Target",
    "check_control",
    "machine_resolver",
    "observe",
    "prove",
    "scan",
    "scan_through",
]
