"""Every page for every person of the told year: it is there, well made, and shows nobody more than they may see."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from tests.shell.web.conftest import Portal

CASE, POLICY, QUOTE = "JIANGKOU-SUB-000001", "SHOUAN-P-000001", "SHOUAN-Q-000001"
JOURNEY, POSTURE = f"/journey/{CASE}", f"/posture/{CASE}"
PDF = f"/policy/{POLICY}/schedule.zh.pdf"
EXPLAIN, ORDER = f"/explain/{QUOTE}", "JIANGKOU-O-000001"

EVERYBODY = ("jiangkou", "shouan", "shouan.claims", "zhongliu", "yuanqiao", "tongzhou", "fengtai", "supervision")
MAY_SEE = {
    JOURNEY: set(EVERYBODY) - {"supervision"},
    POSTURE: {"jiangkou", "shouan", "shouan.claims", "tongzhou", "fengtai"},
    f"/dossier/{CASE}": {"jiangkou", "shouan", "shouan.claims", "tongzhou"},
    "/alerts": {"jiangkou", "shouan", "zhongliu", "yuanqiao"},
    f"/policy/{POLICY}": set(EVERYBODY) - {"supervision"},
    PDF: set(EVERYBODY) - {"supervision", "fengtai"},
    EXPLAIN: set(EVERYBODY) - {"supervision", "fengtai"},
    f"/order/{ORDER}": {"jiangkou", "shouan", "shouan.claims", "zhongliu", "yuanqiao", "fengtai"},
    "/orders": {"jiangkou", "shouan", "shouan.claims", "zhongliu", "yuanqiao", "fengtai"},
    "/services": {"jiangkou"},
    "/incident/JIANGKOU-I-000001": set(EVERYBODY) - {"supervision"},
}
DAYS = ("2025-12-09", "2025-12-21", "2026-03-05", "2026-09-10")
LOOKING_BACK = ("jiangkou", "shouan.claims", "zhongliu", "tongzhou", "fengtai")
MOST_ALIKE = 3
"""A page asked another question, or for another year of a run, is the same page: so many of each are looked at."""

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """What a page is made of, as far as the rules ask."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.unclosed: list[str] = []
        self.faults: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.unclosed.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if self.unclosed and self.unclosed[-1] == tag:
            self.unclosed.pop()
        else:
            self.faults.append(f"</{tag}> closes {self.unclosed[-1:] or 'nothing'}")

    def of(self, *names: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in names]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]


@lru_cache(maxsize=8)
def page_of(text: str) -> Page:
    """Read once, however many rules look at it."""
    return Page(text)


def faults_of(text: str, language: str) -> list[str]:
    """What is wrong with a page as a page."""
    page, faults = page_of(text), []
    faults += page.faults + [f"<{tag}> stays open" for tag in page.unclosed]
    if page.of("html") != [{"lang": language}]:
        faults.append(f"the page says it is in {page.of('html')}")
    if len(page.of("h1")) != 1:
        faults.append(f"{len(page.of('h1'))} h1")
    faults += [f"the id {each} stands twice" for each in {i for i in page.ids if page.ids.count(i) > 1}]
    faults += [f"style in <{tag}>" for tag, attributes in page.tags if tag == "style" or "style" in attributes]
    faults += [f"handler in <{tag}>" for tag, attrs in page.tags if any(name.startswith("on") for name in attrs)]
    faults += ["a script in the page" for attributes in page.of("script") if "src" not in attributes]
    labelled = {attributes["for"] for attributes in page.of("label") if "for" in attributes}
    for field in page.of("input", "select", "textarea"):
        wraps = field.get("type") in ("hidden", "checkbox", "radio")
        if not (wraps or field.get("id") in labelled or field.get("aria-label")):
            faults.append(f"no label for the field {field.get('name')}")
    faults += ["an image without a text" for attributes in page.of("img") if "alt" not in attributes]
    faults += ["a head cell without a scope" for attributes in page.of("th") if "scope" not in attributes]
    return faults


@pytest.mark.parametrize("person", EVERYBODY)
def test_every_link_leads_to_a_page_that_is_there_and_well_made(reading: Portal, person: str) -> None:
    """From home along every link within the portal."""
    client = reading.of(person)
    waiting, seen, faults = ["/"], {"/"}, list[str]()
    anchors: set[tuple[str, str, str]] = set()
    ids: dict[str, list[str]] = {}
    while waiting:
        address = waiting.pop()
        answer = client.get(address, follow_redirects=True)
        if answer.status_code == 404 and "at=" in address:
            assert "You are looking back" in answer.text
            continue
        if answer.status_code != 200:
            faults.append(f"{address} answers {answer.status_code}")
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        ids[address] = page_of(answer.text).ids
        faults += [f"{address}: {fault}" for fault in faults_of(answer.text, "en")]
        for target, anchor in links_of(answer.text, address):
            if anchor:
                anchors.add((address, target, anchor))
            alike = sum(kind_of(each) == kind_of(target) for each in seen)
            if target not in seen and alike < MOST_ALIKE:
                seen.add(target)
                waiting.append(target)
    faults += [f"{a} links to {b}#{c}, which is not there" for a, b, c in anchors if b in ids and c not in ids[b]]
    assert len(seen) > 1
    assert not faults, "\n".join(sorted(set(faults))[:40])


def kind_of(target: str) -> str:
    return re.sub(r"/years/\d+", "/years", target.partition("?")[0])


def links_of(text: str, address: str) -> list[tuple[str, str]]:
    """Address and anchor of each link within the portal; switches of language and unit are left out."""
    found = []
    for link in page_of(text).of("a"):
        target = urlsplit(link.get("href", ""))
        path, query = target.path or urlsplit(address).path, target.query
        if target.netloc or path.startswith("/static") or "lang=" in query or "unit=" in query:
            continue
        if not target.path and not query:
            query = urlsplit(address).query
        found.append((f"{path}?{query}" if query else path, target.fragment))
    return found


@pytest.mark.parametrize("person", EVERYBODY)
@pytest.mark.parametrize("path", MAY_SEE)
def test_a_page_is_there_for_who_may_see_it_and_does_not_exist_for_others(
    reading: Portal, person: str, path: str
) -> None:
    answer = reading.of(person).get(f"{path}?lang=zh")
    if person not in MAY_SEE[path]:
        assert answer.status_code == 404
        assert "江口" not in answer.text.replace(reading.speaker(person).display_name, "")
        return
    assert answer.status_code in (200, 307)
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert not faults_of(answer.text, "zh-CN")


@pytest.mark.parametrize("person", LOOKING_BACK)
@pytest.mark.parametrize("day", DAYS)
def test_every_day_of_the_year_can_be_looked_back_to(reading: Portal, person: str, day: str) -> None:
    client = reading.of(person)
    for path in ("/", JOURNEY, POSTURE, f"/policy/{POLICY}"):
        answer = client.get(f"{path}?at={day}&lang=zh")
        assert answer.status_code in ((200,) if path == "/" else (200, 404))
        assert not faults_of(answer.text, "zh-CN")


def test_nothing_from_after_the_day_is_shown_when_looking_back(reading: Portal) -> None:
    client = reading.of("shouan")
    assert client.get(f"/policy/{POLICY}?at=2025-12-28").status_code == 404
    early = client.get(f"{JOURNEY}?at=2026-03-05").text
    assert "SHOUAN-N-000001" in early
    for later in ("JIANGKOU-I-000001", "SHOUAN-C-000001", "SHOUAN-RUN-000001", "JIANGKOU-S-000003"):
        assert later not in early
    assert "¥ 92,963.30" in client.get(f"/policy/{POLICY}?at=2026-03-05").text
    assert "¥ 74,563.40" in client.get(f"/policy/{POLICY}").text


def test_the_journey_tells_the_whole_case_in_the_order_of_time(reading: Portal) -> None:
    text = reading.of("shouan").get(JOURNEY).text
    for said in (
        *("Application", "Control of assets proved", "Scan JIANGKOU-S-000001", "Quote SHOUAN-Q-000001"),
        *("Exclusions explained and confirmed", "Premium received", "Policy SHOUAN-P-000001 bound"),
        *("Traffic file counted", "Written suggestion SHOUAN-N-000001 delivered", "−¥ 18,399.90"),
        *("Incident JIANGKOU-I-000001", "Order SHOUAN-O-000001: on site", "¥ 2,434,000.00", "A false answer judged"),
        *("Indemnity paid", "100 % of the panel voted for it", "The book simulated again", "Market figures published"),
    ):
        assert said in text, said
    times = re.findall(r'<a class="plain"[^>]*><time datetime="([^"]+)"', text)
    by_chapter = re.split(r'<section class="chapter">', text)[1:]
    assert len(by_chapter) == 5
    assert len(times) > 40
    for chapter in by_chapter:
        found = re.findall(r'href="/\?at=(\d{4}-\d\d-\d\d)"', chapter)
        assert found == sorted(found)


def test_the_journey_of_a_follower_leaves_out_what_it_may_not_see(reading: Portal) -> None:
    follower, insured = reading.of("zhongliu").get(JOURNEY).text, reading.of("jiangkou").get(JOURNEY).text
    assert "Posted to the panel" in follower
    assert "Scan JIANGKOU" not in follower
    assert "/posture/" not in follower
    assert "Posted to the panel" not in insured
    assert "The book simulated again" not in insured


def test_an_incidents_number_leads_to_its_place_in_the_journey(reading: Portal) -> None:
    answer = reading.of("fengtai").get("/incident/JIANGKOU-I-000001")
    assert answer.headers["location"] == f"{JOURNEY}#JIANGKOU-I-000001"
    assert reading.of("fengtai").get("/incident/JIANGKOU-I-000009").status_code == 404


def test_the_policy_shows_premium_panel_and_services_to_the_fen(reading: Portal) -> None:
    text = reading.of("zhongliu").get(f"/policy/{POLICY}").text
    for said in ("1.579", "1.191", "−¥ 17,358.40", "−¥ 1,041.50", "¥ 24,619.99", "¥ 555,450.00"):
        assert said in text, said
    assert "every part agrees to the fen" in text
    assert "¥ 1,454,000.00 used by claims, ¥ 3,546,000.00 left" in text
    assert "SHOUAN-B-0001-R (red letter)" in text


def test_the_insured_sees_its_policy_without_the_panels_postings(reading: Portal) -> None:
    text = reading.of("jiangkou").get(f"/policy/{POLICY}").text
    assert "40%" in text
    assert "Postings" not in text
    assert "¥ 24,619.99" not in text


def test_the_changes_since_binding_name_what_came_and_went(reading: Portal) -> None:
    rows = reading.of("shouan").get(f"/policy/{POLICY}").text.split('id="drift"')[1].split("</section>")[0]
    found = {row.split("</th>")[0]: row for row in rows.split('<th scope="row">')[1:]}
    rdp = next(row for title, row in found.items() if "RDP" in title)
    assert "came and was closed since" in rdp
    redis = next(row for title, row in found.items() if title.startswith("Redis answers"))
    assert "gone" in redis


def test_a_follower_is_told_that_later_looks_are_not_shared(reading: Portal) -> None:
    text = reading.of("zhongliu").get(f"/policy/{POLICY}").text
    assert "Later looks are not shared with your organisation" in text
    assert "unknown: look again" in text


def test_the_printed_schedule_is_a_pdf_and_evidence_is_no_document_of_the_policy(reading: Portal) -> None:
    client = reading.of("jiangkou")
    for language in ("zh", "en"):
        answer = client.get(f"/policy/{POLICY}/schedule.{language}.pdf")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
    assert client.get(f"/policy/{POLICY}/schedule.fr.pdf").status_code == 422
    documents = client.get(f"/policy/{POLICY}").text.split('id="documents"')[1]
    assert "Q04.txt" not in documents


def test_the_code_of_each_schedule_is_genuine_and_an_older_one_is_said_to_be_replaced(reading: Portal) -> None:
    client = reading.of("jiangkou")
    codes = re.findall(r"/verify\?code=([0-9A-F-]{24})", client.get(f"/policy/{POLICY}").text)
    assert len(codes) == 2
    first, newest = (client.get(f"/verify?code={code.lower()}").text for code in codes)
    assert POLICY in first
    assert "A later version" in first
    assert POLICY in newest
    assert "A later version" not in newest
    for text in (first, newest):
        assert "Jiangkou" not in text
        assert "¥" not in text.split("<main")[1]
    assert "No schedule has this code" in client.get("/verify?code=0000-0000-0000-0000-0000").text


def test_a_code_outside_the_speakers_walls_is_not_known(reading: Portal) -> None:
    code = re.findall(r"/verify\?code=([0-9A-F-]{24})", reading.of("shouan").get(f"/policy/{POLICY}").text)[0]
    assert "No schedule has this code" in reading.of("supervision").get(f"/verify?code={code}").text


def test_the_posture_shows_each_fix_with_its_effect_and_never_prices_an_alert(reading: Portal) -> None:
    text = reading.of("jiangkou").get(POSTURE).text
    fixes = text.split('id="fixes"')[1].split("</section>")[0]
    amounts = re.findall(r"−¥ ([\d,.]+)</td>", fixes.split("<tfoot>")[0])
    values = [float(each.replace(",", "")) for each in amounts]
    assert values == sorted(values, reverse=True)
    assert len(values) >= 3
    assert "All done: from" in fixes
    assert "never moves a price" in text


def test_the_provider_sees_findings_and_neither_answers_nor_prices(reading: Portal) -> None:
    text = reading.of("fengtai").get(POSTURE).text
    assert 'id="findings"' in text
    for hidden in ('id="answers"', 'id="controls"', 'id="fixes"', "¥ "):
        assert hidden not in text.split("<main")[1], hidden


def test_confirmed_exclusions_are_shown_with_who_confirmed_them_and_when(reading: Portal) -> None:
    text = reading.of("tongzhou").get(EXPLAIN).text
    assert "Every clause was explained and confirmed." in text
    assert text.count("22 Dec 2025, 10:40") == 12
    assert '<form method="post" action="/explain' not in text


@pytest.mark.parametrize("unit", ["large", "whole"])
def test_amounts_are_switched_to_the_large_unit_and_back(reading: Portal, unit: str) -> None:
    text = reading.of("yuanqiao").get(f"/policy/{POLICY}?lang=zh&unit={unit}").text
    assert ("¥ 500.00 万" in text) is (unit == "large")
    assert ("¥ 5,000,000.00" in text) is (unit == "whole")
