"""The frame: the gate, cookies, languages, foreign forms, headers, and a page for everything that goes wrong."""

from __future__ import annotations

from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from ringwall.basics import OrganisationId, Refusal, Words, refuse
from ringwall.desk.doors import Speaker
from ringwall.desk.front import Front
from ringwall.shell.web import Installation, ListedPerson, make_portal
from ringwall.shell.web.site import back_to

HERE = "http://ringwall.test"
RIGHT = {"name": "somebody", "password": "right"}
PEOPLE = (ListedPerson("somebody", Words("某公司", "Some Company"), Words("风险经理", "risk manager")),)


class OneKnocks:
    """A gate that knows one person with one password."""

    def __init__(self) -> None:
        self.open = False

    def sign_in(self, name: str, password: str) -> str | Refusal:
        if password != "right":
            return refuse("sign_in_refused", name, zh="用户名与密码不符；请重试。", en="No match; try again.")
        self.open = True
        return "the-token"

    def speaker(self, token: str) -> Speaker | None:
        someone = Speaker(uuid4(), OrganisationId(uuid4()), "insured", "risk_manager", "zh", "某人")
        return someone if self.open and token == "the-token" else None

    def sign_out(self, speaker: Speaker, token: str) -> None:  # noqa: ARG002
        self.open = False


class NoOffice(Front):
    """A front behind which nothing works: what a page does with our own mistakes."""

    def __init__(self) -> None:
        super().__init__(open_office=self._fail)  # type: ignore[arg-type]

    def _fail(self, organisation: object) -> None:
        raise RuntimeError(f"no office for {organisation}")


def browser(*, secure: bool = False, gate: OneKnocks | None = None) -> TestClient:
    portal = make_portal(NoOffice(), gate or OneKnocks(), Installation(secure=secure, people=PEOPLE, password_file="f"))
    address = HERE.replace("http:", "https:") if secure else HERE
    return TestClient(portal, base_url=address, follow_redirects=False, raise_server_exceptions=False)


def test_nobody_is_sent_to_sign_in_and_comes_back_to_where_they_wanted_to_go() -> None:
    client = browser()
    sent = client.get("/policy/P-1?at=2026-03-05")
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=/policy/P-1%3Fat%3D2026-03-05")
    page = client.get(sent.headers["location"])
    assert 'name="next" value="/policy/P-1?at=2026-03-05"' in page.text
    there = client.post("/sign-in", data={**RIGHT, "next": "/policy/P-1?at=2026-03-05"})
    assert (there.status_code, there.headers["location"]) == (303, "/policy/P-1?at=2026-03-05")


def test_a_fragment_for_nobody_moves_the_whole_page_to_sign_in() -> None:
    answer = browser().get("/policy/P-1", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/sign-in?next=/policy/P-1"


@pytest.mark.parametrize("secure", [False, True])
def test_the_session_is_in_a_cookie_that_no_script_and_no_other_site_gets(secure: bool) -> None:
    cookie = browser(secure=secure).post("/sign-in", data=RIGHT).headers["set-cookie"].lower()
    assert cookie.startswith("ringwall_session=the-token;")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert ("secure" in cookie) is secure


def test_a_wrong_password_is_said_beside_the_form_and_opens_nothing() -> None:
    client = browser()
    answer = client.post("/sign-in", data={"name": "somebody", "password": "wrong"})
    assert answer.status_code == 422
    assert "用户名与密码不符" in answer.text
    assert 'value="somebody"' in answer.text
    assert "set-cookie" not in answer.headers


def test_signing_out_closes_the_session() -> None:
    gate = OneKnocks()
    client = browser(gate=gate)
    client.post("/sign-in", data=RIGHT)
    assert client.post("/sign-out").headers["location"] == "/sign-in"
    assert not gate.open
    assert client.get("/").status_code == 303


@pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test", "/\\evil.test", "evil", "/a\r\nX: y", ""])
def test_no_address_of_another_place_is_gone_to_after_a_write(elsewhere: str) -> None:
    assert back_to(elsewhere).headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.test"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/quote/Q-1", "/book/runs"])
def test_a_form_of_another_site_is_refused_everywhere(headers: dict[str, str], path: str) -> None:
    gate = OneKnocks()
    client = browser(gate=gate)
    client.post("/sign-in", data=RIGHT)
    answer = client.post(path, data=RIGHT, headers=headers)
    assert answer.status_code == 403
    assert "该表单来自其他网站" in answer.text
    assert gate.open


def test_a_form_of_this_site_and_of_a_program_without_an_origin_is_taken() -> None:
    for headers in ({"origin": HERE}, {"sec-fetch-site": "same-origin"}, {}):
        assert browser().post("/sign-in", data=RIGHT, headers=headers).status_code == 303


def test_the_language_is_switched_by_a_link_and_kept() -> None:
    client = browser()
    assert '<html lang="zh-CN">' in client.get("/sign-in").text
    switched = client.get("/sign-in?next=/book&lang=en")
    assert '<html lang="en">' in switched.text
    assert 'href="?next=%2Fbook&amp;lang=zh"' in switched.text
    assert '<html lang="en">' in client.get("/sign-in").text
    assert "httponly" in switched.headers["set-cookie"].lower()


def test_a_language_that_there_is_not_changes_nothing() -> None:
    assert '<html lang="zh-CN">' in browser().get("/sign-in?lang=xx").text


@pytest.mark.parametrize("path", ["/sign-in", "/", "/nowhere", "/static/ringwall.css", "/static/nothing"])
def test_every_answer_says_what_a_browser_may_do_with_it(path: str) -> None:
    headers = browser().get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy, "nothing is loaded from another place"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_https_is_asked_for_only_where_there_is_https() -> None:
    assert "strict-transport-security" not in browser().get("/sign-in").headers
    assert "strict-transport-security" in browser(secure=True).get("/sign-in").headers


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/nowhere", 404, "这里没有可供您查看的内容"),
        ("POST", "/policy/P-1", 405, "本页仅供查看"),
        ("POST", "/sign-in", 422, "提交的内容无法识别"),
        ("GET", "/?at=yesterday", 422, "“yesterday”不是日期"),
    ],
)
def test_what_goes_wrong_has_a_page_that_says_what_to_do(method: str, path: str, status: int, said: str) -> None:
    answer = browser().request(method, path)
    assert answer.status_code == status
    assert said in answer.text
    assert answer.text.count("<h1>") == 1


def test_our_own_mistake_is_a_calm_page_and_an_entry_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    client = browser()
    client.post("/sign-in", data=RIGHT)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "系统出错" in answer.text
    assert "no office for" not in answer.text
    assert any("no office for" in str(record.exc_info) for record in caplog.records if record.name == "ringwall.web")


def test_the_sign_in_page_lists_the_people_of_the_installation_where_there_are_any() -> None:
    page = browser().get("/sign-in?lang=en").text
    assert "Some Company" in page
    assert 'data-value="somebody"' in page
    nobody = TestClient(make_portal(NoOffice(), OneKnocks()), base_url=HERE).get("/sign-in?lang=en").text
    assert "The people of this installation" not in nobody


def test_the_menu_is_for_whoever_has_signed_in() -> None:
    assert "top-menu" not in browser().get("/sign-in").text


def test_strangers_are_told_that_this_installation_answers_only_who_has_signed_in() -> None:
    assert "answers only who has signed in" in browser().get("/verify?code=AAAA&lang=en").text
