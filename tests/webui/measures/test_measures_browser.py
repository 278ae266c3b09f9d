"""The measures in a real browser: no finding of axe-core at any width; a way from a number to its case."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import LookedAt
from tests.webui.conftest import Visit
from tests.webui.measures.test_measures_page import exempted
from tests.webui.test_browser import address, enter, watched

__all__ = ["address", "exempted", "watched"]

pytestmark = pytest.mark.browser

PLACES = ("/measures", "/measures?by=quarter", "/measures/cases?of=pairs", "/measures/cases?of=fate-lapsed")


def test_no_page_has_a_finding_or_overflows(
    watched: Page, looked_at: LookedAt, address: str, exempted: str
) -> None:
    enter(watched, address, "ana")
    for path in PLACES:
        watched.goto(address + path)
        looked_at(watched)


def test_a_board_member_goes_from_a_number_to_the_case(
    watched: Page, address: str, exempted: str, visit: Visit
) -> None:
    enter(watched, address, "eva")
    watched.click("#navigation summary:text('Figures')")
    watched.get_by_role("link", name="Measures").click()
    expect(watched.get_by_role("heading", level=1)).to_have_text("Measures")
    fates = watched.get_by_role("region", name="Fate of disagreements in 1 month")
    fates.get_by_role("row", name="Both moved").get_by_role("link").click()
    expect(watched.get_by_role("heading", level=1)).to_have_text("Both moved: 1")
    watched.get_by_role("link", name="Open the case of R-0001").click()
    watched.wait_for_url(f"**{exempted}")
    watched.go_back()
    watched.get_by_label("Where you are").get_by_role("link", name="Measures").click()
    watched.locator("select[name=by]").select_option("quarter")
    watched.get_by_role("button", name="Show").click()
    expect(watched.get_by_role("region", name="Each fate by quarter")).to_be_hidden()
    watched.get_by_text("Each fate by quarter").first.click()
    expect(watched.get_by_role("region", name="Each fate by quarter")).to_be_visible()
