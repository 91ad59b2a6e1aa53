"""Compiled loops in a folder: the same text is the same file, a changed helper another one, and each works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from ringwall.portfolio import decorated
from ringwall.shell.loops import kept_in

TEXT = """
def half_even(x):
    return x + {more}


def run(x):
    return half_even(x)
"""
ASK = "import sys, pathlib; from ringwall.shell.loops import kept_in\n" + (
    "run = kept_in(pathlib.Path(sys.argv[1]))(sys.argv[2])['run']\nprint(run(1), sum(run.stats.cache_hits.values()))"
)


def test_a_changed_helper_is_another_file_and_gives_its_own_answer(tmp_path: Path) -> None:
    loops = kept_in(tmp_path / "loops")
    assert [loops(TEXT.format(more=more))["run"](40) for more in (2, 3, 2)] == [42, 43, 42]
    assert len(list((tmp_path / "loops").glob("loop_*.py"))) == 2
    assert not list((tmp_path / "loops").glob("*.tmp"))


def test_every_function_of_a_text_is_compiled() -> None:
    module = decorated(TEXT.format(more=1), kept=True)
    assert len(re.findall(r"^@\w+\ndef ", module, re.MULTILINE)) == module.count("\ndef ") == 2


def test_the_next_process_reads_what_was_compiled(tmp_path: Path) -> None:
    found = [
        subprocess.run([sys.executable, "-c", ASK, tmp_path, TEXT.format(more=5)], capture_output=True, check=True)
        for _ in range(2)
    ]
    assert [done.stdout.split() for done in found] == [[b"6", b"0"], [b"6", b"1"]]
