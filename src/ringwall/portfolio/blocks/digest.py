"""One name for everything that determines a block: the bytes of its columns, the numbers of its terms, the code."""

from __future__ import annotations

import hashlib
import inspect
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from ringwall.basics import field_names


class _Hash(Protocol):
    def update(self, data: Any, /) -> None: ...


def digest(*values: object) -> str:
    """The same name only for the same values; records and tuples are read to the last array, in order."""
    found = hashlib.sha256()
    _feed(found, values)
    return found.hexdigest()


def sources(*modules: ModuleType) -> str:
    """The text of these modules: a block that other code made is another block."""
    return "\n".join(inspect.getsource(module) for module in modules)


def _feed(found: _Hash, value: object) -> None:
    """Every value is opened by its kind and size, so that no two different ones give the same bytes."""
    if isinstance(value, np.ndarray | np.generic):
        assert not value.dtype.hasobject, "a column is of numbers"
        found.update(f"array {value.dtype.str} {value.shape};".encode())
        found.update(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, str):
        text = value.encode()
        found.update(f"text {len(text)};".encode())
        found.update(text)
    elif isinstance(value, tuple | list):
        found.update(f"list {len(value)};".encode())
        for each in value:
            _feed(found, each)
    elif value is None or isinstance(value, bool | int | float):
        found.update(f"{type(value).__name__} {value!r};".encode())
    else:
        names = field_names(value)
        assert names is not None, f"{type(value).__name__} has no place in a digest"
        found.update(f"record {type(value).__name__};".encode())
        _feed(found, [(name, getattr(value, name)) for name in names])
