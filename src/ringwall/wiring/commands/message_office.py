"""The command `messages`: what an operator does for letters that leave the house."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from ringwall.basics import Refusal, Words, refuse
from ringwall.desk.doors import Parcel
from ringwall.desk.message.send_outside import send_outside
from ringwall.desk.message.take_status import StatusTaken
from ringwall.monitoring import CHANNEL_NAMES, MARK_NAMES
from ringwall.shell.cli import Answer, Page, Parser, Refused, Tools, show
from ringwall.shell.messages import is_mail_address, is_phone_number, returns_box
from ringwall.shell.store.people import reach
from ringwall.wiring.house import House, HouseClosed, open_house
from ringwall.wiring.messages import now, read_answers


class MessageOffice:
    """`send` what is due, list what was given up (`dead`), try that `again`, `read` what mail servers answered, or say
    where a person is reached."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home = home
        self._environment = environment

    def add_arguments(self, parser: Parser) -> None:
        parser.add(Words("做什么", "what to do"), "act", choices=("send", "dead", "again", "read", "reach"))
        parser.add(
            Words(
                "read：投递状态通知的文件或 maildir；默认为已配置的",
                "read: a notification, or a maildir; else as configured",
            ),
            "--from",
            dest="box",
            type=Path,
            metavar="PATH",
        )
        parser.add(Words("reach：登录名", "reach: the person's sign-in name"), "--person", default="")
        parser.add(Words("reach：电子邮箱，空为取消", "reach: e-mail address, empty for none"), "--email")
        parser.add(Words("reach：手机号，空为取消", "reach: phone number, empty for none"), "--phone")

    def run(self, arguments: Namespace, _: Tools) -> int:
        try:
            with open_house(self._home, self._environment) as house:
                if arguments.act == "reach":
                    return show(arguments, _reached(house, arguments))
                if arguments.act == "read":
                    return show(arguments, _read(house, arguments.box or self._configured()))
                return show(arguments, _carried(house, arguments.act))
        except HouseClosed as closed:
            raise Refused(*closed.refusals) from closed

    def _configured(self) -> Path | None:
        box = returns_box(self._environment)
        return None if isinstance(box, Refusal) else box


def _carried(house: House, act: str) -> Answer:
    with house.outgoing() as outgoing:
        again = outgoing.try_again(now()) if act == "again" else 0
        tried = 0 if act == "dead" else send_outside(outgoing, house.doors, now)
        dead = outgoing.given_up(now())

    def draw(page: Page) -> None:
        counts = Words(f"重试 {again}，发送 {tried}", f"again {again}, tried {tried}")
        page.line(Words(f"{counts.zh}，已放弃 {len(dead)}", f"{counts.en}, dead {len(dead)}"))
        if dead:
            page.table(
                (Words("消息", "Message"), Words("通道", "Channel"), Words("地址", "Address"), Words("原因", "Reason")),
                [(each.message.subject, CHANNEL_NAMES[each.channel], each.to, _reason(each)) for each in dead],
            )

    document = {"again": again, "tried": tried, "dead": [_document(each) for each in dead]}
    return Answer(document, draw)


def _read(house: House, box: Path | None) -> Answer:
    """What waits in the box, as the worker reads it; what cannot be matched is said, and left for a person."""
    if box is None or not box.exists():
        raise Refused(
            refuse(
                "box_missing",
                "--from",
                zh=f"没有可读取的文件或 maildir（{box or '未给出'}）；请用 --from 给出，或配置 RINGWALL_SMTP_RETURNS。",
                en=f"There is no file or maildir to read ({box or 'none given'}); name it with --from, or configure "
                "RINGWALL_SMTP_RETURNS.",
            )
        )
    with house.outgoing() as outgoing:
        read = read_answers(outgoing, box, house.doors)

    def draw(page: Page) -> None:
        columns = (
            Words("邮件", "Mail"),
            Words("地址", "Address"),
            Words("结果", "Mark"),
            Words("改用", "Next channel"),
        )
        rows = [(each.parcel, each.to, MARK_NAMES[each.mark], _next_words(each)) for each in read.taken]
        page.table(columns, rows)

    return Answer({"taken": read.taken}, draw, read.refused)


def _next_words(taken: StatusTaken) -> Words:
    return CHANNEL_NAMES[taken.next_channel] if taken.next_channel else Words("—", "—")


def _reason(parcel: Parcel) -> str:
    way = (parcel.channel, parcel.to)
    return next((each.proof for each in parcel.message.failures if each.way == way), "")


def _document(parcel: Parcel) -> dict[str, object]:
    return {
        "message": parcel.message.id,
        "about": parcel.message.about,
        "channel": parcel.channel,
        "to": parcel.to,
        "attempts": parcel.attempts,
        "reason": _reason(parcel),
    }


def _reached(house: House, arguments: Namespace) -> Answer:
    for value, fits, what in (
        (arguments.email, is_mail_address, Words("电子邮箱", "an e-mail address")),
        (arguments.phone, is_phone_number, Words("手机号", "a phone number")),
    ):
        if value and not fits(value):
            raise Refused(
                refuse(
                    "address_unusable",
                    value,
                    zh=f"“{value}”不是可用的{what.zh}；请更正后重试。",
                    en=f"'{value}' is not {what.en} that can be used; correct it and try again.",
                )
            )
    if not reach(house.pool, arguments.person, email=arguments.email, phone=arguments.phone):
        raise Refused(
            refuse(
                "person_unknown",
                arguments.person,
                zh=f"平台上没有登录名为“{arguments.person}”的人；请用 --person 给出登录名。",
                en=f"Nobody signs in as '{arguments.person}'; give the sign-in name with --person.",
            )
        )
    done = Words(f"{arguments.person} 的联系方式已登记", f"where {arguments.person} is reached is on record")
    return Answer({"person": arguments.person}, lambda page: page.line(done))
