"""The studio in a real browser: drawing, findings, saving by itself, review, release; narrow pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browsing import LookedAt
from tests.webui import organisation
from tests.webui.conftest import Visit
from tests.webui.drafting import drafted
from tests.webui.test_browser import address, enter, watched

__all__ = ["address", "watched"]

pytestmark = pytest.mark.browser


@pytest.fixture
def draft(visit: Visit) -> str:
    """The address of a draft by the governance lead."""
    return drafted(visit("gus"))


def _edit(page: Page, address: str, draft: str) -> None:
    page.goto(f"{address}{draft}/edit")
    page.wait_for_selector(".studio[data-ready=true]")


def _saved(page: Page) -> None:
    page.locator(".studio-panel").evaluate("() => document.activeElement.blur()")
    with page.expect_response("**/file") as sent:
        pass
    assert sent.value.ok
    expect(page.locator(".studio-state")).to_have_text("Saved", timeout=15_000)


@pytest.fixture
def others(browser: Browser, address: str) -> Iterator[Callable[[str], Page]]:
    """Further people, each in a browser of their own."""
    contexts = []

    def seat(name: str) -> Page:
        contexts.append(browser.new_context(locale="en-GB"))
        page = contexts[-1].new_page()
        enter(page, address, name)
        return page

    yield seat
    for context in contexts:
        context.close()


def test_from_a_drawn_step_to_a_case_that_goes_through_it(
    watched: Page, address: str, draft: str, others: Callable[[str], Page], visit: Visit
) -> None:
    page = watched
    enter(page, address, "gus")
    _edit(page, address, draft)
    findings = page.locator(".studio-findings")
    expect(findings).to_contain_text("It can run as it is drawn.")

    page.locator("[data-choose]").select_option("decide")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Decide on risk")
    page.get_by_label("Name", exact=True).fill("Decide the risk")
    page.get_by_label("Due after").fill("P5D")
    _saved(page)

    page.locator("[data-choose]").select_option("both_heard_to_decide")
    condition = page.get_by_label("Taken when (FEEL)")
    written = condition.input_value()
    condition.fill("")
    _saved(page)
    expect(findings).to_contain_text("to mend")
    assert page.locator(".studio-finding:not(.mild)").count() >= 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Taken when (FEEL)")).to_have_value(written)
    _saved(page)
    expect(findings).not_to_contain_text("to mend")
    page.get_by_role("button", name="Done", exact=True).click()

    page.get_by_role("button", name="What differs from version 1").click()
    told = page.locator("main")
    expect(told).to_contain_text("“Decide on risk” is now called “Decide the risk”.")
    expect(told).to_contain_text("“Decide the risk” is now due after 5 days instead of")
    assert page.locator("ul.findings > li").count() == 2
    page.wait_for_selector("[data-element-id=decide].mark-changed")

    page.goto(address + draft)
    page.get_by_label("Why this change?").fill("Five days, as agreed in March.")
    page.get_by_role("button", name="Send to review").click()
    for name, button in (("dana", "Agree as CIO"), ("ivo", "Agree as CISO"), ("eva", "Endorse")):
        other = others(name)
        other.goto(address + draft)
        other.get_by_role("button", name=button).click()
        expect(other.get_by_role("status").first).to_contain_text("Your agreement is recorded")
    page.reload()
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_role("status").first).to_contain_text("Version 2 is released")
    case = visit("rosa").post("/risks/raise", organisation.RAISE).headers["Location"]
    page.goto(address + str(case))
    expect(page.locator("main")).to_contain_text("version 2")


def test_a_step_is_drawn_from_the_palette_and_by_keys(watched: Page, address: str, draft: str) -> None:
    page = watched
    enter(page, address, "gus")
    _edit(page, address, draft)
    steps = page.locator(".djs-shape[data-element-id^=Activity_]")
    assert steps.count() == 0
    page.get_by_label("Step done by a person", exact=True).first.click()
    box = page.locator(".studio-canvas").bounding_box()
    assert box is not None
    for step in range(6):
        page.mouse.move(box["x"] + 280 + 4 * step, box["y"] + 200)
    page.mouse.click(box["x"] + 300, box["y"] + 200)
    expect(steps).to_have_count(1)
    page.keyboard.press("Escape")
    _saved(page)
    expect(page.locator(".studio-findings")).to_contain_text("to mend")
    page.locator(".studio-canvas svg").first.focus()
    page.keyboard.press("Control+z")
    expect(steps).to_have_count(0)
    _saved(page)


def test_opening_and_going_changes_nothing(watched: Page, address: str, draft: str, visit: Visit) -> None:
    original = visit("gus").get(f"{draft}/files/risk-decision.bpmn").data
    enter(watched, address, "gus")
    _edit(watched, address, draft)
    watched.locator("[data-choose]").select_option("decide")
    watched.get_by_label("Name", exact=True).fill("Another")
    _saved(watched)
    assert visit("gus").get(f"{draft}/files/risk-decision.bpmn").data != original
    watched.get_by_role("button", name="Undo").click()
    _saved(watched)
    found = visit("gus").get(f"/policies/risk-decision/difference?new=draft:{draft.rsplit('/', 1)[1]}")
    assert "Nothing differs." in found.text


CANVAS = (".djs-container", ".bjs-container")
"""The third-party canvas; docs/studio.md names what is offered beside it."""


def test_studio_pages_have_no_finding_and_do_not_overflow(
    watched: Page, looked_at: LookedAt, address: str, draft: str
) -> None:
    enter(watched, address, "gus")
    places = (
        "/drafts", draft, f"{draft}/effect", f"{draft}/edit", "/policies/risk-decision/history",
        "/policies/risk-decision/difference", "/policies/risk-decision/move",
    )  # fmt: skip
    for path in places:
        watched.goto(address + path)
        watched.wait_for_load_state("networkidle")
        looked_at(watched, beside=CANVAS)
        assert "could not be opened" not in watched.locator("main").inner_text()
