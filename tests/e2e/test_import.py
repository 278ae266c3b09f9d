"""A register comes in from a file: three rows are faulty, the others are looked at, stored, and undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor
from tests.support.browsing import LookedAt

pytestmark = pytest.mark.browser

ROWS = [
    "Lost laptop,It is not encrypted.,privacy,high,moderate,2026-12-01",
    "Old server,Nobody mends it.,obsolescence,frequent,high,",
    "Shop is down,The only line is cut.,availability,low,,",
    "Fraud,Invoices are not checked.,fraud,4,5,30.02.2026",
    "Paper,Contracts lie in a cellar.,continuity,Medium,LOW,",
    *(f"Supplier {number},The contract has no exit.,third_party,low,high," for number in range(1, 121)),
]
FILE = "\n".join(["Headline,Description,Category,Likelihood,Impact,Due date", *ROWS]).encode()


def test_an_import_with_three_faulty_rows(person: Callable[[str], Visitor], looked_at: LookedAt) -> None:
    gus = person("Gus Moreau")
    page = gus.page
    page.goto(f"{gus.served.address}/risks")
    page.get_by_role("link", name="Import").click()
    looked_at(page)
    page.get_by_label("File,").set_input_files(
        files=[{"name": "register.csv", "mimeType": "text/csv", "buffer": FILE}]
    )
    page.get_by_role("button", name="Read the file").click()

    expect(page.get_by_text("Say which columns hold Title.")).to_be_visible()
    page.get_by_label("Title").select_option(label="Headline")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("122 rows would become risks, 3 would be left out.")).to_be_visible()
    faults = page.get_by_role("row").filter(has=page.get_by_role("rowheader"))
    expect(faults).to_have_count(3)
    for row, words in ((3, "'frequent' is no level"), (4, "The impact is missing"), (5, "no date")):
        expect(page.get_by_role("row", name=f"Row {row} ")).to_contain_text(words)
    looked_at(page)
    assert gus.served.parley.risks.register(gus.served.parley.identity.person("gus")).total == 0

    page.get_by_role("button", name="Import 122 rows").click()
    expect(page.get_by_role("heading", name="Imported", exact=True)).to_be_visible(timeout=60_000)
    expect(page.get_by_text("122 of 122 risks in the register")).to_be_visible()
    looked_at(page)
    page.get_by_role("link", name="R-0001").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lost laptop")

    page.goto(f"{gus.served.address}/imports/I-0001")
    page.get_by_label("Why").fill("It was last year's file")
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("heading", name="Undone")).to_be_visible()
    page.goto(f"{gus.served.address}/risks?status=closed")
    expect(page.get_by_text("122 risks found")).to_be_visible()


def test_the_pages_of_the_register_hold_on_a_phone(
    person: Callable[[str], Visitor], looked_at: LookedAt
) -> None:
    gus = person("Gus Moreau")
    parley, page = gus.served.parley, gus.page
    found = parley.imports.take_in(
        parley.identity.person("gus"), "register.csv", FILE.replace(b"Headline", b"Title")
    )
    parley.imports.start(parley.identity.person("gus"), found.id, found.mapping)
    parley.imports.step(parley.identity.person("gus"), found.id)
    for path in (
        "/risks",
        "/risks?likelihood=high&impact=moderate",
        "/risks/R-0001",
        "/risks/R-0001/change",
        "/appetite",
        "/assets",
        "/imports",
        "/imports/I-0001",
    ):
        page.goto(gus.served.address + path)
        looked_at(page)
