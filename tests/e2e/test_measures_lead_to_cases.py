"""An auditor goes from figures to the very cases behind them, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Served, Visitor
from tests.webui.pages.test_treatment_pages import act, treated

__all__ = ["parley", "treated"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def parley(served: Served) -> object:
    """The domain behind the pages, for what happened before the auditor came."""
    return served.parley


def test_measures_lead_to_their_cases(served: Served, treated: str, person: Callable[[str], Visitor]) -> None:
    ivo = served.parley.identity.person("ivo")
    act(served.parley, treated, "report_milestone", "dana", {"status": "done", "evidence": "Ticket 4711."})
    told = {"title": "Down for an hour", "what": "It was taken over.", "happened_on": "2026-03-02"}
    served.parley.treatment.link_incident(ivo, "R-0001", treated, told | {"foreseen": "ciso"})
    ana = person("Ana Petrov").page

    ana.click("#navigation summary:text('Figures')")
    ana.get_by_role("link", name="Measures").click()
    for heading in (
        "Conflicts escalated",
        "Unacceptable risks",
        "Fate of disagreements",
        "Accepted implicitly",
    ):
        expect(ana.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    # The second measure: the risk that is in treatment.
    table = ana.get_by_role("region", name="Unacceptable risks at the end of each month")
    table.get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(ana.get_by_role("heading", level=1)).to_have_text("In treatment: 1")
    ana.get_by_role("link", name="Ransomware reaches the payment servers").click()
    ana.wait_for_url("**/risks/R-0001")

    # The look back: the incident leads to the decision that it puts to the test.
    ana.click("#navigation summary:text('Figures')")
    ana.get_by_role("link", name="Measures").click()
    ana.get_by_role("region", name="Incidents linked to decisions").get_by_role("link").first.click()
    expect(ana.get_by_role("heading", level=1)).to_have_text("Look back: 1")
    expect(ana.get_by_text("S-0001, 2 March 2026: Down for an hour")).to_be_visible()
    ana.get_by_role("link", name="Open the case of R-0001").click()
    ana.wait_for_url(f"**/cases/{treated}")

    # Days to a decision, and the case whose days they are.
    ana.click("#navigation summary:text('Figures')")
    ana.get_by_role("link", name="Measures").click()
    days = ana.get_by_role("region", name="Days to a decision, by month")
    days.get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(ana.get_by_role("heading", level=1)).to_have_text("To decision: 1")
    ana.get_by_role("link", name="Open the case of R-0001").click()
    ana.wait_for_url(f"**/cases/{treated}")
