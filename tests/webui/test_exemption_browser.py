"""Exemptions and emergencies in a real browser: no finding of axe-core, and nothing wider than the window."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.support.browsing import LookedAt
from tests.webui.pages.test_exemption_pages import EMERGENCY, exempted, raise_risk
from tests.webui.test_browser import address, enter, watched
from workflows.bootstrap import Parley

__all__ = ["address", "exempted", "watched"]

pytestmark = pytest.mark.browser

PAGES = {
    "dana": ("/exemptions?show=all", "/exemptions/E-0001", "/emergencies", "/emergencies/declare"),
    "ivo": ("/exemptions/E-0001", "/exemptions/E-0002", "/emergencies/M-0001"),
}
"""The CIO is offered a renewal and to go ahead, the CISO to report a breach."""


def test_no_page_has_a_finding_or_overflows(
    watched: Page, looked_at: LookedAt, address: str, parley: Parley, exempted: str
) -> None:
    raise_risk(parley)
    raise_risk(parley)
    parley.emergencies.declare(parley.identity.person("dana"), "R-0002", EMERGENCY, "token of an emergency")
    for person, paths in PAGES.items():
        watched.context.clear_cookies()
        enter(watched, address, person)
        for path in paths:
            watched.goto(address + path)
            looked_at(watched)
