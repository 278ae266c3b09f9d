"""A file of another tool in the browser: put in, taken over with a role chosen, undone, listed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import Violation
from tests.webui.test_browser import address, enter, watched

__all__ = ["address", "watched"]

pytestmark = pytest.mark.browser

Axe = Callable[[Page], list[Violation]]
MATERIAL = Path(__file__).parents[2] / "workflows" / "studio" / "takeover" / "material"


def test_a_camunda_file_is_put_in_taken_over_and_given_back(watched: Page, address: str, axe: Axe) -> None:
    page = watched
    enter(page, address, "gus")
    page.goto(f"{address}/drafts")
    page.get_by_label("Key of the policy").fill("exception-request")
    page.get_by_label("Diagram, tables and forms").set_input_files(
        [MATERIAL / "camunda-7.bpmn", MATERIAL / "camunda-7.dmn"]
    )
    page.get_by_role("button", name="Make a draft").click()
    expect(page.locator("main")).to_contain_text("Camunda 7 wrote some of this draft.")
    expect(page.locator("main")).to_contain_text("to mend")
    page.get_by_role("link", name="Take over what the files say").click()
    expect(page.get_by_role("heading", name="Taking over Exception request")).to_be_visible()
    expect(page.get_by_label("Which role is “CISO” here?")).to_have_value("ciso")
    expect(page.get_by_label("Which role is “management” here?")).to_have_value("")
    left = page.get_by_role("region", name="Could not be taken over")
    expect(left).to_contain_text("camunda:candidateUsers")
    assert axe(page) == []

    page.get_by_role("button", name="Take all that are chosen").click()
    expect(page.locator("ul.offers > li")).to_have_count(1)
    page.get_by_label("Which role is “management” here?").select_option("cro")
    page.get_by_role("button", name="Take", exact=True).click()
    expect(page.locator("main")).to_contain_text("Everything that can be offered is taken.")
    page.get_by_role("button", name="Undo the last taking").click()
    expect(page.get_by_label("Which role is “management” here?")).to_have_value("")
    page.get_by_label("Which role is “management” here?").select_option("cro")
    page.get_by_role("button", name="Take", exact=True).click()
    expect(left).to_contain_text("camunda:formField photo")
    with page.expect_download() as listed:
        page.get_by_role("link", name="As a table (CSV)").click()
    assert listed.value.suggested_filename == "exception-request-not-taken-over.csv"
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("navigation", name="Where you are").get_by_role("link", name="Exception request").click()
    expect(page.locator("main")).to_contain_text("It can run as it is drawn.")
