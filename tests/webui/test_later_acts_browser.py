"""One journey in a real browser through what may be done to a decision later on: a position is changed, an
envelope signed, the decision challenged while in force, and a case cancelled by somebody with no part in it.
Each of their forms fits its page, and axe-core finds nothing there."""

from __future__ import annotations

from secrets import token_urlsafe

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import LookedAt
from tests.webui.organisation import RAISE
from tests.webui.pages.test_positions import CIO, CISO
from tests.webui.pages.test_treatment_pages import act
from tests.webui.test_browser import address, enter, watched
from workflows.bootstrap import Parley

__all__ = ["address", "watched"]

pytestmark = pytest.mark.browser

CLASS = {
    "kind": "class",
    "cve_id": "",
    "class_scope": "Gateways of the same make.",
    "envelope": "No administrative access from the internet.",
}
LOW = {"likelihood": "low", "impact": "low"}


def go_on_as(page: Page, address: str, person: str) -> None:
    """Sign in as somebody, or as somebody else."""
    page.context.clear_cookies()
    enter(page, address, person)


def test_what_may_be_done_to_a_decision_later_on(
    watched: Page, looked_at: LookedAt, address: str, parley: Parley
) -> None:
    raised = {**RAISE, **CLASS, **LOW}
    risk, case = parley.risks.raise_risk(parley.identity.person("rosa"), raised, token_urlsafe(16))
    act(parley, case.id, "cio_position", "dana", CIO | LOW)
    act(parley, case.id, "ciso_position", "ivo", CISO | LOW)
    main, told = watched.locator("main"), watched.get_by_role("status").first

    go_on_as(watched, address, "ivo")
    watched.goto(f"{address}/cases/{case.id}")
    watched.get_by_text("Change your position").click()
    watched.get_by_label("How likely is it now").select_option("moderate")
    watched.get_by_label("How bad would it be?").select_option("low")
    watched.get_by_label("How should it be treated?").select_option("mitigate")
    watched.get_by_label("At whose request").select_option("dana")
    watched.get_by_label("Why?").fill("The log of the weekend shows nothing.")
    looked_at(watched)
    watched.get_by_role("button", name="Add the change").click()
    expect(told).to_contain_text("stands beside your first position")
    position = watched.get_by_role("article").filter(has_text="Ivo Lind")
    expect(position).to_contain_text("Exploit code is public")
    expect(position).to_contain_text("at the request of Dana Reyes")

    decision = {"decision": "mitigate", "plan": "Update the gateways.", "reason": "It can be done."}
    act(parley, case.id, "decide", "dana", decision)
    act(parley, case.id, "respond", "ivo", {"response": "concur"})
    go_on_as(watched, address, "dana")
    watched.goto(f"{address}/risks/{risk.id}")
    expect(main).to_contain_text("Nobody has signed yet, so nothing is covered.")
    expect(main).to_contain_text("policy not endorsed")
    watched.get_by_label("Sign for an asset of your unit").select_option("gateway")
    watched.get_by_label("I accept these conditions for it").check()
    watched.get_by_role("button", name="Sign", exact=True).click()
    expect(main).to_contain_text("Payment gateway signed by Dana Reyes")

    go_on_as(watched, address, "ivo")
    watched.goto(f"{address}/risks/{risk.id}")
    watched.get_by_label("On which ground?").select_option("conditions_unmet")
    watched.get_by_label("What is your argument?").fill("Two gateways are open to the internet.")
    watched.get_by_label("What has to be done meanwhile?").fill("They are taken off the internet.")
    watched.get_by_label("Whom do you go to?").select_option("cro")
    looked_at(watched)
    watched.get_by_role("button", name="Challenge it").click()
    expect(told).to_contain_text("no effect any more until this case has settled the challenge")
    expect(main).to_contain_text("Disputed: nothing is in force.")
    expect(main).to_contain_text("They are taken off the internet.")
    anew = watched.url
    watched.goto(f"{address}/cases/{case.id}")
    expect(main).to_contain_text("The decision was challenged on the ground “conditions unmet”.")
    expect(main).to_contain_text("The risk was taken up again")

    watched.goto(anew)
    expect(watched.get_by_text("Cancel this case")).to_have_count(0)  # the CISO is a party to it
    go_on_as(watched, address, "gus")
    watched.goto(anew)
    watched.get_by_text("Cancel this case").click()
    watched.get_by_label("Why?").fill("It was started for the wrong class.")
    looked_at(watched)
    watched.get_by_role("button", name="Cancel the case").click()
    expect(told).to_contain_text("The case is cancelled, and its risk is undecided.")
    expect(main).to_contain_text("Gus Moreau cancelled the case")
    expect(main).to_contain_text("It was started for the wrong class.")
    watched.goto(f"{address}/risks/{risk.id}")
    expect(main).to_contain_text("Disputed: nothing is in force.")
