"""YAML read as text: clause 6.10 is not 6.1, `on` is not true, `NO` is Norway."""

from __future__ import annotations

from typing import Any


def read_yaml(text: str) -> Any:
    """Mappings, lists and texts; what is no YAML is a `yaml.YAMLError`."""
    import yaml  # the list of commands is shown without it

    return yaml.load(text, Loader=text_loader())


def text_loader() -> Any:
    """Every scalar as it stands; libyaml gives the same values and lines, nine times as fast."""
    import yaml

    return yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
