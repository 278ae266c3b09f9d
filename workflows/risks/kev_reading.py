"""Reads a catalogue of known exploited vulnerabilities, CSV or JSON, as CISA publishes it. Pure: bytes in,
entries and faults out; each fault names its row, and the other rows are read all the same.

Fields and their meaning: `kev_schema.json` of the catalogue (cisagov/kev-data).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflows.errors import FileRefused
from workflows.risks.types import ImportFault

MAX_BYTES = 50_000_000
"""Forty times the catalogue of 2025; more is no catalogue."""
MAX_ENTRIES = 200_000
MAX_TEXT = 20_000
"""Characters of one field."""
MAX_FAULTS = 1_000
"""Faults kept in a report; a file with more is refused as a whole."""

_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CWE = re.compile(r"CWE-[0-9]+")
_REQUIRED = (
    "cveID",
    "vendorProject",
    "product",
    "vulnerabilityName",
    "dateAdded",
    "shortDescription",
    "requiredAction",
    "dueDate",
)
_LIMITS = {"vendorProject": 200, "product": 300, "vulnerabilityName": 500}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the file, coerced."""

    cve_id: str
    vendor_project: str
    product: str
    name: str
    date_added: date
    short_description: str
    required_action: str
    due_date: date
    known_ransomware: bool
    notes: str
    cwes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a file holds."""

    version: str
    entries: tuple[Entry, ...]
    faults: tuple[ImportFault, ...]


def read(name: str, data: bytes) -> Catalogue:
    """The entries of a catalogue file; whether it is JSON or CSV is seen from its content.

    Raises:
        FileRefused: empty, too large, not UTF-8, neither format, without the columns a catalogue has, or with
        hardly a
            readable row. Nothing of it should then be stored.
    """
    if len(data) > MAX_BYTES:
        raise _refused(name, f"has {len(data):,} bytes, and a catalogue has at most {MAX_BYTES:,}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(name, f"is not UTF-8 text (byte {error.start:,}); save it as UTF-8") from None
    if "\x00" in text:
        raise _refused(name, "holds zero bytes, so it is no text")
    if not text.strip():
        raise _refused(name, "is empty")
    version, rows = _json(name, text) if text.lstrip()[0] in "{[" else ("", _csv(name, text))
    return _collect(name, version, rows)


def _refused(name: str, why: str) -> FileRefused:
    return FileRefused(f"The file {name} {why}. Nothing was imported.", name=name)


def _json(name: str, text: str) -> tuple[str, Iterator[Any]]:
    try:
        # Numbers are never needed: a float would only lose digits.
        found = json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise _refused(name, f"is no valid JSON{where}") from None
    version = ""
    if isinstance(found, dict):
        version = str(found.get("catalogVersion", ""))[:40]
        found = found.get("vulnerabilities")
    if not isinstance(found, list):
        raise _refused(name, 'has no list "vulnerabilities", so it is no catalogue')
    return version, iter(found)


def _csv(name: str, text: str) -> Iterator[Any]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [column.strip() for column in next(reader)]
    except (csv.Error, StopIteration):
        raise _refused(name, "has no readable first line with the names of its columns") from None
    missing = [column for column in _REQUIRED if column not in header]
    if missing:
        raise _refused(name, f"lacks the columns {', '.join(missing)}, so it is no catalogue")

    def rows() -> Iterator[Any]:
        try:
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(header):
                    yield f"It has {len(cells)} columns instead of {len(header)}."
                else:
                    yield dict(zip(header, cells, strict=True))
        except csv.Error as error:
            raise _refused(name, f"cannot be read on from line {reader.line_num:,}: {error}") from None

    return rows()


def _collect(name: str, version: str, rows: Iterator[Any]) -> Catalogue:
    entries: dict[str, Entry] = {}
    faults: list[ImportFault] = []
    for number, row in enumerate(rows, start=1):
        if number > MAX_ENTRIES:
            raise _refused(name, f"has more than {MAX_ENTRIES:,} entries")
        try:
            entry = _entry(row)
            if entry.cve_id in entries:
                raise ValueError(f"{entry.cve_id} stands in the file before; the first of them was taken.")
            entries[entry.cve_id] = entry
        except ValueError as error:
            key = str(row.get("cveID", ""))[:30] if isinstance(row, Mapping) else ""
            faults.append(ImportFault(number, key, str(error)))
            if len(faults) > MAX_FAULTS:
                raise _refused(name, f"has faults in more than {MAX_FAULTS:,} rows") from None
    if not entries and not faults:
        raise _refused(name, "holds no entries")
    return Catalogue(version, tuple(entries.values()), tuple(faults))


def _entry(row: Any) -> Entry:
    if isinstance(row, str):
        raise ValueError(row)
    if not isinstance(row, Mapping):
        raise ValueError("It is no entry: an entry is an object with named fields.")
    for field in _REQUIRED:
        if not _text(row, field):
            raise ValueError(f"Its {field} is missing.")
    cve_id = _text(row, "cveID").upper()
    if not _CVE.fullmatch(cve_id):
        raise ValueError(f"{cve_id[:40]!r} is no CVE id; one looks like CVE-2024-3400.")
    return Entry(
        cve_id,
        _text(row, "vendorProject"),
        _text(row, "product"),
        _text(row, "vulnerabilityName"),
        _date(row, "dateAdded"),
        _text(row, "shortDescription"),
        _text(row, "requiredAction"),
        _date(row, "dueDate"),
        _ransomware(_text(row, "knownRansomwareCampaignUse")),
        _text(row, "notes"),
        _cwes(row.get("cwes")),
    )


def _text(row: Mapping[str, Any], field: str) -> str:
    found = row.get(field)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise ValueError(f"Its {field} is not a text.")
    text = found.strip()
    limit = _LIMITS.get(field, MAX_TEXT)
    if len(text) > limit:
        raise ValueError(f"Its {field} has {len(text):,} characters; at most {limit:,} are taken.")
    if any(ord(character) < 32 and character not in "\t\n\r" for character in text):
        raise ValueError(f"Its {field} holds control characters.")
    if any("\ud800" <= character <= "\udfff" for character in text):  # JSON can spell what UTF-8 cannot
        raise ValueError(f"Its {field} holds half a character.")
    return text


def _date(row: Mapping[str, Any], field: str) -> date:
    text = _text(row, field)
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"Its {field} {text[:40]!r} is no date; one looks like 2025-08-25.") from None


def _ransomware(text: str) -> bool:
    plain = text.casefold()
    if plain not in ("known", "unknown", ""):
        raise ValueError(f"Its knownRansomwareCampaignUse is {text[:40]!r}; it can be Known or Unknown.")
    return plain == "known"


def _cwes(found: Any) -> tuple[str, ...]:
    if found is None:
        return ()
    listed = re.split(r"[,;\s]+", found) if isinstance(found, str) else found
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise ValueError("Its cwes is no list of CWE ids.")
    cwes = tuple(one.strip().upper() for one in listed if one.strip())
    wrong = next((one for one in cwes if not _CWE.fullmatch(one)), None)
    if wrong is not None:
        raise ValueError(f"{wrong[:40]!r} is no CWE id; one looks like CWE-79.")
    return cwes
