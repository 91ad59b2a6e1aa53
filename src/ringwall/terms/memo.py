"""What a reader prepares from a frozen record at first sight and keeps beside it: no part of the record's value."""

from __future__ import annotations

from typing import Any


class Memo:
    """Empty until a reader fills it. A record that is copied or sent to another process begins with an empty one."""

    __slots__ = ("made",)

    def __init__(self) -> None:
        self.made: Any = None

    def __reduce__(self) -> tuple[type[Memo], tuple[()]]:
        return (Memo, ())
