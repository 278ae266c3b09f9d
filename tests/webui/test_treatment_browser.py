"""What follows a decision in a real browser: no finding of axe-core at any width, nothing wider than it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.webui.pages.test_treatment_pages import act, treated
from tests.webui.test_browser import Axe, address, enter, watched
from workflows.bootstrap import Parley

__all__ = ["address", "treated", "watched"]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (390, "dark")])
def test_no_page_has_a_finding_or_overflows(
    watched: Page, axe: Axe, address: str, parley: Parley, treated: str, width: int, scheme: str
) -> None:
    act(parley, treated, "report_milestone", "dana", {"status": "done", "evidence": "Ticket 4711."})
    told = {"title": "Down for an hour", "what": "It was taken over.", "happened_on": "2026-03-02"}
    ivo = parley.identity.person("ivo")
    parley.treatment.link_incident(ivo, "R-0001", treated, told | {"foreseen": "ciso"})
    task = parley.cases.inbox(ivo)[0].task_id
    watched.set_viewport_size({"width": width, "height": 800})
    watched.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    enter(watched, address, "ivo")
    form = f"/risks/R-0001/incidents/{treated}"
    for path in ("/treatment", "/treatment/T-0001", "/reviews", "/look-back", form, f"/tasks/{task}"):
        watched.goto(address + path)
        watched.wait_for_load_state("networkidle")
        assert axe(watched) == [], path
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert watched.evaluate(wide), f"{path} is wider than the window"
