"""An example of a request, made from its schema: the fields' own examples, put together."""

from __future__ import annotations

from typing import Any

DEEPEST = 6
PLAIN: dict[str, object] = {"number": 0, "boolean": True}


def example_of(schemas: dict[str, Any], schema: dict[str, Any], depth: int = 0) -> object:
    """A value of the schema's shape; `schemas` are the document's components, by name."""
    if "$ref" in schema:
        return example_of(schemas, schemas[schema["$ref"].rpartition("/")[2]], depth)
    for several in ("examples", "enum"):
        if schema.get(several):
            return schema[several][0]
    for one in ("default", "const"):
        if one in schema:
            return schema[one]
    if "anyOf" in schema:
        return example_of(schemas, schema["anyOf"][0], depth)
    if schema.get("type") == "integer":
        return int(schema.get("minimum", 0))
    if schema.get("type") == "object":
        inside = schema.get("properties", {}) if depth < DEEPEST else {}
        return {name: example_of(schemas, each, depth + 1) for name, each in inside.items()}
    if schema.get("type") == "array":
        return [example_of(schemas, schema["items"], depth + 1)]
    return PLAIN.get(str(schema.get("type")), "…")
