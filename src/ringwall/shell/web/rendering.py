"""The templates with the texts and formats of one language and one unit of amounts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from ringwall.basics import Language
from ringwall.shell.web.language import AmountUnit, filters, translations

LINK = re.compile(r'(<a\b[^>]*?\shref=")(/[^"#]*)(#[^"]*)?"')
"""A link to a place of this site; one that begins with a question mark stays on its page."""

POLICIES = {"ext.i18n.trimmed": True}
"""A text broken over lines in a template is one line in the catalogue; its test extracts under the same rule."""


@cache
def templates(language: Language, unit: AmountUnit = "whole") -> Environment:
    """A name that a page does not give is our own mistake, and fails."""
    environment = Environment(
        loader=PackageLoader("ringwall.shell.web", "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies.update(POLICIES)
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(filters(language, unit))
    return environment


def looking_back(html: str, day: date) -> str:
    """The same page with its links leading to the same day: who looks back goes on looking back from page to page."""

    def with_day(link: re.Match[str]) -> str:
        start, address, anchor = link.groups()
        if "at=" in address:
            return link[0]
        return f'{start}{address}{"&amp;" if "?" in address else "?"}at={day.isoformat()}{anchor or ""}"'

    return LINK.sub(with_day, html)


def fragment_of(template: Template, block: str, values: Mapping[str, object]) -> str:
    """One block of a page on its own, for htmx; such a block imports the macros that it uses inside itself."""
    return "".join(template.blocks[block](template.new_context(dict(values))))
