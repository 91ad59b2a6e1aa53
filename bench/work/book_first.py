"""The first book of a process, tiny: what is timed from its start to its end is the compiler, or what it has kept.

python book_first.py ROOT FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT, FOLDER = Path(sys.argv[1]), Path(sys.argv[2])
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench" / "work")]

from book_work import calendar, single_part  # noqa: E402

from ringwall.portfolio.engine import total_book  # noqa: E402
from ringwall.shell.loops import kept_in  # noqa: E402

if __name__ == "__main__":
    book = single_part(2, schedules=1)
    total_book(calendar(100), [book], book.size, loops=kept_in(FOLDER))
