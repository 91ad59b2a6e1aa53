"""The portal and the API at one address, with a worker beside them, until somebody stops it."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from ringwall.basics import Words
from ringwall.desk.life.case import Case
from ringwall.shell.cli import Parser, Refused, Tools
from ringwall.shell.jobs.queue import Worker
from ringwall.wiring.house import House, HouseClosed, open_house
from ringwall.wiring.people import shipped_case

ServeHouse = Callable[[House, Case, Namespace], None]
DEFAULT_PORT = 8000


class Serve:
    """The command `serve`."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home = home
        self._environment = environment

    def add_arguments(self, parser: Parser) -> None:
        add_address(parser)

    def run(self, arguments: Namespace, _: Tools) -> int:
        try:
            with open_house(self._home, self._environment) as house:
                serve_house(house, shipped_case(), arguments)
        except HouseClosed as closed:
            raise Refused(*closed.refusals) from closed
        return 0


def add_address(parser: Parser) -> None:
    """Where to serve; by default only this machine can reach it."""
    parser.add(Words("监听地址", "address to listen on"), "--host", default="127.0.0.1")
    parser.add(
        Words("门户经 https 访问（证书在前置代理）", "the portal is reached by https, through a proxy"),
        "--https",
        action="store_true",
    )
    parser.add(Words("监听端口", "port to listen on"), "--port", type=int, default=DEFAULT_PORT)


def serve_house(house: House, case: Case, arguments: Namespace) -> None:
    """Serve an open house; the worker ends with the server."""
    import uvicorn  # only now: a command on files should not wait for the web

    from ringwall.wiring.site import make_app

    worker = Worker(house.queue)
    worker.start()
    address = f"http://{arguments.host}:{arguments.port}"
    said = Words(f"门户：{address} （按 Ctrl-C 结束）", f"Portal: {address} (Ctrl-C ends it)")
    print(said.in_language(arguments.lang), file=sys.stderr, flush=True)
    try:
        app = make_app(house, case, https=arguments.https)
        uvicorn.run(app, host=arguments.host, port=arguments.port, log_level="warning")
    finally:
        worker.stop()
