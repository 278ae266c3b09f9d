"""Fixtures for tests in a real browser, and the check of a page by axe-core."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.support import chromium

ALL_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOUR_RULES = ("color-contrast", "link-in-text-block")
PLACE_RULES = (
    "target-size",
    "scrollable-region-focusable",
    "landmark-no-duplicate-banner",
    "bypass",
    "region",
)
LOOKS: tuple[tuple[int, Literal["dark", "light"], Sequence[str]], ...] = (
    (390, "dark", PLACE_RULES),
    (1280, "dark", COLOUR_RULES),
    (1280, "light", ALL_RULES),
)
DIAGRAM = ".diagram-canvas"
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule of axe-core that a page breaks, and the elements that break it."""

    rule: str
    impact: str
    help: str
    elements: tuple[str, ...]


Axe = Callable[..., list[Violation]]
LookedAt = Callable[..., None]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver; it brings no browser of its own here."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium without a window, shared by a worker's tests; make a context for each person in a test."""
    path, settings = chromium.executable()
    started = playwright.chromium.launch(
        executable_path=path, args=list(chromium.FLAGS), env={**os.environ, **settings}
    )
    yield started
    started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with no memory, 1280 pixels wide; anything its scripts throw fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="UTC")
    opened = context.new_page()
    thrown: list[str] = []
    opened.on("pageerror", lambda error: thrown.append(str(error)))
    yield opened
    context.close()
    assert not thrown, f"Scripts of the page failed: {thrown}"


@pytest.fixture(scope="session")
def axe() -> Axe:
    """``axe(page)`` lists what axe-core finds wrong on the page as it stands, whatever its policy."""
    source = chromium.AXE.read_text(encoding="utf-8")

    def check(page: Page, rules: Sequence[str] = ALL_RULES, beside: Sequence[str] = ()) -> list[Violation]:
        # Run by the browser's debugger, not as a script of the page, so its policy stays as it is.
        if page.evaluate("typeof axe === 'undefined'"):
            page.evaluate(f"() => {{ {source} }}")
        place = {"include": ["html"], "exclude": [[each] for each in beside]}
        found = page.evaluate("([place, rules]) => axe.run(place, {runOnly: rules})", [place, list(rules)])
        return [
            Violation(
                rule=entry["id"],
                impact=entry["impact"] or "",
                help=entry["help"],
                elements=tuple(node["html"] for node in entry["nodes"]),
            )
            for entry in found["violations"]
        ]

    return check


@pytest.fixture(scope="session")
def looked_at(axe: Axe) -> LookedAt:
    """``looked_at(page)`` fails where axe-core finds something or the page is wider than its window.

    That is at 1280 and at 390 pixels, light and dark: all rules once, those of colours again in the dark,
    those of places on the narrow page. Parts made by others, as an editor's canvas, may be left out.
    """

    def look(page: Page, beside: Sequence[str] = ()) -> None:
        settled(page)
        for width, scheme, rules in LOOKS:
            page.set_viewport_size({"width": width, "height": 800})
            # No colour is met on its way to another.
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = axe(page, rules, [each for each in beside if page.locator(each).count()])
            assert found == [], f"{page.url}, {width} pixels wide, {scheme}"
            assert page.evaluate(FITS), f"{page.url} is wider than {width} pixels"

    return look


def settled(page: Page) -> None:
    """Wait until the page has shown its diagrams."""
    expect(page.locator(f"{DIAGRAM}:not([data-shown='true'])")).to_have_count(0)
