"""The API on one plain page of our own, made from the OpenAPI document: no script, nothing from another host."""

from __future__ import annotations

import json
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; }
nav { columns: 3 14rem; font-size: .85rem; } nav a { display: block; text-decoration: none; }
h2 { border-bottom: 1px solid #8886; margin-top: 2.5rem; }
details { border: 1px solid #8884; border-radius: .4rem; margin: .4rem 0; padding: .3rem .8rem; }
summary { cursor: pointer; } code, pre { font-family: ui-monospace, monospace; font-size: .85rem; }
pre { background: #8881; overflow-x: auto; padding: .6rem; } table { border-collapse: collapse; width: 100%; }
td, th { border-top: 1px solid #8883; padding: .2rem .6rem .2rem 0; text-align: left; vertical-align: top; }
.verb { display: inline-block; font-weight: 700; min-width: 4.2rem; text-transform: uppercase; }
"""


def page(document: dict[str, Any]) -> str:
    """Every operation by subject: parameters, the body, the answer, and every way in which it says no."""
    subjects: dict[str, list[str]] = {}
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            subjects.setdefault(operation["tags"][0], []).append(_operation(path, verb, operation))
    sections = "".join(
        f'<h2 id="{number}">{escape(subject)}</h2>{"".join(operations)}'
        for number, (subject, operations) in enumerate(subjects.items())
    )
    links = "".join(f'<a href="#{number}">{escape(subject)}</a>' for number, subject in enumerate(subjects))
    paragraphs = "".join(
        f"<p>{escape(part)}</p>" for part in document["info"]["description"].split("\n") if part.strip()
    )
    title = escape(f"{document['info']['title']} {document['info']['version']}")
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><h1>{title}</h1>'
        f'{paragraphs}<p><a href="openapi.json">openapi.json</a></p><nav>{links}</nav>{sections}</body></html>'
    )


def _operation(path: str, verb: str, operation: dict[str, Any]) -> str:
    head = f'<span class="verb">{escape(verb)}</span><code>{escape(path)}</code> — {escape(operation["summary"])}'
    parts = [f"<p>{escape(operation.get('description', ''))}</p>", _parameters(operation)]
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        example = content.get("example", "")
        shape = example if isinstance(example, str) else json.dumps(example, indent=1, ensure_ascii=False)
        parts.append(f"<p>请求 · Request <code>{escape(media)}</code></p><pre>{escape(shape)}</pre>")
    rows = "".join(
        f"<tr><td>{escape(status)}</td><td>{escape(said['description'])}</td><td><code>{escape(_name_of(said))}</code></td></tr>"
        for status, said in operation["responses"].items()
    )
    parts.append(f"<table><tr><th>状态 · Status</th><th>含义 · Meaning</th><th>形式 · Shape</th></tr>{rows}</table>")
    return f"<details><summary>{head}</summary>{''.join(parts)}</details>"


def _parameters(operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code></td><td>{escape(each['in'])}</td>"
        f"<td>{escape(each.get('description', ''))}</td></tr>"
        for each in operation.get("parameters", ())
    )
    return f"<table><tr><th>参数 · Parameter</th><th></th><th></th></tr>{rows}</table>" if rows else ""


def _name_of(said: dict[str, Any]) -> str:
    schemas = [content.get("schema", {}) for content in said.get("content", {}).values()]
    return ", ".join(str(schema.get("$ref", schema.get("type", ""))).rpartition("/")[2] for schema in schemas)
