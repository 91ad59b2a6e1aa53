"""Records to JSON and back, by the type hints of the frozen records, so that no room knows of storage."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import Enum
from fractions import Fraction
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, NewType, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID
from zoneinfo import ZoneInfo

from ringwall.basics import field_names
from ringwall.desk.doors import Json

T = TypeVar("T")

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")


class NotReadable(ValueError):
    """A stored body does not have the shape of its record: our own mistake, or a migration that was forgotten."""


def encode(value: object) -> Json:
    """A record as JSON: fractions as `3/10`, instants and days in ISO 8601, enums by their value."""
    names = field_names(value)
    if names is not None:
        return {name: encode(getattr(value, name)) for name in names}
    match value:
        case Enum():
            return encode(value.value)
        case None | bool() | int() | float() | str():
            return value
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return value // timedelta(microseconds=1)
        case UUID() | IPv4Network() | IPv6Network() | ZoneInfo():
            return str(value)
        case bytes():
            return value.hex()
        case Mapping():
            return {str(encode(key)): encode(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            items = [encode(item) for item in value]
            return sorted(items, key=str) if isinstance(value, (set, frozenset)) else items
    raise NotReadable(f"{type(value).__name__} has no stored form")


SIMPLE: Mapping[object, Callable[[Any], object]] = {
    Fraction: Fraction,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    time: time.fromisoformat,
    timedelta: lambda raw: timedelta(microseconds=raw),
    UUID: UUID,
    ZoneInfo: ZoneInfo,
    bytes: bytes.fromhex,
    IPv4Network: ip_network,
    IPv6Network: ip_network,
    float: float,
}


@cache
def _fields(record: type) -> tuple[tuple[str, object], ...]:
    hints = get_type_hints(record)
    return tuple((name, hints[name]) for name in field_names(record) or ())


def decode(wanted: type[T], raw: Json) -> T:
    """The record of the wanted type from its JSON; a field that the JSON lacks keeps the record's default."""
    return _decode(wanted, raw)  # type: ignore[return-value]


def _decode(wanted: Any, raw: Any) -> object:
    if isinstance(wanted, NewType):
        return _decode(wanted.__supertype__, raw)
    if wanted in SIMPLE:
        return SIMPLE[wanted](raw)
    if wanted in (object, Any, bool, int, str, type(None)):
        return raw
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        return _decode_union(get_args(wanted), raw)
    if origin is not None:
        return _decode_collection(origin, get_args(wanted), raw)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return wanted(raw)
    if field_names(wanted) is not None:
        return _decode_record(wanted, raw)
    raise NotReadable(f"{wanted} has no stored form")


def _decode_record(wanted: Any, raw: Any) -> object:
    if not isinstance(raw, dict):
        raise NotReadable(f"{wanted.__name__} is stored as an object, not as {type(raw).__name__}")
    return wanted(**{name: _decode(hint, raw[name]) for name, hint in _fields(wanted) if name in raw})


def _decode_collection(origin: Any, arguments: tuple[Any, ...], raw: Any) -> object:
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(_decode(arguments[0], item) for item in raw)
    if origin is tuple:
        return tuple(_decode(argument, item) for argument, item in zip(arguments, raw, strict=True))
    if origin in (frozenset, set):
        return origin(_decode(arguments[0], item) for item in raw)
    if origin in (list, Sequence):
        return [_decode(arguments[0], item) for item in raw]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {_decode(arguments[0], key): _decode(arguments[1], item) for key, item in raw.items()}
    if origin is types.GenericAlias or origin.__name__ == "Literal":
        return raw
    raise NotReadable(f"{origin} has no stored form")


def _decode_union(members: tuple[Any, ...], raw: Any) -> object:
    """None, then the plain values by their JSON kind; text that is a whole instant is one where the union admits it."""
    if raw is None:
        return None
    if isinstance(raw, str) and datetime in members and INSTANT.fullmatch(raw):
        return datetime.fromisoformat(raw)
    if isinstance(raw, (bool, int, float, str)) and type(raw) in members:
        return raw
    rest = [member for member in members if member is not type(None)]
    for member in rest:
        try:
            return _decode(member, raw)
        except (NotReadable, TypeError, ValueError, KeyError):
            continue
    raise NotReadable(f"none of {rest} is stored as {raw!r}")
