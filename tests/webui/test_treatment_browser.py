"""What follows a decision in a real browser: no finding of axe-core at any width, nothing wider than it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.support.browsing import LookedAt
from tests.webui.pages.test_treatment_pages import act, treated
from tests.webui.test_browser import address, enter, watched
from workflows.bootstrap import Parley

__all__ = ["address", "treated", "watched"]

pytestmark = pytest.mark.browser


def test_no_page_has_a_finding_or_overflows(
    watched: Page, looked_at: LookedAt, address: str, parley: Parley, treated: str
) -> None:
    act(parley, treated, "report_milestone", "dana", {"status": "done", "evidence": "Ticket 4711."})
    told = {"title": "Down for an hour", "what": "It was taken over.", "happened_on": "2026-03-02"}
    ivo = parley.identity.person("ivo")
    parley.treatment.link_incident(ivo, "R-0001", treated, told | {"foreseen": "ciso"})
    task = parley.cases.inbox(ivo)[0].task_id
    enter(watched, address, "ivo")
    form = f"/risks/R-0001/incidents/{treated}"
    for path in ("/treatment", "/treatment/T-0001", "/reviews", "/look-back", form, f"/tasks/{task}"):
        watched.goto(address + path)
        looked_at(watched)
