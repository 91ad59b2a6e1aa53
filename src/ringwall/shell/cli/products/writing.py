"""Files that a command writes: never over what is there, unless it is told to."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from ringwall.shell.cli.reading import reason_of
from ringwall.shell.cli.refused import no

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date of every file in an archive: the same pack gives the same bytes."""


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """A new folder with these files; one that is there already is refused."""
    try:
        folder.mkdir(parents=True)
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    except OSError as fault:
        raise unwritable(folder, fault) from None


def write_file(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as fault:
        raise unwritable(path, fault) from None


def unwritable(path: Path, fault: OSError) -> Exception:
    reason = reason_of(fault)
    return no(
        "file_unwritable",
        str(path),
        zh=f"无法写入：{reason.zh}；请换一个名称或位置。",
        en=f"it cannot be written: {reason.en}; choose another name or place.",
    )


def zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive whose bytes depend on nothing but the files."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            info = zipfile.ZipInfo(path, EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return body.getvalue()
