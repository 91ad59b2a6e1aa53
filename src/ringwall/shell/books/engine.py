"""An engine in a scratch folder: it spills to disk, stays within its memory and fetches nothing."""

from __future__ import annotations

from pathlib import Path

import duckdb

MEMORY_MIB, THREADS = 768, 2


def opened(scratch: Path, threads: int = THREADS, memory_mib: int = MEMORY_MIB) -> duckdb.DuckDBPyConnection:
    """Tables lie in a file of the scratch folder, so that a large book needs disk and not memory."""
    engine = duckdb.connect(
        str(scratch / "book.duckdb"),
        config={
            "threads": threads,
            "memory_limit": f"{memory_mib}MiB",
            "temp_directory": str(scratch / "spill"),
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    engine.execute("SET enable_progress_bar = false")
    return engine
