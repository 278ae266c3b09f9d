"""The browser of the tests is a real Chromium, and axe-core runs in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.browsing import Violation

pytestmark = pytest.mark.browser

PAGE = "<!doctype html><html lang='en'><title>A page</title><main><h1>Register</h1>{}</main></html>"


def test_the_browser_renders_text_with_a_font(page: Page) -> None:
    page.set_content(PAGE.format("<p id=p style='display:inline-block'>Residual risk</p>"))
    box = page.locator("#p").bounding_box()
    assert page.title() == "A page"
    assert box is not None
    assert box["width"] > 40


def test_axe_accepts_a_good_page_and_names_the_fault_of_a_bad_one(
    page: Page, axe: Callable[[Page], list[Violation]]
) -> None:
    page.set_content(PAGE.format("<label>Reason <input></label>"))
    assert axe(page) == []
    page.set_content(PAGE.format("<input>"))
    assert [violation.rule for violation in axe(page)] == ["label"]


def test_axe_runs_under_a_strict_policy(page: Page, axe: Callable[[Page], list[Violation]]) -> None:
    policy = "default-src 'none'"
    page.route(
        "http://parley.test/",
        lambda route: route.fulfill(
            body=PAGE.format(""), headers={"Content-Security-Policy": policy, "Content-Type": "text/html"}
        ),
    )
    page.goto("http://parley.test/")
    assert axe(page) == []
