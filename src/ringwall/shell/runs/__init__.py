"""Large runs of a book: workers that may be lost, a folder of finished blocks, tables as Parquet."""

from ringwall.shell.runs.folder import RunFolder, open_folder
from ringwall.shell.runs.pool import Lasting, open_workers, processes
from ringwall.shell.runs.tables import book_text, checked_rows, write_table

__all__ = [
    "Lasting",
    "RunFolder",
    "book_text",
    "checked_rows",
    "open_folder",
    "open_workers",
    "processes",
    "write_table",
]
