"""Compiled loops in a folder: the same text is the same file, a changed helper another one, and each works.

What a process loads is looked up in the process itself, not timed.
"""

from __future__ import annotations

import gc
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numba.core.errors import NumbaError

from ringwall.portfolio import decorated
from ringwall.shell.loops import kept_in

TEXT = """
def half_even(x):
    return x + {more}


def run(x):
    return half_even(x)
"""
SUMS = """
def half_even(x, n, out):
    for i in range(n):
        out[i] = min(x[i] * 0.5, 40.0)


def run(columns, n, given):
    x, out = columns
    half_even(x, n, out)
    total = np.int64(0)
    if given is not None:
        total += given[0]
    for i in range(n):
        total += int(out[i])
    return total
"""
ASK = "import sys, pathlib; from ringwall.shell.loops import kept_in\n" + (
    "run = kept_in(pathlib.Path(sys.argv[1]))(sys.argv[2])['run']\n"
    "import json; print(json.dumps([run(1), sum(run.stats.cache_hits.values()), *sys.modules]))"
)
RULES_OF_THE_COMPILER = {"numba.cpython.unicode", "numba.np.arraymath", "numba.typed.dictimpl"}
NOT_FOR_A_BOOK = {"numba", "scipy", "duckdb", "pandas", *(f"ringwall.{room}" for room in ("evidence", "price", "desk"))}


def answered(folder: Path, more: int) -> tuple[int, int, set[str]]:
    """In a process of its own: the loop's answer, how much of it was read, and the modules that stood there then."""
    command = [sys.executable, "-c", ASK, str(folder), TEXT.format(more=more)]
    answer, read, *modules = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    return answer, read, set(modules)


def test_a_changed_helper_is_another_file_and_gives_its_own_answer(tmp_path: Path) -> None:
    loops = kept_in(tmp_path / "loops")
    assert [loops(TEXT.format(more=more))["run"](40) for more in (2, 3, 2)] == [42, 43, 42]
    assert len(list((tmp_path / "loops").glob("loop_*.py"))) == 2
    assert not list((tmp_path / "loops").glob("*.tmp"))


def test_workers_that_ask_for_a_text_at_once_all_get_the_whole_of_it(tmp_path: Path) -> None:
    loops, many = kept_in(tmp_path), "".join(f"\ndef step_{n}(x):\n    return x + {n}\n\n" for n in range(100))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: len([name for name in loops(text) if "step_" in name]), [many] * 4))
    assert found == [100] * 4


def test_every_function_of_a_text_is_compiled() -> None:
    module = decorated(TEXT.format(more=1), kept=True)
    assert len(re.findall(r"^@\w+\ndef ", module, re.MULTILINE)) == module.count("\ndef ") == 2


def test_the_next_process_reads_what_was_compiled_without_the_rules_of_the_compiler(tmp_path: Path) -> None:
    first, second = answered(tmp_path, 5), answered(tmp_path, 5)
    assert (first[:2], second[:2]) == ((6, 0), (6, 1))
    assert first[2] >= RULES_OF_THE_COMPILER
    assert not RULES_OF_THE_COMPILER & second[2]


def test_no_loop_is_compiled_with_a_linear_algebra(tmp_path: Path) -> None:
    assert not {"scipy.linalg", "scipy.special", "scipy.stats"} & answered(tmp_path, 5)[2]


def test_only_the_loop_is_kept_with_the_code_of_what_it_calls(tmp_path: Path) -> None:
    folder = tmp_path / "loops"
    assert [answered(folder, 5)[0] for _ in range(2)] == [6, 6]
    assert [re.search(r"\.(\w+)-\d+\.", file.name)[1] for file in folder.rglob("*.nbi")] == ["run"]  # type: ignore[index]


def test_a_function_that_only_loops_call_has_no_code_of_its_own(tmp_path: Path) -> None:
    functions: Any = kept_in(tmp_path)(TEXT.format(more=7))
    assert functions["run"](1) == 8
    inner, loop = (next(iter(functions[name].overloads.values())).library for name in ("half_even", "run"))
    assert not any(inner.get_pointer_to_function(each.name) for each in inner.get_defined_functions())
    assert any(loop.get_pointer_to_function(each.name) for each in loop.get_defined_functions())


def test_a_loop_takes_several_items_at_a_time_and_leaves_out_what_is_not_given(tmp_path: Path) -> None:
    run: Any = kept_in(tmp_path)(SUMS)["run"]
    assert run((np.arange(9.0), np.zeros(9)), 9, None) == 16
    assert run((np.arange(9.0), np.zeros(9)), 9, np.ones(1)) == 17
    code = [str(each.library.get_function(each.fndesc.llvm_func_name)) for each in run.overloads.values()]
    assert all(" x double>" in each for each in code)


@pytest.mark.parametrize(("more", "compiles"), [("8", True), ("no_such_name", False)])
def test_rubbish_is_searched_for_again_after_a_loop_was_compiled_or_could_not_be(
    tmp_path: Path, more: str, compiles: bool
) -> None:
    run = kept_in(tmp_path)(TEXT.replace("{more}", more))["run"]
    if compiles:
        assert run(1) == 9
    else:
        with pytest.raises(NumbaError):
            run(1)
    assert gc.isenabled()
    assert gc.get_freeze_count()


def test_a_process_that_has_read_a_loop_compiles_the_next_one(tmp_path: Path) -> None:
    answered(tmp_path, 5)
    ask = ASK.partition("\nimport json")[0] + "\nother = kept_in(pathlib.Path(sys.argv[1]))(sys.argv[3])['run']\n"
    command = [sys.executable, "-c", ask + "print(run(1), other(1.5))", str(tmp_path)]
    texts = [TEXT.format(more=more) for more in (5, 6)]
    assert subprocess.run([*command, *texts], capture_output=True, check=True, text=True).stdout.split() == ["6", "7.5"]


def test_a_worker_of_a_book_loads_no_compiler_before_its_first_block_and_no_room_that_a_book_does_not_need() -> None:
    ask = "import sys, ringwall.portfolio, ringwall.shell.loops; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, check=True, text=True)
    assert not NOT_FOR_A_BOOK & set(done.stdout.split())
