"""The XML export of the China National Vulnerability Database (CNNVD): `entry` elements with `vuln-id` and `cve-id`.

The export needs an account and may not be passed on; our tests use records that are marked as synthetic.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ringwall.basics import Refusal
from ringwall.evidence import AffectedRange, VulnerabilityRecord
from ringwall.shell.feeds.parsed import Parsed, bad_feed, is_cve
from ringwall.shell.feeds.records.gathered import day, gather

NAME = "cnnvd"
SOURCE = "CNNVD"


def parse(body: bytes, where: str) -> Parsed[VulnerabilityRecord] | Refusal:
    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError) as error:
        return bad_feed(where, f"不是 CNNVD XML：{error}", f"not a CNNVD XML file: {error}")
    return gather((element for element in root.iter() if _name(element) == "entry"), _record, where)


def _record(entry: Element) -> VulnerabilityRecord:
    texts: dict[str, str] = {}
    for element in entry.iter():
        texts.setdefault(_name(element), (element.text or "").strip())
    identity, cve = texts["vuln-id"], texts.get("cve-id", "")
    if not identity.startswith("CNNVD-"):
        raise ValueError(f"no CNNVD number: {identity}")
    products = [(e.text or "").strip() for e in entry.iter() if _name(e) == "product"]
    published, modified = texts.get("published", ""), texts.get("modified", "")
    return VulnerabilityRecord(
        identity,
        cve if is_cve(cve) else "",
        day(published) if published else None,
        day(modified or published),
        texts.get("severity", ""),
        "",
        texts.get("name", ""),
        tuple(AffectedRange(product) for product in products if product),
        SOURCE,
    )


def _name(element: Element) -> str:
    """The tag without its namespace."""
    return str(element.tag).rpartition("}")[2]
