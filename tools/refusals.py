"""Writes docs/refusals.md from the source: who may ask for what, and every refusal with the words that it says.

    .venv/bin/python tools/refusals.py           write the page anew
    .venv/bin/python tools/refusals.py --check   only say whether it is what the source gives

The source is read as syntax trees and not run. Where a message puts in a value, the page shows …
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ringwall.desk.permissions import PERMISSIONS

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "ringwall"
PAGE = ROOT / "docs" / "refusals.md"
VALUE = "…"
TEXTS = ("code", "zh", "en")
INTRO = """# 拒绝代码与办理权限 / Refusals, and who may ask for what

Made by `tools/refusals.py` from the source; do not edit it by hand. 由源代码生成，请勿手工修改。

A business "no" is a value: `Refusal(code, where, message)`. The code is stable and may be counted; the message names
the two facts that clash and the next step, in both languages; nothing has been changed. … stands for a value put in.

拒绝是一个值：代码稳定、可统计；说明写明相互冲突的两项事实和下一步，中英文俱全；被拒绝的请求不改变任何数据。“…”处填入具体值。

"""


@dataclass(frozen=True, slots=True)
class Said:
    """One refusal as the source writes it: an argument that is not yet known holds the name that will give it."""

    code: str
    zh: str
    en: str
    module: str


@dataclass(frozen=True, slots=True)
class Maker:
    """A function that makes refusals of codes or words which its callers give."""

    module: str
    name: str
    parameters: tuple[str, ...]
    pattern: Said


Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the source, the names that its module imports, and the function in which it stands."""

    module: str
    imported: frozenset[str]
    inside: Function | None
    node: ast.Call


def main() -> int:
    """Write the page, or with --check only compare it."""
    text = document()
    if "--check" in sys.argv[1:]:
        same = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print("docs/refusals.md holds" if same else "docs/refusals.md is stale: run tools/refusals.py")
        return 0 if same else 1
    PAGE.write_text(text, encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(codes())} codes")
    return 0


def document() -> str:
    """The whole page."""
    return INTRO + "\n".join([*actions(), "", *refusals(), ""])


def actions() -> Iterator[str]:
    """Every use case that somebody may ask for."""
    yield "## 办理权限 / Actions"
    yield ""
    yield "The people who may ask for it, and what their organisation must hold on the object (—: no object is needed)."
    yield ""
    yield "| action | people 人员 | organisation holds 机构所持授权 |"
    yield "|---|---|---|"
    for permission in PERMISSIONS.values():
        people, holding = ", ".join(sorted(permission.people)), ", ".join(sorted(permission.holding)) or "—"
        yield f"| `{permission.action}` | {people} | {holding} |"


def refusals() -> Iterator[str]:
    """Every code with where it comes from and what it says."""
    yield "## 拒绝代码 / Refusals"
    yield ""
    yield "| code | from 来自 | 说明 | message |"
    yield "|---|---|---|---|"
    for code, found in codes().items():
        for place, said in enumerate(found):
            yield f"| {f'`{code}`' if place == 0 else ''} | {said.module} | {cell(said.zh)} | {cell(said.en)} |"


def cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|") or VALUE


@cache
def codes() -> Mapping[str, Sequence[Said]]:
    """Every refusal of the source by its code; the same words from one module stand there once."""
    found: dict[str, dict[Said, None]] = {}
    for said in everything():
        found.setdefault(said.code, {})[said] = None
    return {code: list(found[code]) for code in sorted(found)}


def everything() -> Iterator[Said]:
    """Calls with a code, and calls of functions that pass one on, as far as that goes."""
    known = calls_by_name()
    makers = [Maker("", "refuse", ("code", "where", "zh", "en"), Said("@code", "@zh", "@en", ""))]
    done: set[tuple[str, str, str]] = set()
    while makers:
        maker = makers.pop()
        for call in known.get(maker.name, ()):
            for said in filled(maker, call) if reaches(call, maker) else ():
                if not passes_on(said):
                    yield Said(said.code, plain(said.zh), plain(said.en), said.module)
                elif (inside := call.inside) is not None and (key := (call.module, inside.name, said.en)) not in done:
                    done.add(key)
                    names = tuple(a.arg for a in (*inside.args.args, *inside.args.kwonlyargs))
                    makers.append(Maker(call.module, inside.name, names, said))


def passes_on(said: Said) -> bool:
    """Whether the callers give the code, or a message as a whole; a message with a word of theirs stands with …"""
    return said.code.startswith("@") or any(re.fullmatch(r"@\w+", text, re.ASCII) for text in (said.zh, said.en))


def plain(text: str) -> str:
    return re.sub(r"@[a-z_]+", VALUE, text, flags=re.ASCII)


def calls_by_name() -> Mapping[str, Sequence[Call]]:
    """Every call of the source by the name that is called."""
    found: dict[str, list[Call]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        module, tree = path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))
        names = frozenset(a.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for a in node.names)
        for inside, node in with_functions(tree):
            found.setdefault(name_of(node.func), []).append(Call(module, names, inside, node))
    return found


def name_of(called: ast.expr) -> str:
    """`refuse` of `refuse`, and of `self.refuse`."""
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def reaches(call: Call, maker: Maker) -> bool:
    """A function of another module has to be imported; a method is called on an object."""
    if maker.parameters[:1] == ("self",):
        return isinstance(call.node.func, ast.Attribute)
    return isinstance(call.node.func, ast.Name) and (maker.module in ("", call.module) or maker.name in call.imported)


def with_functions(node: ast.AST, inside: Function | None = None) -> Iterator[tuple[Function | None, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield inside, child
        yield from with_functions(child, child if isinstance(child, Function) else inside)


def filled(maker: Maker, call: Call) -> Iterator[Said]:
    """The maker's pattern with the call's arguments put in, once for every row of a table that it loops over."""
    names = maker.parameters[1:] if maker.parameters[:1] == ("self",) else maker.parameters
    node, inside = call.node, call.inside
    given = dict(zip(names, node.args, strict=False)) | {word.arg: word.value for word in node.keywords if word.arg}
    for row in rows(inside):
        words = {f"@{name}": "".join(text_of(value, inside, row)) for name, value in given.items()}
        code, zh, en = (put_in(pattern, words) for pattern in (maker.pattern.code, maker.pattern.zh, maker.pattern.en))
        if VALUE not in code:
            yield Said(code, zh, en, call.module)


def put_in(pattern: str, words: Mapping[str, str]) -> str:
    """Longer names first, so that @zh does not eat the start of @zh_next."""
    for name in sorted(words, key=len, reverse=True):
        pattern = pattern.replace(name, words[name])
    return pattern


def text_of(node: ast.AST, function: Function | None, row: Mapping[str, ast.AST], own: str = "") -> Iterator[str]:
    """An argument as text: constants as they are, a parameter of the function as @name, everything else as …

    A name that the function gives its own text stands for that text; inside it, `own`, it is the parameter again.
    """
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from text_of(part.value if isinstance(part, ast.FormattedValue) else part, function, row, own)
        case ast.Name(id=name) if name in row:
            yield from text_of(row[name], None, {})
        case ast.Name(id=name) if function is not None:
            texts = assigned(function, name) if name != own else []
            otherwise = f"@{name}" if is_parameter(function, name) and is_word(name) else VALUE
            yield " / ".join("".join(text_of(text, function, row, name)) for text in texts) or otherwise
        case _:
            yield VALUE


def is_parameter(function: Function, name: str) -> bool:
    return any(a.arg == name for a in (*function.args.args, *function.args.kwonlyargs))


def is_word(name: str) -> bool:
    """Only a parameter that carries a code or words of its own is asked of the callers."""
    return name in TEXTS or name.startswith(("zh_", "en_", "next_", "code_"))


def assigned(function: Function, name: str) -> list[ast.expr]:
    """The texts that a function gives to a local name, also as one of a pair."""
    found: list[ast.expr] = []
    for node in (each for each in ast.walk(function) if isinstance(each, ast.Assign)):
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id == name:
                found += texts_in(node.value)
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=False)
                found += [t for n, value in pairs if isinstance(n, ast.Name) and n.id == name for t in texts_in(value)]
    return found


def texts_in(value: ast.expr) -> list[ast.expr]:
    """The texts of an expression; a choice has two."""
    if isinstance(value, ast.IfExp):
        return [*texts_in(value.body), *texts_in(value.orelse)]
    return [value] if isinstance(value, ast.Constant | ast.JoinedStr) else []


def rows(function: Function | None) -> list[Mapping[str, ast.AST]]:
    """The rows of a table of tuples over which the function loops, by the loop's names; one empty row where none."""
    if function is None:
        return [{}]
    tables: list[Mapping[str, ast.AST]] = []
    for loop in ast.walk(function):
        if isinstance(loop, ast.For) and isinstance(loop.target, ast.Tuple) and isinstance(loop.iter, ast.Name):
            names = [name.id for name in loop.target.elts if isinstance(name, ast.Name)]
            if "code" in names:
                tables += [dict(zip(names, row.elts, strict=False)) for row in table(function, loop.iter.id)]
    return tables or [{}]


def table(function: Function, name: str) -> list[ast.Tuple]:
    """The tuples of a table that stands in the function under that name."""
    found = [node.value for node in ast.walk(function) if isinstance(node, ast.Assign) and is_named(node, name)]
    return [row for value in found if isinstance(value, ast.Tuple) for row in value.elts if isinstance(row, ast.Tuple)]


def is_named(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


if __name__ == "__main__":
    sys.exit(main())
