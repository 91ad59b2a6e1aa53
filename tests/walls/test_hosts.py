"""No file that git takes names a package registry or a path of the machine that it was written on."""

from __future__ import annotations

import re

import pytest
from tests.walls.house import ROOT, files

# In pieces, so that this file does not find itself.
HOSTS = (
    *("py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)", "npm" + r"mirror\.com"),
    *("yarn" + r"pkg\.com", "unpkg" + r"\.com", "jsdelivr" + r"\.net", "cdnjs" + r"\.cloudflare"),
    *("deb" + r"\.debian\.org", "snapshot" + r"\.debian\.org", "tuna" + r"\.tsinghua", "mirrors" + r"\.aliyun"),
)
PATHS = (
    *(r"(?<![\w.])/wor" + "k/(main|shared)", r"(?<![\w.])/roo" + r"t/\w"),
    *("/opt/" + "(wheels|pypi)", r"/home/" + r"(?!user\b)\w+/"),
)
FORBIDDEN = re.compile("|".join(HOSTS + PATHS))


def test_no_file_names_a_registry_or_a_path_of_a_machine() -> None:
    if not files():
        pytest.skip("not a git work tree: there is no list of files")
    found = []
    for path in files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, 1):
            if match := FORBIDDEN.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number} names {match[0]}")
    assert not found, "\n" + "\n".join(found)
