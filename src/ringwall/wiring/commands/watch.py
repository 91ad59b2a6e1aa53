"""The command `watch`: one sensor of one insured, its open file followed live and its closed files counted."""

from __future__ import annotations

import hmac
import signal
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from ringwall.basics import Language, Refusal, Words
from ringwall.shell.cli import Page, Parser, Refused, Tools
from ringwall.shell.cli.answer import print_document
from ringwall.shell.cli.commands.traffic import network, read_key
from ringwall.shell.sensors import Feeder, Privacy, Spool, Watched, Watcher
from ringwall.wiring.commands.acting import acting, add_person

REST_SECONDS = 0.5
STATUS_SECONDS = 10.0


class Watch:
    """The command `watch`."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home = home
        self._environment = environment

    def add_arguments(self, parser: Parser) -> None:
        parser.add(Words("投保单编号", "number of the application"), "number", metavar="NUMBER")
        add_person(parser)
        parser.add(
            Words("内网地址段，可多次给出", "an inside range; may be given several times"),
            "--inside",
            action="append",
            required=True,
            metavar="CIDR",
        )
        parser.add(Words("传感器名称，默认 main", "name of the sensor, main unless told"), "--sensor", default="main")
        parser.add(
            Words("传感器写入的文件夹，默认为 <home>/spool/<传感器>", "its folder, <home>/spool/<sensor> unless told"),
            "--spool",
            type=Path,
            metavar="FOLDER",
        )
        parser.add(Words("文件名样式", "what its files are called"), "--pattern", default="eve*.json*")
        parser.add(
            Words("被保险人的假名密钥文件；默认由本系统密钥导出", "the insured's pseudonym key; else from the house's"),
            "--key-file",
            type=Path,
            metavar="F",
        )
        parser.add(Words("读完现有内容即结束", "end when nothing new stands there"), "--once", action="store_true")

    def run(self, arguments: Namespace, _: Tools) -> int:
        inside = tuple(network(text) for word in arguments.inside for text in word.split(","))
        folder = arguments.spool or self._home / "spool" / arguments.sensor
        folder.mkdir(parents=True, exist_ok=True)
        with acting(self._home, self._environment, arguments.person) as (house, speaker), told_to_end() as ended:
            derived = hmac.digest(house.server_key, f"traffic:{arguments.number}".encode(), "sha256")
            key = read_key(arguments.key_file) if arguments.key_file else derived
            feeder = Feeder(house.front, speaker, arguments.number, arguments.sensor, lambda: datetime.now(UTC))
            status = Status(arguments.lang, quiet=arguments.json)
            pause = Pause(ended, status, once=arguments.once)
            spool = Spool(arguments.sensor, folder, arguments.pattern)
            watcher = Watcher(spool, Privacy(key, inside), feeder, status.refused, pause)
            status.begins(folder)
            refusal = watcher.watch(ended.is_set)
        status.says(watcher.done)
        if refusal is not None:
            raise Refused(refusal)
        if arguments.json:
            print_document({"kind": "watch", "sensor": arguments.sensor, **asdict(watcher.done)})
        return 0


@contextmanager
def told_to_end() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set; the step that runs is finished first."""
    ended = threading.Event()
    asked = {number: signal.signal(number, lambda *_: ended.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield ended
    finally:
        for number, before in asked.items():
            signal.signal(number, before)


class Status:
    """The status line on the terminal: what was done so far, when it has changed."""

    def __init__(self, language: Language, *, quiet: bool) -> None:
        self._page = Page(language, sys.stderr)
        self._quiet = quiet
        self._said = Watched()
        self._said_at = 0.0

    def begins(self, folder: Path) -> None:
        if not self._quiet:
            self._page.line(Words(f"跟读 {folder}（Ctrl-C 结束）", f"Following {folder} (Ctrl-C ends it)"))
            sys.stderr.flush()

    def refused(self, refusal: Refusal) -> None:
        if not self._quiet:
            self._page.refusals((refusal,))

    def now_and_then(self, done: Watched) -> None:
        if done != self._said and time.monotonic() - self._said_at >= STATUS_SECONDS:
            self.says(done)

    def says(self, done: Watched) -> None:
        self._said, self._said_at = done, time.monotonic()
        if not self._quiet:
            zh = (
                f"实时 {done.lines} 行、告警 {done.alerts} 条；入库 {done.files} 个文件 {done.counted_lines} 行"
                f"（拒收 {done.rejected} 行）；删除原始文件 {done.deleted} 个、到期记录 {done.forgotten} 条"
            )
            en = (
                f"live: {done.lines} lines, {done.alerts} alerts; counted: {done.files} files, {done.counted_lines} "
                f"lines ({done.rejected} rejected); deleted: {done.deleted} raw files, {done.forgotten} rows"
            )
            self._page.line(Words(zh, en))
            sys.stderr.flush()


@dataclass(frozen=True, slots=True)
class Pause:
    """What happens when there is nothing to do: a moment of rest, or the end."""

    ended: threading.Event
    status: Status
    once: bool

    def __call__(self, done: Watched) -> None:
        self.status.now_and_then(done)
        if self.once:
            self.ended.set()
        self.ended.wait(REST_SECONDS)
