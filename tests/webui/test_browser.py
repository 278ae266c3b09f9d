"""The pages in a real browser: axe-core finds nothing, the policy stops nothing, and nothing overflows."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import waitress
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.support.browsing import Axe, LookedAt
from tests.webui.conftest import Visit
from tests.webui.pages.test_positions import CIO, CISO, first_task

pytestmark = pytest.mark.browser

EXPECTED = "Failed to load resource: the server responded with a status of 4"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application, served as `parley serve` serves it."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    served = threading.Thread(target=server.run, daemon=True)
    served.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    served.join(timeout=1)


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which nothing may be stopped by the policy and nothing may be asked of another site."""
    said: list[str] = []
    asked: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            said.append(message.text)

    def request(sent: Request) -> None:
        if not sent.url.startswith(("http://127.0.0.1:", "data:")):
            asked.append(sent.url)

    page.on("console", listen)
    page.on("request", request)
    yield page
    assert said == []
    assert asked == []


def enter(page: Page, address: str, person: str) -> None:
    page.goto(f"{address}/sign-in")
    page.click(f"button[name=person][value={person}]")
    page.wait_for_url("**/tasks")


@pytest.fixture
def decided(visit: Visit, raised: str) -> str:
    """The address of a case in which both positions are in and the CIO has decided to exempt."""
    dana, ivo = visit("dana"), visit("ivo")
    dana.post(first_task(dana), CIO)
    ivo.post(first_task(ivo), CISO)
    exempt = {
        "decision": "exempt",
        "days": "90",
        "conditions": "The log is read each day.",
        "compensating_controls": "Managed devices alone.",
        "reason": "The freeze ends in May.",
    }
    assert dana.post(first_task(dana), exempt).status_code == 303
    return raised


PLACES = [
    "/tasks",
    "/committee",
    "/risks",
    "/risks/R-0001",
    "/risks/raise",
    "/exemptions",
    "/kev",
    "/kev/CVE-2024-3400",
    "/policies",
    "/policies/risk-decision",
    "/about",
    "/nowhere",
]


def test_no_page_has_a_finding_or_overflows(
    watched: Page, looked_at: LookedAt, address: str, decided: str, visit: Visit
) -> None:
    watched.goto(f"{address}/sign-in")
    looked_at(watched)
    enter(watched, address, "ivo")
    for path in (*PLACES, decided, first_task(visit("ivo"))):
        watched.goto(address + path)
        looked_at(watched)


def test_the_diagram_shows_the_path_and_where_it_waits(watched: Page, address: str, decided: str) -> None:
    enter(watched, address, "gus")
    watched.goto(address + decided)
    watched.wait_for_selector(".diagram-canvas[data-shown=true]")
    assert watched.locator("[data-element-id=decide].path-done").count() == 1
    assert watched.locator("[data-element-id=respond].path-waiting").count() == 1
    assert (
        watched.locator("[data-element-id=vote].path-done, [data-element-id=vote].path-waiting").count() == 0
    )
    assert watched.locator(".diagram-badge.path-waiting").inner_text() == "waits here"
    assert watched.locator(".bjs-powered-by").is_visible()


def test_the_diagram_is_moved_by_buttons_and_keys_and_keeps_its_room(
    watched: Page, address: str, decided: str
) -> None:
    enter(watched, address, "gus")
    watched.goto(address + decided, wait_until="commit")
    watched.wait_for_selector(".diagram-canvas")
    before = watched.locator(".diagram-canvas").bounding_box()
    watched.wait_for_selector(".diagram-canvas[data-shown=true]")
    assert watched.locator(".diagram-canvas").bounding_box() == before
    seen = "document.querySelector('.diagram-canvas .viewport').getAttribute('transform')"
    first = watched.evaluate(seen)
    watched.click("button[aria-label=Larger]")
    larger = watched.evaluate(seen)
    assert larger != first
    watched.focus(".diagram-canvas")
    watched.keyboard.press("ArrowRight")
    assert watched.evaluate(seen) != larger
    watched.keyboard.press("0")
    whole = watched.evaluate(seen)
    watched.click("button[aria-label=Larger]")
    watched.focus(".diagram-canvas")
    watched.keyboard.press("0")
    assert watched.evaluate(seen) == whole, "the whole diagram is shown again"


def test_fields_that_depend_on_an_answer_appear_with_it(
    watched: Page, address: str, decided: str, visit: Visit
) -> None:
    enter(watched, address, "ivo")
    watched.goto(address + first_task(visit("ivo")))
    argument = watched.locator("textarea[name=argument]")
    assert not argument.is_visible()
    watched.check("input[name=response][value=challenge]")
    assert argument.is_visible()
    assert not watched.locator("textarea[name=conditions]").is_visible()
    watched.check("input[name=response][value=concur]")
    assert not argument.is_visible()


def test_a_refused_form_is_read_first_and_keeps_what_was_typed(
    watched: Page, axe: Axe, address: str, decided: str, visit: Visit
) -> None:
    enter(watched, address, "ivo")
    watched.goto(address + first_task(visit("ivo")))
    watched.check("input[name=response][value=challenge]")
    watched.fill("textarea[name=argument]", "Ninety days are too long for this.")
    watched.click("form.task .actions button")
    watched.wait_for_selector(".form-errors")
    assert watched.evaluate("document.activeElement.matches('.form-errors')")
    assert watched.input_value("textarea[name=argument]") == "Ninety days are too long for this."
    assert axe(watched) == []


def test_the_register_is_narrowed_without_a_new_page(watched: Page, address: str, decided: str) -> None:
    enter(watched, address, "gus")
    watched.goto(f"{address}/risks")
    watched.evaluate("window.same = true")
    watched.fill("#filter-text", "no such risk")
    watched.wait_for_url("**/risks?q=no*")
    watched.wait_for_selector("#rows .empty")
    assert watched.evaluate("window.same")


def test_the_colours_chosen_stay_chosen(watched: Page, address: str, raised: str) -> None:
    enter(watched, address, "rosa")
    watched.goto(f"{address}/risks/raise")
    watched.fill("textarea[name=description]", "Typed before the colours were changed.")
    with watched.expect_response("**/preferences/theme"):
        watched.click("button[aria-label='Dark colours']")
    assert watched.input_value("textarea[name=description]") == "Typed before the colours were changed."
    watched.goto(f"{address}/tasks")
    assert watched.get_attribute("html", "data-theme") == "dark"


def test_everything_is_reached_by_the_keyboard(watched: Page, address: str, raised: str) -> None:
    enter(watched, address, "gus")
    watched.keyboard.press("Tab")
    assert watched.evaluate("document.activeElement.className") == "skip"
    watched.keyboard.press("Enter")
    assert watched.evaluate("document.activeElement.id") == "main"


def test_a_menu_of_the_navigation_opens_and_closes_by_the_keyboard(
    watched: Page, axe: Axe, address: str, raised: str
) -> None:
    watched.set_viewport_size({"width": 1280, "height": 800})
    enter(watched, address, "gus")
    assert (watched.locator("header.head").bounding_box() or {})["height"] <= 64
    risks, exemptions = (
        watched.locator("#navigation summary", has_text="Risks"),
        "#navigation >> text=Exemptions",
    )
    risks.focus()
    watched.keyboard.press("Enter")
    assert watched.is_visible(exemptions)
    assert axe(watched) == []
    watched.keyboard.press("Escape")
    assert not watched.is_visible(exemptions)
    assert watched.evaluate("document.activeElement.textContent") == "Risks"
    watched.keyboard.press("Enter")
    watched.keyboard.press("Tab")
    watched.keyboard.press("Tab")
    watched.keyboard.press("Enter")
    watched.wait_for_url("**/exemptions")
    assert risks.get_attribute("aria-current") == "true"


def test_the_menus_open_without_script_one_at_a_time(browser: Browser, address: str, raised: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, address, "gus")
    page.click("#navigation summary:text('Risks')")
    assert page.is_visible("#navigation >> text=Exemptions")
    page.click("#navigation summary:text('Policies')")
    assert not page.is_visible("#navigation >> text=Exemptions")
    page.click("#navigation >> text=Drafts")
    page.wait_for_url("**/drafts")
    context.close()


def test_at_390_pixels_the_menu_opens_and_leads_on(
    watched: Page, axe: Axe, address: str, raised: str
) -> None:
    watched.set_viewport_size({"width": 390, "height": 800})
    enter(watched, address, "gus")
    register = watched.locator("#navigation a", has_text="Register")
    assert not register.is_visible()
    watched.click("text=Menu")
    assert axe(watched) == []
    watched.click("#navigation summary:text('Risks')")
    assert axe(watched) == []
    register.click()
    watched.wait_for_url("**/risks")


def test_a_risk_is_raised_and_answered_without_script(browser: Browser, address: str, raised: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, address, "dana")
    page.click("tbody th a")
    page.select_option("select[name=likelihood]", "moderate")
    page.select_option("select[name=impact]", "high")
    page.fill("textarea[name=business_value]", "Card payments run through it.")
    page.check("input[name=treatment][value=exempt]")
    page.fill("textarea[name=reason]", "The freeze ends in May.")
    page.click("form.task .actions button")
    page.wait_for_url("**/cases/*")
    assert page.locator("text=Your answer is stored").is_visible()
    page.click("summary:has-text('The same as a list')")
    assert page.locator("ol.steps > li.now").count() == 1
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_weekly_dialogue_from_agenda_to_agreed_outcomes(
    watched: Page, axe: Axe, app: Flask, address: str, raised: str, width: int
) -> None:
    app.extensions["parley"].dialogue.open_missing()
    watched.set_viewport_size({"width": width, "height": 800})
    for person, account in (("ivo", "dana"), ("dana", "")):
        enter(watched, address, person)
        watched.goto(f"{address}/dialogue")
        if account:
            watched.fill("#item-text", "A new portal for suppliers")
            watched.click("button:text-is('Put down')")
            watched.select_option("#draft-kind", "action")
            watched.fill("#draft-text", "Send the plan of the portal")
            watched.select_option("#draft-owner", account)
            watched.fill("#draft-due", "2026-03-09")
            watched.click("button:text-is('Write down')")
        assert axe(watched) == []
        watched.click("text=Say how it went")
        watched.check("input[name=held][value=held]")
        watched.check("input[name=agreed][value=agreed]")
        assert axe(watched) == []
        watched.click("button:text-is('Submit')")
        watched.wait_for_url("**/cases/*")
        watched.context.clear_cookies()
    enter(watched, address, "ana")
    watched.goto(f"{address}/dialogue")
    told = watched.inner_text("main")
    assert "Send the plan of the portal" in told
    assert "A new portal for suppliers" not in told
    assert axe(watched) == []
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert watched.evaluate(wide)
