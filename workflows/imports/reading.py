"""Reads a sheet of rows from a CSV file or an Excel workbook. Pure: bytes in, cells as text out. Whatever is
larger, stranger or more hostile than a register is refused with a sentence, and nothing of it is kept."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from workflows.errors import FileRefused
from workflows.files import DAMAGED_ARCHIVE, unguarded

MAX_BYTES = 10_000_000
MAX_UNPACKED = 80_000_000
"""Bytes of a workbook once unpacked: a small file that unpacks to more is a bomb."""
MAX_PARTS = 1_000
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_CELL = 100_000
"""Characters."""

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
FORMULA = "\x00formula"
"""Stands in a cell for a formula: what it would come to is not in the file's keeping."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """Number of the row as a spreadsheet counts, the header being row 1, and its cells. Empty rows are left
    out; every row has as many cells as the header."""


def read(name: str, data: bytes) -> Sheet:
    """The rows of a CSV file or of a workbook's first sheet; which it is is seen from its content.

    Raises `FileRefused`: empty, too large, in another encoding, no table, or made to do harm.
    """
    if len(data) > MAX_BYTES:
        raise refused(name, f"has {len(data):,} bytes, and at most {MAX_BYTES:,} are taken")
    if not data.strip():
        raise refused(name, "is empty")
    if data.startswith(_OLD_EXCEL):
        raise refused(name, "is an old workbook, or has a password; save it as .xlsx without one")
    rows = _workbook(name, data) if data.startswith(_ZIP) else _csv(name, data)
    return _sheet(name, rows)


def refused(name: str, why: str) -> FileRefused:
    """The refusal of a file as a whole."""
    return FileRefused(f"The file {name[:200]} {why}. Nothing was imported.", name=name)


def _csv(name: str, data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused(
            name, f"is not UTF-8 text (byte {error.start:,}); save it as “CSV UTF-8”, or as .xlsx"
        ) from None
    if "\x00" in text:
        raise refused(name, "holds zero bytes, so it is no text; save it as “CSV UTF-8”, or as .xlsx")
    first = text.splitlines()[0] if text.splitlines() else ""
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        # A row that spans lines is counted as one, as a spreadsheet does.
        for number, cells in enumerate(reader, start=1):
            yield number, [_plain(cell) for cell in cells]
    except csv.Error as error:
        raise refused(name, f"cannot be read on from line {reader.line_num:,}: {error}") from None


def _plain(cell: str) -> str:
    """A cell of a CSV file: what a spreadsheet would run is a formula here too, and the apostrophe that an
    export puts before such a text is taken off."""
    if cell.lstrip().startswith("="):
        return FORMULA
    return unguarded(cell)


def _workbook(name: str, data: bytes) -> Iterator[tuple[int, list[str]]]:
    _check_archive(name, data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception as error:
        # The library meets a broken file with whatever its parsers raise; none of it is ours to tell apart.
        raise refused(name, f"is no workbook that can be read ({type(error).__name__})") from error
    try:
        if not book.worksheets:
            raise refused(name, "holds no sheet")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size need not be so
        for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
            yield number, [_text(cell) for cell in cells]
    except (InvalidFileException, KeyError, ValueError, TypeError, zipfile.BadZipFile, SyntaxError) as error:
        raise refused(name, f"cannot be read to its end ({type(error).__name__})") from error
    finally:
        book.close()


def _check_archive(name: str, data: bytes) -> None:
    """Look into a workbook before it is opened: how large it would be, and what a workbook never has."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise refused(name, "would be far larger once unpacked than a register is")
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise refused(name, "is no workbook (.xlsx)")
            for part in parts:
                if part.flag_bits & 1:
                    raise refused(name, "has a password; save it without one")
                if part.filename.endswith("vbaProject.bin"):
                    raise refused(name, "holds macros; save it as .xlsx without them")
                if part.filename.endswith((".xml", ".rels")):
                    _check_part(name, archive, part)
    except DAMAGED_ARCHIVE as error:
        raise refused(name, "is no workbook that can be read") from error


def _check_part(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read a part to its end: what it says of its size need not be so, and entities are never needed."""
    seen, tail = 0, b""
    with archive.open(part) as stream:
        while block := stream.read(1 << 16):
            seen += len(block)
            if seen > part.file_size:
                raise refused(name, "would be far larger once unpacked than a register is")
            if b"<!DOCTYPE" in tail + block or b"<!ENTITY" in tail + block:
                raise refused(name, "holds declarations that no workbook needs")
            tail = block[-16:]


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if getattr(cell, "data_type", "") == "f":
        return FORMULA
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        # As the sheet shows it: 15 digits, no trace of how floats are stored.
        return f"{Decimal(repr(value)).normalize():f}"
    return str(value)


def _sheet(name: str, rows: Iterator[tuple[int, list[str]]]) -> Sheet:
    header: tuple[str, ...] | None = None
    found: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in rows:
        while cells and not cells[-1].strip():
            cells = cells[:-1]
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            raise refused(name, f"has more than {MAX_COLUMNS} columns (row {number:,})")
        if any(len(cell) > MAX_CELL for cell in cells):
            raise refused(name, f"has a cell of more than {MAX_CELL:,} characters (row {number:,})")
        if header is None:
            header = _header(name, cells)
            continue
        if len(found) == MAX_ROWS:
            raise refused(name, f"has more than {MAX_ROWS:,} rows; split it")
        width = len(header)
        # What stands beyond the last named column has no meaning here; a row is judged by its named cells.
        found.append((number, tuple((cells + [""] * width)[:width])))
    if header is None or not found:
        raise refused(name, "holds no rows under a line with the names of its columns")
    return Sheet(header, tuple(found))


def _header(name: str, cells: list[str]) -> tuple[str, ...]:
    names = tuple(" ".join(cell.split())[:200] for cell in cells)
    if any(cell == FORMULA for cell in cells) or not any(names):
        raise refused(name, "has no line with the names of its columns at its beginning")
    return names
