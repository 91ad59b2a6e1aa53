"""Files that a person names: found, bounded, decoded, and read as texts; every fault names the file and the line."""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ringwall.basics import Words
from ringwall.catalogue import TEXTS
from ringwall.shell.cli.refused import Refused, no

MOST_BYTES = 64 * 1024 * 1024
MOST_FILES = 1_000
REASONS = {
    errno.ENOENT: Words("没有这个文件或文件夹", "there is no such file or folder"),
    errno.EISDIR: Words("这是文件夹，不是文件", "it is a folder and no file"),
    errno.EACCES: Words("没有权限", "permission denied"),
    errno.EEXIST: Words("已有同名文件，不予覆盖", "a file of this name is there and is not overwritten"),
}
Texts = Mapping[str, Any]
"""Names with texts, or with further names or lists below them; nothing is a number yet."""


def read_text(path: Path) -> str:
    """The whole file as UTF-8, within the bound."""
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as fault:  # a name with a NUL is a ValueError
        raise unreadable(path, fault) from None
    if len(body) > MOST_BYTES:
        raise no(
            "file_too_large",
            str(path),
            zh=f"文件超过 {MOST_BYTES} 字节的上限；请分成几个文件。",
            en=f"the file has more than the {MOST_BYTES} bytes allowed; split it.",
        )
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise no(
            "file_not_text",
            str(path),
            zh=f"文件在第 {fault.start} 字节处不是 UTF-8 文本；请另存为 UTF-8。",
            en=f"the file is no UTF-8 text at byte {fault.start}; save it as UTF-8.",
        ) from None


def unreadable(path: Path, fault: OSError | ValueError) -> Refused:
    reason = reason_of(fault)
    return no(
        "file_unreadable",
        str(path),
        zh=f"无法读取：{reason.zh}；请检查路径与权限。",
        en=f"it cannot be read: {reason.en}; check the path and your rights.",
    )


def reason_of(fault: OSError | ValueError) -> Words:
    """What the operating system says, in both languages where it is something common."""
    number = getattr(fault, "errno", None)
    said = getattr(fault, "strerror", None) or str(fault)
    return REASONS.get(number, Words(said, said)) if number else Words(said, said)


def read_document(path: Path) -> Texts:
    """A YAML or JSON file as names with texts; a name that stands twice and a list at the top are refused."""
    text = read_text(path)
    try:
        if path.suffix.lower() == ".json":
            found = json.loads(text, object_pairs_hook=_once, parse_int=str, parse_float=str, parse_constant=str)
            found = _texts(found)
        else:
            found = yaml.load(text, Loader=_Texts)
    except json.JSONDecodeError as fault:
        raise _not_a_document(f"{path}:{fault.lineno}", fault.msg) from None
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        raise _not_a_document(place, str(getattr(fault, "problem", None) or fault)) from None
    except (_Twice, RecursionError) as fault:
        raise _not_a_document(str(path), str(fault) or "nested too deeply") from None
    if not isinstance(found, dict):
        raise _not_a_document(str(path), "names with values are expected")
    return found


def read_texts(folder: Path) -> dict[str, str]:
    """All texts below a folder, by their path relative to it."""
    try:
        paths = sorted(path for path in folder.rglob("*") if path.suffix in TEXTS and path.is_file())
        there = folder.is_dir()
    except OSError:
        there, paths = False, []
    if not there or not paths or len(paths) > MOST_FILES:
        raise no(
            "folder_unreadable",
            str(folder),
            zh=f"这不是一个产品版本的文件夹（找到 {len(paths)} 个文本文件）；请给出含 product.yaml 的文件夹。",
            en=f"this is no folder of a product version ({len(paths)} texts found); name the one with product.yaml.",
        )
    return {path.relative_to(folder).as_posix(): read_text(path) for path in paths}


class _Twice(Exception):
    """A name stands twice in one mapping."""


class _Texts(yaml.BaseLoader):
    """Everything is a text; a name that stands twice is a fault, not the last one wins."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and names.count(key.value) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"“{key.value}” stands twice", key.start_mark)
        return super().construct_mapping(node, deep)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(f"“{name}” stands twice")
        found[name] = value
    return found


def _texts(value: Any) -> Any:
    """JSON's own words as YAML would have them; null stays: it says that nobody knows."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return {name: _texts(each) for name, each in value.items()}
    return [_texts(each) for each in value] if isinstance(value, list) else value


def _not_a_document(where: str, reason: str) -> Refused:
    return no(
        "file_not_a_document",
        where,
        zh=f"不是可读的 YAML 或 JSON：{reason}；请检查缩进、引号与括号。",
        en=f"this is no YAML or JSON that can be read: {reason}; check indentation, quotes and brackets.",
    )
