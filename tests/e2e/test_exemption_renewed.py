"""An exemption before real browsers: renewed once by a new review, and then refused by the policy's cap."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Served, Visitor
from tests.webui.pages.test_exemption_pages import CONTROLS, DECIDED, WORKS, grant, raise_risk
from tests.webui.pages.test_positions import CIO, CISO
from tests.webui.pages.test_treatment_pages import act

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WHY = "The replacement is delivered a month late."


def test_renewed_once_and_then_refused(served: Served, person: Callable[[str], Visitor]) -> None:
    parley = served.parley
    grant(parley, raise_risk(parley))
    dana, ivo = person("Dana Reyes"), person("Ivo Lind")

    dana.page.goto(f"{served.address}/exemptions/E-0001")
    main = dana.page.locator("main")
    dana.page.get_by_role("button", name="+30 days").click()
    expect(dana.page.get_by_role("status").first).to_contain_text("It is now")
    expect(main).to_contain_text("30 days left")
    expect(dana.page.get_by_role("region", name="Reminders")).to_contain_text("Dana Reyes")
    dana.page.get_by_label("Why is more time needed?").fill(WHY)
    dana.page.get_by_role("button", name="Begin a new review").click()
    expect(dana.page.get_by_role("status").first).to_contain_text("A new review has begun")
    renewal = dana.page.url.rsplit("/", 1)[-1].split("?")[0]

    act(parley, renewal, "cio_position", "dana", CIO)
    act(parley, renewal, "ciso_position", "ivo", CISO)
    act(parley, renewal, "decide", "dana", DECIDED)
    act(parley, renewal, "respond", "ivo", {"response": "concur"})
    dana.open_task("Name controls")
    dana.write(control_1=CONTROLS["control_1"], evidence_1=CONTROLS["evidence_1"])
    dana.select(operator_1=CONTROLS["operator_1"])
    dana.send()
    ivo.open_task("Verify controls")
    ivo.choose(result_1=WORKS["result_1"])
    ivo.write(evidence_1=WORKS["evidence_1"])
    ivo.send()
    parley.engine.worker.run_until_idle()

    dana.page.goto(f"{served.address}/exemptions/E-0001")
    expect(main).to_contain_text("Exempted again after a new review")
    dana.page.get_by_role("region", name="Exemptions of this weakness").get_by_role(
        "link", name="E-0002"
    ).click()
    expect(main).to_contain_text("60 days left")
    expect(main).to_contain_text("has been exempted 2 times already (E-0001 and E-0002)")
    expect(main).to_contain_text("It has to be mitigated, avoided or transferred.")
    expect(dana.page.get_by_role("button", name="Begin a new review")).to_have_count(0)
    with parley.database.reading() as connection:
        assert parley.engine.audit.verify(connection).faults == ()
        assert parley.engine.incidents.open(connection) == []
