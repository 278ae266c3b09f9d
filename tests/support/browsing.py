"""Fixtures for tests in a real browser, and the check of a page by axe-core."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.support import chromium

AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule of axe-core that a page breaks, and the elements that break it."""

    rule: str
    impact: str
    help: str
    elements: tuple[str, ...]


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
def axe() -> Callable[[Page], list[Violation]]:
    """``axe(page)`` lists what axe-core finds wrong on the page as it stands, whatever its policy."""
    source = chromium.AXE.read_text(encoding="utf-8")

    def check(page: Page) -> list[Violation]:
        # Run by the browser's debugger, not as a script of the page, so its policy stays as it is.
        page.evaluate(f"() => {{ {source} }}")
        found = page.evaluate("rules => axe.run(document, rules)", AXE_RULES)
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
