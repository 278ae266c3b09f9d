"""The catalogue of known exploited vulnerabilities: the real files, and files that mean harm."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.errors import FileRefused
from workflows.risks import kev_reading
from workflows.risks.kev_reading import read

ENTRY = {
    "cveID": "CVE-2025-48384",
    "vendorProject": "Git",
    "product": "Git",
    "vulnerabilityName": "Git Link Following Vulnerability",
    "dateAdded": "2025-08-25",
    "shortDescription": "Git follows links.",
    "requiredAction": "Apply mitigations.",
    "dueDate": "2025-09-15",
    "knownRansomwareCampaignUse": "Known",
    "notes": "",
    "cwes": ["CWE-59", "CWE-436"],
}


def as_json(*entries: Any) -> bytes:
    return json.dumps({"catalogVersion": "2025.08.25", "vulnerabilities": list(entries)}).encode()


def as_csv(*rows: Mapping[str, str], columns: tuple[str, ...] = tuple(ENTRY)) -> bytes:
    lines = [",".join(columns)]
    lines += [",".join(f'"{row.get(column, "")}"' for column in columns) for row in rows]
    return "\r\n".join(lines).encode()


FLAT = {**{key: str(value) for key, value in ENTRY.items()}, "cwes": "CWE-59, CWE-436"}


def test_both_real_files_hold_the_same_1404_entries(shared_data: Path) -> None:
    from_csv = read("kev.csv", (shared_data / "kev.csv").read_bytes())
    from_json = read("kev.json", (shared_data / "kev.json").read_bytes())
    assert from_csv.faults == from_json.faults == ()
    assert len(from_json.entries) == 1404
    assert from_csv.entries == from_json.entries
    assert from_json.version == "2025.08.25"
    assert sum(entry.known_ransomware for entry in from_json.entries) == 293
    days = [(entry.due_date - entry.date_added).days for entry in from_json.entries]
    assert (days.count(21), days.count(181), days.count(14)) == (911, 223, 199)


def test_an_entry_is_read_whole() -> None:
    for data in (as_json(ENTRY), as_csv(FLAT), b"\xef\xbb\xbf" + as_csv(FLAT)):
        [entry] = read("file", data).entries
        assert entry.cve_id == "CVE-2025-48384"
        assert str(entry.due_date) == "2025-09-15"
        assert entry.known_ransomware
        assert entry.cwes == ("CWE-59", "CWE-436")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cveID": ""}, "Its cveID is missing."),
        ({"cveID": "CVE-25-1"}, "is no CVE id"),
        ({"cveID": "CVE-2025-1'; DROP TABLE risks"}, "is no CVE id"),
        ({"cveID": 7}, "Its cveID is not a text."),
        ({"cveID": ["CVE-2025-48384"]}, "Its cveID is not a text."),
        ({"dateAdded": "25/08/2025"}, "is no date"),
        ({"dateAdded": "2025-02-30"}, "is no date"),
        ({"dueDate": "20250915"}, "is no date"),
        ({"dueDate": None}, "Its dueDate is missing."),
        ({"knownRansomwareCampaignUse": "Perhaps"}, "it can be Known or Unknown"),
        ({"cwes": ["79"]}, "is no CWE id"),
        ({"cwes": {"CWE-79": 1}}, "is no list of CWE ids"),
        ({"vendorProject": "x" * 201}, "at most 200 are taken"),
        ({"shortDescription": "bell \u0007"}, "control characters"),
        ({"vendorProject": "half \ud800"}, "half a character"),
    ],
)
def test_a_faulty_row_is_named_and_the_others_are_taken(change: Mapping[str, Any], sentence: str) -> None:
    good = {**ENTRY, "cveID": "CVE-2024-3400"}
    found = read("kev.json", as_json(ENTRY | dict(change), good))
    assert [entry.cve_id for entry in found.entries] == ["CVE-2024-3400"]
    [fault] = found.faults
    assert fault.row == 1
    assert sentence in fault.sentence


def test_rows_that_are_no_entries_are_named() -> None:
    found = read("kev.json", as_json(None, "text", 5, [], ENTRY))
    assert [fault.row for fault in found.faults] == [1, 2, 3, 4]
    assert len(found.entries) == 1


def test_a_row_with_other_columns_is_named() -> None:
    found = read("kev.csv", as_csv(FLAT) + b'\r\n"CVE-2024-3400","a"')
    assert [(fault.row, fault.sentence) for fault in found.faults] == [(2, "It has 2 columns instead of 11.")]


def test_the_same_entry_twice_is_taken_once() -> None:
    found = read("kev.json", as_json(ENTRY, ENTRY | {"product": "Other"}))
    assert [entry.product for entry in found.entries] == ["Git"]
    assert "stands in the file before" in found.faults[0].sentence


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"  \r\n ", "is empty"),
        (b"\xff\xfeC\x00V\x00E\x00", "is not UTF-8 text"),
        ("cveID,product\nCVE,Größe".encode("latin-1"), "is not UTF-8 text"),
        (b"cveID,\x00", "zero bytes"),
        (b"{", "is no valid JSON (line 1)"),
        (b"[" * 100_000, "is no valid JSON"),
        (b'{"vulnerabilities": {}}', 'has no list "vulnerabilities"'),
        (b'{"vulnerabilities": []}', "holds no entries"),
        (b"{}", 'has no list "vulnerabilities"'),
        (b"cveID,vendorProject\nCVE-2025-48384,Git", "lacks the columns product, vulnerabilityName"),
        (b"<html><body>Not found</body></html>", "lacks the columns"),
        (",".join(ENTRY).encode(), "holds no entries"),
        (as_csv(FLAT) + b'\r\n"CVE-2024-3400', "cannot be read on from line"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_as_a_whole(data: bytes, why: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read("kev.bin", data)
    assert why in str(refused.value)
    assert str(refused.value).endswith("Nothing was imported.")


def test_a_file_beyond_all_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kev_reading, "MAX_BYTES", 100)
    with pytest.raises(FileRefused, match="a catalogue has at most 100"):
        read("kev.json", as_json(ENTRY))
    monkeypatch.setattr(kev_reading, "MAX_BYTES", 10_000)
    monkeypatch.setattr(kev_reading, "MAX_ENTRIES", 1)
    with pytest.raises(FileRefused, match="more than 1 entries"):
        read("kev.json", as_json(ENTRY, ENTRY))


def test_a_file_of_faults_alone_is_not_reported_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kev_reading, "MAX_FAULTS", 3)
    with pytest.raises(FileRefused, match="faults in more than 3 rows"):
        read("kev.json", as_json(*range(5)))


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail_otherwise(data: bytes) -> None:
    try:
        found = read("any", data)
    except FileRefused:
        return
    assert found.entries or found.faults


@given(
    st.dictionaries(st.sampled_from(list(ENTRY)), st.text() | st.none() | st.integers() | st.lists(st.text()))
)
def test_no_fields_make_it_fail_otherwise(changes: dict[str, Any]) -> None:
    found = read("any.json", as_json(ENTRY | changes))
    assert len(found.entries) + len(found.faults) == 1
