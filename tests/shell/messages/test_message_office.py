"""What an operator does for letters that leave the house, by the command `messages`."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.shell.messages.conftest import LIN, Street
from tests.shell.messages.servers import MailServer, mail_server
from tests.shell.messages.test_on_the_way import smtp

from ringwall.shell.cli import Refused
from ringwall.shell.jobs.queue import drain
from ringwall.shell.messages import is_mail_address, is_phone_number
from ringwall.shell.store.post.outgoing import outgoing_rows
from ringwall.wiring.commands import message_office
from ringwall.wiring.commands.message_office import MessageOffice


class OpenHouse:
    """Of a house, what the command asks for."""

    def __init__(self, street: Street, *doors: Any) -> None:
        self.pool, self.doors, self._url = street.town.pool, doors, street.town.owner_url

    def outgoing(self) -> Any:
        return outgoing_rows(self._url)


def asked(
    monkeypatch: pytest.MonkeyPatch, house: OpenHouse, environment: Mapping[str, str] | None = None, **given: Any
) -> int:
    @contextmanager
    def opened(*_: object) -> Iterator[OpenHouse]:
        yield house

    monkeypatch.setattr(message_office, "open_house", opened)
    defaults = {"person": "", "email": None, "phone": None, "box": None, "json": True, "lang": "en"}
    no_tools: Any = None
    return MessageOffice(Path(), environment or {}).run(Namespace(**{**defaults, **given}), no_tools)


def test_dead_letters_are_listed_with_their_reason_and_sent_again_to_a_corrected_address(
    street: Street, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with mail_server(MailServer({LIN: "550 no such box"})) as box:
        street.send_notice()
        drain(street.queue(smtp(box)))
        house = OpenHouse(street, smtp(box))
        assert asked(monkeypatch, house, act="dead") == 0
        (dead,) = json.loads(capsys.readouterr().out)["dead"]
        assert (dead["to"], dead["reason"], dead["channel"]) == (LIN, "550 no such box", "smtp")
        asked(monkeypatch, house, act="dead", json=False)
        assert "550 no such box" in capsys.readouterr().out
        asked(monkeypatch, house, act="reach", person="lin", email="lin.new@factory.example")
        capsys.readouterr()
        asked(monkeypatch, house, act="again")
        assert json.loads(capsys.readouterr().out) == {"again": 1, "tried": 1, "dead": []}
    assert street.sent().delivered_at is not None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"person": "nobody", "email": "a@b.example"}, "person_unknown"),
        ({"person": "lin", "email": "lin@"}, "address_unusable"),
        ({"person": "lin", "email": "a@b.example\r\nBcc: x@y.example"}, "address_unusable"),
        ({"person": "lin", "phone": "13800000000"}, "address_unusable"),
    ],
)
def test_an_address_that_reaches_nobody_is_refused(
    street: Street, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        asked(monkeypatch, OpenHouse(street), act="reach", **given)
    assert refused.value.refusals[0].code == code


def test_addresses_and_numbers_are_told_from_what_is_none() -> None:
    assert is_mail_address("lin@factory.example")
    assert not any(is_mail_address(text) for text in ("", "lin", "@x", "a@b@c", "林@x.example", "a b@c.example"))
    assert is_phone_number("+8613800000000")
    assert not any(is_phone_number(text) for text in ("", "+", "13800000000", "+86 138", "+0123456789"))
