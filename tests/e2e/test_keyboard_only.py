"""A policy is changed, reviewed and released without a mouse: every act is a key."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Served
from tests.support.browsing import Axe

pytestmark = pytest.mark.browser

NO_MOUSE = """
window.pointed = [];
for (const kind of ['pointerdown', 'pointermove', 'mousedown', 'mousemove', 'mouseup', 'touchstart']) {
    window.addEventListener(kind, (event) => window.pointed.push(event.type), true);
}
"""


@pytest.fixture
def seat(browser: Browser, served: Served) -> Iterator[Callable[[str], Page]]:
    """`seat("Dana Reyes")`: signed in by the keyboard, before a page that notes whether a pointer is used."""
    contexts, thrown = [], []

    def sit(name: str) -> Page:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB"))
        contexts[-1].add_init_script(NO_MOUSE)
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: thrown.append(str(error)))
        page.goto(f"{served.address}/sign-in")
        _press(page, page.get_by_role("button", name=name))
        expect(page.get_by_role("heading", level=1)).to_have_text("My tasks")
        return page

    yield sit
    for context in contexts:
        context.close()
    assert thrown == []


def _reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Go there by Tab alone."""
    expect(wanted).to_be_visible()
    for _ in range(150):
        page.keyboard.press(key)
        if wanted.evaluate("(it) => it === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def _press(page: Page, wanted: Locator) -> None:
    _reach(page, wanted)
    page.keyboard.press("Enter")


def _type(page: Page, text: str) -> None:
    page.keyboard.insert_text(text)


def _draw(page: Page, axe: Axe) -> None:
    """A step after another, named; connected to what came next; the old flow taken out; another lane."""
    keys, dialogue = page.keyboard, page.locator("dialog[open]")
    canvas, said = page.locator(".studio-canvas svg").first, page.locator("[data-said]")
    _reach(page, canvas)
    keys.press("?")
    expect(dialogue).to_contain_text("go to any step, flow or lane", ignore_case=True)
    assert [each for each in axe(page) if not all("djs-" in one for one in each.elements)] == []
    keys.press("Escape")
    expect(canvas).to_be_focused()
    ring = page.locator(".studio-canvas").evaluate("(it) => getComputedStyle(it).outlineStyle")
    assert ring == "solid", "the focus is not seen"

    keys.press("n")
    expect(said).to_contain_text("A week begins, start")
    keys.press("n")
    expect(said).to_contain_text("in the lane Parley, leads to")
    keys.press("b")
    expect(said).to_contain_text("A week begins, start")
    keys.press("g")
    _type(page, "record dialogue (")
    assert [each for each in axe(page) if not all("djs-" in one for one in each.elements)] == []
    keys.press("Enter")
    expect(said).to_contain_text("Record dialogue, step done by the software")
    keys.press("a")
    expect(dialogue).to_contain_text("After Record dialogue")
    keys.press("Enter")
    expect(said).to_contain_text("step done by a person without a name")
    _type(page, "Read the record")
    keys.press("Enter")
    expect(said).to_contain_text("Read the record, step done by a person")
    keys.press("c")
    expect(dialogue).to_contain_text("A flow from Read the record to")
    _type(page, "a week after")
    keys.press("Enter")
    expect(said).to_contain_text("Read the record → A week after the beginning, flow", ignore_case=True)
    keys.press("g")
    _type(page, "record dialogue → a week")
    keys.press("Enter")
    keys.press("Delete")
    keys.press("g")
    _type(page, "read the record (")
    keys.press("Enter")
    keys.press("m")
    expect(dialogue).to_contain_text("Read the record into the lane")
    keys.press("Enter")
    expect(said).to_contain_text("in the lane CIO, leads to A week after the beginning", ignore_case=True)


def _set_properties(page: Page) -> None:
    keys = page.keyboard
    keys.press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    form = page.get_by_label("Form", exact=True)
    _reach(page, form)
    keys.type("account")
    expect(form).to_have_value("account.form")
    _reach(page, page.get_by_label("Due after"))
    _type(page, "P2D")
    with page.expect_response("**/file") as sent:
        keys.press("Escape")
    assert sent.value.ok
    expect(page.locator(".studio-canvas svg").first).to_be_focused()
    expect(page.locator(".studio-state")).to_have_text("Saved", timeout=15_000)
    expect(page.locator(".studio-findings")).not_to_contain_text("to mend")


def test_a_policy_is_changed_and_released_by_keys_alone(
    served: Served, seat: Callable[[str], Page], axe: Axe
) -> None:
    page = seat("Gus Moreau")
    page.goto(f"{served.address}/drafts")
    base = page.locator("form").filter(has=page.locator('[name="key"][value="weekly-dialogue"]'))
    _press(page, base.get_by_role("button").first)
    page.wait_for_url("**/drafts/*")
    draft = page.url
    _press(page, page.get_by_role("button", name="Edit the diagram"))
    page.wait_for_selector(".studio[data-ready=true]")
    _draw(page, axe)
    _set_properties(page)
    _press(page, page.get_by_role("button", name="Done", exact=True))
    page.wait_for_url(draft)
    _reach(page, page.get_by_label("Why this change?"))
    _type(page, "The CIO reads what was recorded.")
    _press(page, page.get_by_role("button", name="Send to review"))
    expect(page.get_by_role("status").first).to_contain_text("in review")
    pages = [page]
    for name, button in (
        ("Dana Reyes", "Agree as CIO"),
        ("Ivo Lind", "Agree as CISO"),
        ("Eva Brandt", "Endorse"),
    ):
        pages.append(seat(name))
        pages[-1].goto(draft)
        _press(pages[-1], pages[-1].get_by_role("button", name=button))
        expect(pages[-1].get_by_role("status").first).to_contain_text("Your agreement is recorded")
    page.goto(draft)
    _press(page, page.get_by_role("button", name="Release"))
    expect(page.get_by_role("status").first).to_contain_text("Version 2 is released")
    assert [each.evaluate("window.pointed") for each in pages] == [[], [], [], []]
    _, files = served.parley.studio.history.files(served.parley.identity.person("gus"), "weekly-dialogue")
    assert b'name="Read the record"' in files["weekly-dialogue.bpmn"]
    assert b'parley:due="P2D"' in files["weekly-dialogue.bpmn"]
