"""The pages of exemptions and emergencies: who is offered what, and what is typed is never lost."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe

import pytest
from lxml import html

from tests.webui.conftest import Visit
from tests.webui.organisation import RAISE
from tests.webui.pages.test_positions import CIO, CISO
from tests.webui.pages.test_treatment_pages import act
from workflows.bootstrap import Parley

DECIDED = {
    "decision": "exempt",
    "days": "60",
    "conditions": "Egress stays closed.",
    "compensating_controls": "A rule on the firewall.",
    "reason": "The replacement comes in the spring.",
}
CONTROLS = {"control_1": "A rule on the firewall.", "operator_1": "tom", "evidence_1": "Rule 17."}
WORKS = {"result_1": "works", "evidence_1": "I tried it."}
EMERGENCY = {
    "what": "The gateway goes live without the patch.",
    "reason": "Salaries of forty firms are paid tonight.",
    "containment": "Access from two addresses only.",
    "conditions": "The watch holds through the night.",
    "days": "5",
    "roll_back": "The old gateway takes over in an hour.",
}


def raise_risk(parley: Parley) -> str:
    """A risk raised; its case."""
    _, case = parley.risks.raise_risk(parley.identity.person("rosa"), RAISE, token_urlsafe(16))
    return case.id


def grant(parley: Parley, case_id: str) -> None:
    """From the positions to an exemption in force."""
    act(parley, case_id, "cio_position", "dana", CIO)
    act(parley, case_id, "ciso_position", "ivo", CISO)
    act(parley, case_id, "decide", "dana", DECIDED)
    act(parley, case_id, "respond", "ivo", {"response": "concur"})
    act(parley, case_id, "name_controls", "dana", CONTROLS)
    act(parley, case_id, "verify_controls", "ivo", WORKS)


@pytest.fixture
def exempted(parley: Parley) -> str:
    """The case of a risk with an exemption in force."""
    case_id = raise_risk(parley)
    grant(parley, case_id)
    return case_id


@pytest.fixture
def declared(parley: Parley) -> str:
    """The case of an emergency that goes ahead."""
    raise_risk(parley)
    return parley.emergencies.declare(
        parley.identity.person("dana"), "R-0001", EMERGENCY, "token of an emergency"
    )


def test_an_exemption_is_listed_and_shown_with_its_controls_and_its_life(visit: Visit, exempted: str) -> None:
    ana = visit("ana")
    listed = html.document_fromstring(ana.get("/exemptions").text)
    assert listed.xpath("//tbody//th/a/@href") == ["/exemptions/E-0001"]
    shown = html.document_fromstring(ana.get("/exemptions/E-0001").text)
    text = shown.text_content()
    for words in ("60 days left", "Operated by Tom Varga", "I tried it.", "Egress stays closed."):
        assert words in text
    life = shown.xpath("//section[@aria-labelledby='life']//li//strong/text()")
    assert life == ["Proposed", "Under review", "Approved", "Active"]
    assert ana.get("/exemptions/E-0099").status_code == 404
    for view in ("soon", "awaiting", "all"):
        assert ana.get(f"/exemptions?show={view}").status_code == 200


def test_each_leader_is_offered_what_is_theirs_to_do(visit: Visit, exempted: str) -> None:
    offered = {
        key: html.document_fromstring(visit(key).get("/exemptions/E-0001").text).xpath(
            "//form[contains(@class, 'task')]/@action"
        )
        for key in ("dana", "ivo", "ana")
    }
    assert offered == {
        "dana": ["/exemptions/E-0001/renewal"],
        "ivo": ["/exemptions/E-0001/breach"],
        "ana": [],
    }


def test_a_breach_is_reported_once_and_revokes(visit: Visit, exempted: str) -> None:
    ivo = visit("ivo")
    page = html.document_fromstring(ivo.get("/exemptions/E-0001").text)
    token = page.xpath("//input[@name='_token']/@value")[0]
    sent = {"what": "A route was opened.", "evidence": "", "_token": token, "csrf_token": ivo.token()}
    refused = ivo.client.post("/exemptions/E-0001/breach", data=sent)
    assert refused.status_code == 422
    assert "A route was opened." in refused.text
    assert visit("ana").client.post("/exemptions/E-0001/breach", data=sent).status_code in (400, 403)
    sent["evidence"] = "The log of the firewall."
    assert ivo.client.post("/exemptions/E-0001/breach", data=sent).status_code == 303
    text = ivo.get("/exemptions/E-0001").text
    assert "A condition was broken: A route was opened." in text
    assert "Report and revoke" not in text


def test_a_renewal_begins_a_new_review(visit: Visit, exempted: str) -> None:
    dana = visit("dana")
    dana.get("/exemptions/E-0001")
    sent = {"reason": "", "csrf_token": dana.token()}
    assert dana.client.post("/exemptions/E-0001/renewal", data=sent).status_code == 422
    sent["reason"] = "The replacement is late."
    begun = dana.client.post("/exemptions/E-0001/renewal", data=sent)
    assert begun.status_code == 303
    assert begun.headers["Location"] != f"/cases/{exempted}"
    again = dana.client.post("/exemptions/E-0001/renewal", data=sent)
    assert again.status_code == 409
    assert "under review already" in again.text


def test_only_the_cio_is_offered_to_go_ahead(parley: Parley, visit: Visit) -> None:
    raise_risk(parley)
    for key, is_offered in (("dana", True), ("ivo", False), ("ruth", False), ("ana", False)):
        page = html.document_fromstring(visit(key).get("/risks/R-0001").text)
        links = page.xpath("//a[starts-with(@href, '/emergencies/declare')]/@href")
        assert links == (["/emergencies/declare?risk=R-0001"] if is_offered else [])
        assert ("Go ahead now" in visit(key).get("/emergencies").text) is is_offered


def test_an_emergency_is_declared_reviewed_and_shown(parley: Parley, visit: Visit) -> None:
    raise_risk(parley)
    dana = visit("dana")
    page = html.document_fromstring(dana.get("/emergencies/declare?risk=R-0001").text)
    token = page.xpath("//input[@name='_token']/@value")[0]
    sent = {**EMERGENCY, "days": "15", "_risk": "R-0001", "_token": token, "csrf_token": dana.token()}
    refused = dana.client.post("/emergencies/declare", data=sent)
    assert refused.status_code == 422
    assert EMERGENCY["roll_back"] in refused.text
    for _ in range(2):  # Sent twice it is declared once.
        assert dana.client.post("/emergencies/declare", data=sent | {"days": "5"}).status_code == 303
    (case_id,) = {one.case_id for one in parley.emergencies.all(parley.identity.person("ana"))}
    act(parley, case_id, "review_emergency", "ivo", {"verdict": "approve", "reason": "It holds."})
    ana = visit("ana")
    assert "/emergencies/M-0001" in ana.get("/emergencies").text
    shown = ana.get("/emergencies/M-0001").text
    for words in (EMERGENCY["what"], EMERGENCY["roll_back"], "It holds.", "/exemptions/E-0001"):
        assert words in shown
    with pytest.raises(AssertionError):
        act(parley, case_id, "roll_back", "dana", {})
    parley.clock.advance(parley.identity.person("dana"), timedelta(days=5))
    parley.engine.worker.run_until_idle()
    assert "over" in ana.get("/emergencies/M-0001").text
