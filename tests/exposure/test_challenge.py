"""The challenge by which control of an asset is proved."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from ringwall.basics import SHANGHAI
from ringwall.exposure import ProofMethod, challenge_token, issue_challenge

AT = datetime(2025, 12, 15, 10, tzinfo=SHANGHAI)
KEY = b"server key"


def test_a_token_is_base64url_of_a_whole_hmac() -> None:
    token = challenge_token(KEY, "jiangkou", "www.jiangkou.test", "n1")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert token == challenge_token(KEY, "jiangkou", "WWW.jiangkou.test.", "n1")


@pytest.mark.parametrize(
    "other",
    [
        (b"another key", "jiangkou", "www.jiangkou.test", "n1"),
        (KEY, "someone", "www.jiangkou.test", "n1"),
        (KEY, "jiangkou", "erp.jiangkou.test", "n1"),
        (KEY, "jiangkou", "www.jiangkou.test", "n2"),
    ],
)
def test_a_token_is_good_for_one_account_asset_and_nonce(other: tuple[bytes, str, str, str]) -> None:
    assert challenge_token(*other) != challenge_token(KEY, "jiangkou", "www.jiangkou.test", "n1")


def test_a_challenge_says_where_its_token_goes() -> None:
    by_dns = issue_challenge(KEY, "jiangkou", "Jiangkou.test", ProofMethod.DNS_TXT, "n1", AT)
    by_http = issue_challenge(KEY, "jiangkou", "www.jiangkou.test", ProofMethod.HTTP_TOKEN, "n1", AT)
    assert by_dns.place == "_ringwall-challenge.jiangkou.test"
    assert by_http.place == f"/.well-known/ringwall-challenge/{by_http.token}"


@pytest.mark.parametrize(("days", "is_open"), [(0, True), (7, True), (8, False), (-1, False)])
def test_a_challenge_is_open_for_seven_days(days: int, is_open: bool) -> None:
    made = issue_challenge(KEY, "jiangkou", "jiangkou.test", ProofMethod.DNS_TXT, "n1", AT)
    assert made.is_open(AT + timedelta(days=days)) is is_open
