"""The fields of a frozen record, whether it is a dataclass or, where speed asks for it, a struct or a named tuple."""

from __future__ import annotations

import dataclasses


def field_names(record: object) -> tuple[str, ...] | None:
    """The fields of a record, or of its class, in their order; None for anything else."""
    kind = record if isinstance(record, type) else type(record)
    if dataclasses.is_dataclass(kind):
        return tuple(field.name for field in dataclasses.fields(kind))
    names: tuple[str, ...] | None = getattr(kind, "__struct_fields__", None)
    if names is None and issubclass(kind, tuple):
        names = getattr(kind, "_fields", None)
    return names
