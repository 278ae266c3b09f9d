"""Import of a register: each problem named by its row, stored in steps, undone while nothing stands on it."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.workflows.keeping import Keeping
from workflows.errors import Conflict, FileRefused, NotEntitled, RuleBroken
from workflows.imports.mapping import guess
from workflows.imports.reading import FORMULA, MAX_ROWS, MAX_UNPACKED, read
from workflows.imports.types import ImportState
from workflows.risks.exporting import as_csv
from workflows.types import Level, RiskStatus
from workflows.verification import domain_faults

HEADER = "Title,Description,Category,Likelihood,Impact,Assets,Due date,Priority\n"
FAULTY = (
    HEADER
    + "Lost laptop,It is not encrypted,privacy,high,moderate,Core,2026-12-01,1\n"
    + "Old server,Nobody mends it,obsolescence,frequent,high,Core,,\n"
    + "Shop is down,The only line is cut,availability,low,very high,Till,,\n"
    + "Fraud,Invoices are not checked,fraud,4,5,shop; core,30.02.2026,\n"
    + "Paper,Contracts are kept in a cellar,continuity,Medium,LOW,,,2\n"
).encode()


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_dry_run_names_each_problem_by_its_row_and_stores_nothing(keeping: Keeping) -> None:
    gov, imports = keeping.people["gov"], keeping.parley.imports
    found = imports.take_in(gov, "register.csv", FAULTY)
    tried = imports.dry_run(gov, found.id, found.mapping)
    assert [(fault.row, fault.column) for fault in tried.faults] == [
        (3, "Likelihood"),
        (4, "Assets"),
        (5, "Due date"),
    ]
    assert "'frequent' is no level" in tried.faults[0].sentence
    assert "no asset 'Till'" in tried.faults[1].sentence
    assert (tried.ready, tried.left_out) == (2, 3)
    assert keeping.parley.risks.register(gov).total == 0


def test_what_is_imported_is_in_the_register_and_undone_by_entries(keeping: Keeping) -> None:
    gov, imports = keeping.people["gov"], keeping.parley.imports
    found = imports.take_in(gov, "register.csv", FAULTY)
    imports.start(gov, found.id, found.mapping)
    done = imports.step(gov, found.id)
    assert (done.state, done.stored, len(done.faults)) == (ImportState.DONE, 2, 3)
    rows = {row.title: row for row in keeping.parley.risks.register(gov).rows}
    laptop = rows["Lost laptop"]
    assert (laptop.status, laptop.due_date, laptop.priority) == (RiskStatus.UNDECIDED, date(2026, 12, 1), 1)
    assert [asset.id for asset in laptop.assets] == ["core"]
    assert rows["Paper"].level is Level.LOW
    with pytest.raises(Conflict):
        imports.start(gov, found.id, found.mapping)
    undone = imports.undo(gov, found.id, "The wrong file")
    assert undone.state is ImportState.UNDONE
    page = keeping.parley.risks.risk(gov, laptop.id)
    assert page.risk.status is RiskStatus.CLOSED
    assert page.history[0].reason == "I-0001 undone: The wrong file"
    with keeping.parley.database.reading() as connection:
        assert not keeping.parley.engine.audit.verify(connection).faults
        assert domain_faults(connection) == []
    again = imports.take_in(gov, "register.csv", FAULTY)
    assert imports.dry_run(gov, again.id, again.mapping).ready == 2


def test_nothing_is_undone_once_something_stands_on_it(keeping: Keeping) -> None:
    gov, imports = keeping.people["gov"], keeping.parley.imports
    found = imports.take_in(gov, "register.csv", FAULTY)
    imports.start(gov, found.id, found.mapping)
    imports.step(gov, found.id)
    _, risk_id, _ = imports.risks(gov, found.id)[0]
    keeping.parley.register.amend(keeping.people["cio"], risk_id, {"description": "Seen."}, "Looked at it")
    with pytest.raises(RuleBroken, match=f"{risk_id} was changed") as refused:
        imports.undo(gov, found.id, "The wrong file")
    assert refused.value.rule == "built on"
    assert imports.find(gov, found.id).state is ImportState.DONE


def test_who_may_import(keeping: Keeping) -> None:
    for key in ("cio", "ciso", "raiser", "auditor"):
        with pytest.raises(NotEntitled):
            keeping.parley.imports.take_in(keeping.people[key], "register.csv", FAULTY)


def test_an_export_comes_back_as_it_was(keeping: Keeping) -> None:
    gov, imports = keeping.people["gov"], keeping.parley.imports
    risk_id = keeping.risk("=1+1", description="- begins with a dash", cve_id="CVE-2024-3400")
    text = as_csv(keeping.parley.register.export(gov))
    assert "'=1+1" in text
    sheet = read("register.csv", text.encode())
    tried = imports.dry_run_of(gov, sheet, guess(sheet.header))
    assert [fault.sentence for fault in tried.faults] == [
        "A risk with this title is in the register already."
    ], risk_id


def test_a_workbook_is_read_as_it_is_shown() -> None:
    sheet = read(
        "register.xlsx",
        workbook(("Title", "Due", "Loss"), ("One", date(2026, 3, 1), 0.1), (None,), ("Two", None, "=A1")),
    )
    assert sheet.header == ("Title", "Due", "Loss")
    assert sheet.rows == ((2, ("One", "2026-03-01", "0.1")), (4, ("Two", "", FORMULA)))
    assert Decimal(sheet.rows[0][1][2]) == Decimal("0.1")


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def lzma_damaged() -> bytes:
    """A workbook packed by LZMA, with properties that LZMA does not have."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("xl/workbook.xml", b"<a/>" * 500)
    data = bytearray(out.getvalue())
    properties = data.index(b"xl/workbook.xml") + len("xl/workbook.xml") + 4
    data[properties : properties + 5] = b"\xff" * 5
    return bytes(data)


HOSTILE: dict[str, bytes] = {
    "damaged by lzma": lzma_damaged(),
    "empty": b"  \n",
    "header alone": HEADER.encode(),
    "latin-1": (HEADER + "Verlust f\xfcr alle,x,y,low,low,,,\n").encode("latin-1"),
    "utf-16": FAULTY.decode().encode("utf-16"),
    "zero bytes": b"Title,Description\n\x00,\x00\n",
    "old excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "too many rows": HEADER.encode() + b"a,b,c,low,low,,,\n" * (MAX_ROWS + 1),
    "too many columns": b",".join(b"c%d" % n for n in range(200)) + b"\n1\n",
    "too large": b"x" * 10_000_001,
    "no workbook": archive(word__document_xml=b"<a/>"),
    "torn": workbook(("a",), ("b",))[:-200],
    "bomb": archive(xl__workbook_xml=b"<a/>", xl__bomb_xml=b"\0" * (MAX_UNPACKED + 1)),
    "entities": archive(xl__workbook_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "no sheet": archive(xl__workbook_xml=b"<a/>"),
    "open quote": HEADER.encode() + b'"never closed,x\n',
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(FileRefused, match=r"^The file register\.csv .*\. Nothing was imported\.$"):
        read("register.csv", data)


def test_a_real_catalogue_is_read_row_by_row(keeping: Keeping, shared_data: Path) -> None:
    gov = keeping.people["gov"]
    sheet = read("kev.csv", (shared_data / "kev.csv").read_bytes())
    assert len(sheet.rows) == 1404
    columns = {name: sheet.header.index(name) for name in sheet.header}
    mapping = {
        "title": columns["vulnerabilityName"],
        "description": columns["shortDescription"],
        "category": columns["vendorProject"],
        "cve_id": columns["cveID"],
        "due_date": columns["dueDate"],
        "likelihood": columns["knownRansomwareCampaignUse"],
        "impact": columns["knownRansomwareCampaignUse"],
    }
    tried = keeping.parley.imports.dry_run_of(gov, sheet, mapping)
    assert tried.ready == 0
    assert tried.left_out == 1404
    assert {fault.sentence.split(";")[0] for fault in tried.faults} == {
        "'Unknown' is no level of the scale",
        "'Known' is no level of the scale",
    }
