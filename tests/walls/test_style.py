"""The house rules of docs/house.md as rules over the syntax trees: each rule names what it found and where."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from tests.walls.house import PACKAGE, Module, modules, nodes

LONGEST_FUNCTION = 60
LONGEST_FILE = 500
MOST_FILES = 10
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
CLOCK = {("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}
CHANCE = {"uuid1", "uuid4", "uuid6", "uuid7", "urandom", "token_hex", "token_bytes", "SystemRandom"}
SEEDED = {"default_rng", "SeedSequence", "PCG64", "Philox", "Random", "Generator"}
IN_MEMORY = {"StringIO", "BytesIO"}

# Where money is booked or a contract is read exactly, a float has no business. Left out: the columnar readers, which
# calculate many losses at once and are pinned to the exact one by a property test.
EXACT_ROOMS = ("ledger", "terms", "policy", "claim", "settlement")
COLUMNAR = ("terms/columnar.py",)

Rule = Callable[[Module], Iterator[str]]


def functions_are_short(module: Module) -> Iterator[str]:
    for node in nodes(module, ast.FunctionDef, ast.AsyncFunctionDef):
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if length > LONGEST_FUNCTION:
            yield module.at(node, f"{node.name} has {length} lines, {LONGEST_FUNCTION} at most: give its steps names")


def files_are_short(module: Module) -> Iterator[str]:
    length = module.text.count("\n")
    if length > LONGEST_FILE:
        yield f"{module.name} has {length} lines, {LONGEST_FILE} at most: it holds two subjects"


def modules_say_what_they_are(module: Module) -> Iterator[str]:
    if not ast.get_docstring(module.tree):
        yield f"{module.name} has no docstring: say in one sentence what it is"


def names_mean_something(module: Module) -> Iterator[str]:
    for part in module.name.removesuffix(".py").split("/"):
        if part in EMPTY_NAMES:
            yield f"{module.name} is called {part}: name the thing that it is"


def records_are_frozen(module: Module) -> Iterator[str]:
    for node in nodes(module, ast.ClassDef) if module.is_core else ():
        if node.name.startswith("_"):
            continue  # a tool of one file, not a record
        for decorator in node.decorator_list:
            call = decorator.func if isinstance(decorator, ast.Call) else decorator
            if last_name(call) != "dataclass":
                continue
            given = {word.arg for word in decorator.keywords} if isinstance(decorator, ast.Call) else set()
            if not {"frozen", "slots"} <= given:
                yield module.at(node, f"{node.name} is not @dataclass(frozen=True, slots=True)")


def no_clock_in_the_core(module: Module) -> Iterator[str]:
    for node in nodes(module, ast.Attribute) if module.is_core else ():
        if (last_name(node.value), node.attr) in CLOCK:
            yield module.at(node, f"reads the clock ({node.attr}): take the time as an argument")


def no_chance_in_the_core(module: Module) -> Iterator[str]:
    for node in nodes(module, ast.Call) if module.is_core else ():
        name = last_name(node.func)
        if name in CHANCE or (name in SEEDED and not node.args and not node.keywords):
            yield module.at(node, f"{name}() draws without a seed: take the generator or the id as an argument")
        if isinstance(node.func, ast.Attribute) and last_name(node.func.value) == "random" and name not in SEEDED:
            yield module.at(node, f"random.{name}() uses a global generator: take a seeded one as an argument")


def no_file_in_the_core(module: Module) -> Iterator[str]:
    for node in nodes(module, ast.Call) if module.is_core else ():
        if isinstance(node.func, ast.Name) and node.func.id in ("open", "input", "print"):
            yield module.at(node, f"{node.func.id}() is a window: the shells have those")
    for node in nodes(module, ast.Attribute) if module.is_core else ():
        if isinstance(node.value, ast.Name) and node.value.id == "io" and node.attr not in IN_MEMORY:
            yield module.at(node, f"io.{node.attr} is a window: the shells have those")
    for node in nodes(module, ast.ImportFrom) if module.is_core else ():
        for alias in node.names if node.module == "io" else ():
            if alias.name not in IN_MEMORY:
                yield module.at(node, f"io.{alias.name} is a window: the shells have those")


def no_float_where_money_is_exact(module: Module) -> Iterator[str]:
    if module.room not in EXACT_ROOMS or module.name in COLUMNAR:
        return
    for node in nodes(module, ast.Constant, ast.Name):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield module.at(node, f"the float {node.value}: use whole minor units and Fraction")
        if isinstance(node, ast.Name) and node.id == "float":
            yield module.at(node, "float: use whole minor units and Fraction")


def what_a_room_exports_says_what_it_does(module: Module) -> Iterator[str]:
    exported = exports().get(module.room, set()) if module.is_core else set()
    for node in module.tree.body:
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name in exported
        names_its_members = isinstance(node, ast.ClassDef) and any("Enum" in last_name(base) for base in node.bases)
        if named and not names_its_members and not ast.get_docstring(node):
            yield module.at(node, f"{node.name} is exported and has no docstring")


RULES: tuple[Rule, ...] = (
    functions_are_short,
    files_are_short,
    modules_say_what_they_are,
    names_mean_something,
    records_are_frozen,
    no_clock_in_the_core,
    no_chance_in_the_core,
    no_file_in_the_core,
    no_float_where_money_is_exact,
    what_a_room_exports_says_what_it_does,
)


@cache
def exports() -> dict[str, set[str]]:
    """What each room's door names in `__all__`."""
    doors = {module.room: module.tree for module in modules() if module.name == f"{module.room}/__init__.py"}
    found: dict[str, set[str]] = {}
    for room, tree in doors.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and [last_name(target) for target in node.targets] == ["__all__"]:
                found[room] = set(ast.literal_eval(node.value))
    return found


def last_name(node: ast.expr) -> str:
    """`datetime` of `datetime`, and of `dt.datetime`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_module_keeps_the_rule(rule: Rule) -> None:
    found = [line for module in modules() for line in rule(module)]
    assert not found, "\n" + "\n".join(found)


def test_a_room_has_at_most_ten_files() -> None:
    """A folder is a room here (desk and the shells have one per subject); __init__.py only says what it exports."""
    sizes = Counter(module.path.parent for module in modules() if module.path.name != "__init__.py")
    found = [f"{room.relative_to(PACKAGE)} has {size} files" for room, size in sizes.items() if size > MOST_FILES]
    assert not found, f"{found}: {MOST_FILES} at most, else it is two rooms"


BAD = [
    (functions_are_short, "def f():\n" + "    x = 1\n" * 60),
    (files_are_short, "x = 1\n" * 501),
    (modules_say_what_they_are, "x = 1\n"),
    (records_are_frozen, "@dataclass(frozen=True)\nclass A: ...\n"),
    (records_are_frozen, "@dataclasses.dataclass\nclass A: ...\n"),
    (no_clock_in_the_core, "import datetime as dt\nx = dt.datetime.now(dt.UTC)\n"),
    (no_clock_in_the_core, "x = map(date.today, [])\n"),
    (no_chance_in_the_core, "x = np.random.default_rng()\n"),
    (no_chance_in_the_core, "x = np.random.normal(0, 1)\n"),
    (no_chance_in_the_core, "x = uuid4()\n"),
    (no_file_in_the_core, "print(1)\n"),
    (no_file_in_the_core, "from io import open\n"),
    (no_float_where_money_is_exact, "x = 0.5\n"),
    (no_float_where_money_is_exact, "def f(x: list[float]) -> None: ...\n"),
    (what_a_room_exports_says_what_it_does, "class Transfer: ...\n"),
]


@pytest.mark.parametrize(("rule", "text"), BAD)
def test_each_rule_finds_what_it_is_for(rule: Rule, text: str) -> None:
    assert list(rule(Module(PACKAGE / "ledger" / "x.py", text, ast.parse(text))))


def test_a_seeded_generator_is_no_chance() -> None:
    text = "x = np.random.default_rng(7).normal(0, 1)\ny = np.random.Generator(np.random.Philox(key=7))\n"
    assert not list(no_chance_in_the_core(Module(PACKAGE / "risk" / "x.py", text, ast.parse(text))))
