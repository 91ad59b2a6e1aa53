"""Answer models made from the rooms' own frozen records, so that the schema says what a record holds and nothing else.

Fractions are texts `n/d`, instants carry their offset, amounts keep the ending `_minor`.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import Enum
from fractions import Fraction
from typing import Annotated, Any, ForwardRef, Literal, NewType, Union, get_args, get_origin, get_type_hints
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model

from ringwall.basics import field_names

RATIO = {"type": "string", "pattern": r"^-?[0-9]+/[0-9]+$", "examples": ["7/20"]}
KNOWN_AS: dict[type, object] = {
    Fraction: Annotated[str, BeforeValidator(lambda value: ratio(value)), WithJsonSchema(RATIO)],
    ZoneInfo: Annotated[str, BeforeValidator(str)],
    time: Annotated[str, BeforeValidator(lambda value: value.isoformat() if isinstance(value, time) else value)],
    timedelta: Annotated[str, BeforeValidator(str)],
}
PLAIN = (bool, int, float, str, datetime, date, UUID, type(None))
SETTINGS = ConfigDict(from_attributes=True, extra="forbid")

_made: dict[type, type[BaseModel]] = {}
_names: dict[str, type] = {}


def ratio(value: object) -> object:
    """3/10, and 1/1 for a whole: a reader never has to ask which form it gets."""
    return f"{value.numerator}/{value.denominator}" if isinstance(value, Fraction) else value


def mirror(record: type) -> type[BaseModel]:
    """The model of a record, and of every record inside it; made once, read from the record's own type hints."""
    if record in _made:
        return _made[record]
    open_before = len(_made)
    model = _make(record, being_made=frozenset())
    for made in list(_made.values())[open_before:]:
        made.model_rebuild(_types_namespace={name: _made[of] for name, of in _names.items() if of in _made})
    return model


def name_of(record: type) -> str:
    """A record's own name, with its room before it where another room has used the name first."""
    name = record.__name__
    if _names.setdefault(name, record) is not record:
        room = record.__module__.removeprefix("ringwall.").split(".")[0]
        name = f"{room.capitalize()}{name}"
        _names[name] = record
    return name


def _make(record: type, being_made: frozenset[type]) -> type[BaseModel]:
    names = field_names(record)
    assert names is not None, f"{record} is no record"
    hints = get_type_hints(record)
    inside = being_made | {record}
    fields: dict[str, Any] = {name: (_shape(hints[name], inside), _described(name)) for name in names}
    made: type[BaseModel] = create_model(
        name_of(record), __config__=SETTINGS, __doc__=_first_words(record), __module__=record.__module__, **fields
    )
    _made[record] = made
    return made


def _described(name: str) -> Any:
    if name.endswith("_minor"):
        return Field(description="整数分 · whole fen")
    if name.endswith("_at"):
        return Field(description="带时区偏移的时刻 · an instant with its offset")
    return Field()


def _first_words(record: type) -> str:
    return " ".join((record.__doc__ or record.__name__).split())


def _shape(hint: Any, being_made: frozenset[type]) -> Any:
    """What stands for a type in an answer."""
    if isinstance(hint, NewType):
        return _shape(hint.__supertype__, being_made)
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return Union[tuple(_shape(member, being_made) for member in get_args(hint))]  # noqa: UP007  (made at run time)
    if origin is Literal:
        return hint
    if origin is not None:
        return _collection(origin, get_args(hint), being_made)
    if hint in KNOWN_AS:
        return KNOWN_AS[hint]
    if hint in PLAIN or (isinstance(hint, type) and issubclass(hint, Enum)):
        return hint
    if isinstance(hint, type) and field_names(hint) is not None:
        if hint in being_made:
            return ForwardRef(name_of(hint))
        return _made.get(hint) or _make(hint, being_made)
    raise TypeError(f"{hint} has no form in an answer")


def _collection(origin: Any, arguments: tuple[Any, ...], being_made: frozenset[type]) -> Any:
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        return tuple[tuple(_shape(each, being_made) for each in arguments)]  # type: ignore[misc]
    if issubclass(origin, Mapping):
        return dict[_shape(arguments[0], being_made), _shape(arguments[1], being_made)]  # type: ignore[misc]
    if origin in (tuple, list, frozenset, set) or issubclass(origin, Sequence):
        items: Any = list[_shape(arguments[0], being_made)]  # type: ignore[misc]
        return Annotated[items, BeforeValidator(_in_order)] if origin in (frozenset, set) else items
    raise TypeError(f"{origin} has no form in an answer")


def _in_order(value: object) -> object:
    return sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
