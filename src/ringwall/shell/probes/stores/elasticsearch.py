"""Elasticsearch: does the cluster introduce itself to anybody who asks for its front page?"""

from __future__ import annotations

import json

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.http_get import Response, get
from ringwall.shell.probes.target import Target, observe

NAME = "elasticsearch"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = (9200,)
SAYS: tuple[str, ...] = ("open", "auth_required", "not_elasticsearch")


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    response = await get(gate, target, "/", method=METHOD)
    version = _version(response) if response else ""
    if response is None:
        return (observe(NAME, target, "not_elasticsearch"),)
    if response.status == 200 and version:
        return (observe(NAME, target, "open", response.body, f"elasticsearch {version}"),)
    says = "auth_required" if response.status in (401, 403) else "not_elasticsearch"
    return (observe(NAME, target, says, response.body),)


def _version(response: Response) -> str:
    """The version that a cluster's front page carries; nothing where the page is not a cluster's."""
    try:
        page = json.loads(response.body)
    except ValueError:
        return ""
    if not isinstance(page, dict) or "cluster_name" not in page or not isinstance(page.get("version"), dict):
        return ""
    return str(page["version"].get("number", "unknown"))[:40]
