"""What files that people bring and take away can hold: archives that cannot be read, and texts that a
spreadsheet would calculate."""

from __future__ import annotations

import lzma
import zipfile
import zlib

DAMAGED_ARCHIVE = (
    zipfile.BadZipFile,
    NotImplementedError,  # packed in a way that Python does not know
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
    zlib.error,
    lzma.LZMAError,
)
"""What Python raises over an archive that is damaged, encrypted or packed in a way it does not know."""

_CALCULATED = ("=", "+", "-", "@", "\t", "\r")
"""With what a text begins that a spreadsheet would calculate."""


def guarded(text: str) -> str:
    """A cell as it is written for a spreadsheet: what it would calculate has an apostrophe before it."""
    return f"'{text}" if text.startswith(_CALCULATED) else text


def unguarded(cell: str) -> str:
    """A cell as it is read from a file: without the apostrophe that `guarded` puts before it."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_CALCULATED) else cell
