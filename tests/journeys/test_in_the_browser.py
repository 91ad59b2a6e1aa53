"""The whole journey in a browser: each person signs in to the served portal and finds the case, in both languages."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import with_loops

expect = pytest.importorskip("playwright.sync_api").expect
Page = pytest.importorskip("playwright.sync_api").Page

RINGWALL = (sys.executable, "-c", "import sys; from ringwall.wiring import main; sys.exit(main(sys.argv[1:]))")
PATIENCE_SECONDS = 120
pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Served:
    """The address of the portal, and the password of the people who may try it out."""

    address: str
    password: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, loops: Path) -> Iterator[Served]:
    """`ringwall life --serve`, as a person starts it."""
    home = with_loops(tmp_path_factory.mktemp("served") / "home", loops)
    (home / "feeds-here").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "RINGWALL_HOME": str(home), "RINGWALL_FEEDS": str(home / "feeds-here")}
    process = subprocess.Popen(
        [*RINGWALL, "life", "--serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(port, process)
        yield Served(f"http://127.0.0.1:{port}", (home / "keys" / "people-password").read_text("utf-8").strip())
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)


def wait_for(port: int, process: subprocess.Popen[str]) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError("the portal did not open")


def sign_in(page: Page, served: Served, name: str, language: str) -> None:  # type: ignore[valid-type]
    page.goto(f"{served.address}/sign-in?lang={language}")
    page.fill("[name=name]", name)
    page.fill("[name=password]", served.password)
    page.click("main button")
    expect(page.locator("h1")).to_have_count(1)


def assert_no_script_failed(page: Page) -> list[str]:  # type: ignore[valid-type]
    """Collects what the browser complains of, from now on."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.mark.parametrize(("language", "insured"), [("zh", "江口精密制造有限公司"), ("en", "Jiangkou Precision")])
def test_the_insured_follows_its_case_from_the_application_to_the_payment(
    page: Page,  # type: ignore[valid-type]
    served: Served,
    language: str,
    insured: str,
) -> None:
    complaints = assert_no_script_failed(page)
    sign_in(page, served, "jiangkou", language)
    page.goto(f"{served.address}/journey/JIANGKOU-SUB-000001")
    expect(page.locator("h1")).to_contain_text(insured)
    expect(page.locator("main")).to_contain_text("1,587,000.00")
    page.get_by_role("link", name="SHOUAN-P-000001").first.click()
    expect(page).to_have_url(re.compile(r"/policy/SHOUAN-P-000001"))
    expect(page.locator("main")).to_contain_text("3,000,000.00")
    page.goto(f"{served.address}/claim/SHOUAN-C-000001")
    expect(page.locator("main")).to_contain_text("2,434,000.00")
    expect(page.locator("main")).to_contain_text("948,000.00")
    assert complaints == []


def test_the_underwriter_moves_a_limit_and_sees_another_premium(page: Page, served: Served) -> None:  # type: ignore[valid-type]
    sign_in(page, served, "shouan", "en")
    page.goto(f"{served.address}/quote/SHOUAN-Q-000001")
    before = page.locator("main").inner_text()
    box = page.locator("main input[type=number], main input[type=text]").first
    box.fill("4,000,000" if "," in box.input_value() else "4000000")
    box.press("Tab")
    page.wait_for_function("before => document.querySelector('main').innerText !== before", arg=before)
    expect(page.locator("main")).to_contain_text("92,963.30")


def test_a_follower_sees_its_own_part_and_not_the_application(page: Page, served: Served) -> None:  # type: ignore[valid-type]
    sign_in(page, served, "zhongliu", "en")
    page.goto(f"{served.address}/claim/SHOUAN-C-000001")
    expect(page.locator("main")).to_contain_text("535,150.00")
    answer = page.goto(f"{served.address}/posture/JIANGKOU-SUB-000001")
    assert answer is not None
    assert answer.status == 404


def test_the_supervisor_sees_the_market_and_no_case(page: Page, served: Served) -> None:  # type: ignore[valid-type]
    sign_in(page, served, "supervision", "zh")
    expect(page.locator("main")).not_to_contain_text("JIANGKOU")
    for place in ("journey/JIANGKOU-SUB-000001", "policy/SHOUAN-P-000001", "claim/SHOUAN-C-000001"):
        answer = page.goto(f"{served.address}/{place}")
        assert answer is not None
        assert answer.status == 404
