"""What these commands share: an open house, and the person in whose name the command acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ringwall.basics import Words, refuse
from ringwall.desk.doors import Speaker
from ringwall.shell.cli import Parser, Refused
from ringwall.shell.store.people import person_here
from ringwall.wiring.house import House, HouseClosed, open_house


def add_person(parser: Parser) -> None:
    parser.add(
        Words("以谁的名义（登录名）；权限与其在门户中相同", "in whose name (of signing in), with that person's rights"),
        "--as",
        dest="person",
        required=True,
        metavar="NAME",
    )


@contextmanager
def acting(home: Path, environment: Mapping[str, str], name: str) -> Iterator[tuple[House, Speaker]]:
    """Whoever can start this command holds the keys of the installation, so no password is asked for."""
    try:
        with open_house(home, environment) as house:
            speaker = person_here(house.pool, name)
            if speaker is None:
                raise Refused(
                    refuse(
                        "person_unknown",
                        name,
                        zh=f"本系统没有登录名为“{name}”的人员；请核对，或先登记该人员。",
                        en=f'Nobody here signs in as "{name}"; check the name, or enrol the person first.',
                    )
                )
            yield house, speaker
    except HouseClosed as closed:
        raise Refused(*closed.refusals) from closed
