"""ZAP's traditional XML report: one alert of one site; what it calls a false positive is said to be none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ringwall.evidence import Reported, SaidState, Severity
from ringwall.shell.probes.uploaded import Form, named, text_at

NAME = "zap"
FORM = Form.XML
RISKS = {"0": Severity.INFO, "1": Severity.LOW, "2": Severity.MEDIUM, "3": Severity.HIGH}
FALSE_POSITIVE = "0"


def is_mine(document: Any) -> bool:
    return bool(document.tag == "OWASPZAPReport")


def items(document: Any) -> Iterator[tuple[str, Any]]:
    for site in document.iter("site"):
        for number, alert in enumerate(site.iter("alertitem"), start=1):
            yield f"site {site.get('host')}, alert {number}", (site, alert)


def report(item: Any) -> tuple[Reported, ...]:
    site, alert = item
    place = f"{named(site.get('host'))}:{int(site.get('port'))}"
    title = named(text_at(alert, "name") or text_at(alert, "alert"))
    state = SaidState.NOT_AFFECTED if text_at(alert, "confidence") == FALSE_POSITIVE else SaidState.AFFECTED
    rule, severity = named(text_at(alert, "pluginid")), RISKS[text_at(alert, "riskcode")]
    return (Reported(rule, place, severity, title, "", text_at(alert, "instances/instance/uri"), state),)
