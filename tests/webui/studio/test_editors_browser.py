"""The editors of tables and forms in a real browser: loaded when opened, saved at once; the preview."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from forms import Kind
from tests.support.browsing import Violation
from tests.webui.conftest import Visit
from tests.webui.drafting import drafted
from tests.webui.test_browser import address, enter, watched

__all__ = ["address", "watched"]

pytestmark = pytest.mark.browser

Axe = Callable[[Page], list[Violation]]
THIRD_PARTY = ("fjs-", "dmn-", "djs-", "dms-", "bio-", "cm-", "tjs-", "drag-handle", "index-column")


@pytest.fixture
def draft(visit: Visit) -> str:
    """The address of a draft by the governance lead."""
    return drafted(visit("gus"))


def _own(found: list[Violation]) -> list[Violation]:
    """What axe finds outside the third-party editors; docs/studio.md names what is offered beside them."""
    return [each for each in found if not all(any(mark in e for mark in THIRD_PARTY) for e in each.elements)]


def test_a_form_is_changed_and_seen_as_a_leader_will(
    watched: Page, axe: Axe, address: str, draft: str, visit: Visit
) -> None:
    page = watched
    enter(page, address, "gus")
    page.goto(f"{address}{draft}/edit/decide.form")
    page.wait_for_selector(".studio[data-ready=true]")
    offered = page.locator(".fjs-palette-field")
    kinds = {offered.nth(i).get_attribute("data-field-type") for i in range(offered.count())}
    assert kinds <= {kind.value for kind in Kind}
    assert {"radio", "textarea", "number"} <= kinds
    preview = page.locator(".studio-preview")
    expect(preview).to_contain_text("What do you decide?")
    page.locator(".fjs-form-field-radio").first.click()
    page.get_by_role("button", name="General", exact=True).or_(
        page.locator(".bio-properties-panel-group-header", has_text="General")
    ).first.click()
    label = page.get_by_label("Field label")
    label.click()
    page.keyboard.press("Control+End")
    with page.expect_response("**/file") as sent:
        page.keyboard.type(" And why?")
    assert sent.value.ok
    expect(preview).to_contain_text("What do you decide? And why?")
    before = visit("gus").get("/policies/risk-decision").text
    assert "And why?" not in before
    stored = json.loads(visit("gus").get(f"{draft}/files/decide.form").data)
    assert any(each.get("label") == "What do you decide? And why?" for each in stored["components"])
    assert _own(axe(page)) == []


def test_a_table_is_changed_cell_by_cell(
    watched: Page, axe: Axe, address: str, draft: str, visit: Visit
) -> None:
    page = watched
    enter(page, address, "gus")
    page.goto(f"{address}{draft}/edit/route.dmn")
    page.wait_for_selector(".studio[data-ready=true]")
    original = visit("gus").get(f"{draft}/files/route.dmn").data.decode()
    cell = page.locator("td.output-cell").first
    old = cell.inner_text().strip()
    cell.click()
    page.keyboard.press("Control+a")
    with page.expect_response("**/file") as sent:
        page.keyboard.type("99")
        page.keyboard.press("Tab")
    assert sent.value.ok
    changed = visit("gus").get(f"{draft}/files/route.dmn").data.decode()
    assert changed == original.replace(f"<text>{old}</text>", "<text>99</text>", 1)
    assert _own(axe(page)) == []


def test_an_expression_is_checked_while_it_is_typed(watched: Page, address: str, draft: str) -> None:
    page = watched
    enter(page, address, "gus")
    page.goto(f"{address}{draft}/edit")
    page.wait_for_selector(".studio[data-ready=true]")
    flow = page.locator("[data-choose] option", has_text="→").first.get_attribute("value")
    page.locator("[data-choose]").select_option(flow)
    typed = page.get_by_label("Taken when (FEEL)")
    typed.press_sequentially("a > > b")
    expect(page.locator(".studio-mistake")).not_to_be_empty()
    typed.fill("")
    typed.press_sequentially("a > 1")
    expect(page.locator(".studio-mistake")).to_be_empty()
