"""The pages about what follows a decision: plans, reviews, and the look back that an incident puts on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

import pytest
from lxml import html

from tests.webui.conftest import Visit
from tests.webui.organisation import RAISE, STARTED
from workflows.bootstrap import Parley

RATED = {"likelihood": "high", "impact": "high"}


def act(parley: Parley, case_id: str, element: str, key: str, answers: Mapping[str, Any]) -> None:
    """Submit a person's answers at an element of a case."""
    person = parley.identity.person(key)
    for row in parley.cases.inbox(person):
        page = parley.cases.task_page(person, row.task_id)
        if row.instance_id == case_id and page.task.element_id == element:
            parley.cases.submit(
                person, row.task_id, revision=page.revision, token=page.token, answers=answers
            )
            return
    raise AssertionError(f"{element} does not wait for {key}")


@pytest.fixture
def treated(parley: Parley) -> str:
    """The case of a risk that is treated by a plan with one milestone."""
    risk, case = parley.risks.raise_risk(parley.identity.person("rosa"), RAISE, token_urlsafe(16))
    reason = {"reason": "It can be done.", "business_value": "Payments run there."}
    act(parley, case.id, "cio_position", "dana", RATED | reason | {"treatment": "mitigate"})
    advice = {"treatment": "mitigate", "confidence": "high", "evidence": "The scan."}
    act(parley, case.id, "ciso_position", "ivo", RATED | advice)
    decision = {"decision": "mitigate", "plan": "Update the gateway.", "reason": "It can be done."}
    act(parley, case.id, "decide", "dana", decision)
    act(parley, case.id, "respond", "ivo", {"response": "concur"})
    due = (STARTED + timedelta(days=20)).date().isoformat()
    milestone = {"milestone_1": "The gateway is updated", "owner_1": "dana", "due_1": due}
    plan = {"summary": "Update it.", "owner": "dana", "count": "1", **milestone}
    act(parley, case.id, "draw_up_plan", "dana", plan)
    assert risk.id == "R-0001"
    return case.id


def test_a_plan_is_listed_and_shown_with_its_evidence(parley: Parley, visit: Visit, treated: str) -> None:
    act(parley, treated, "report_milestone", "dana", {"status": "done", "evidence": "Ticket 4711."})
    act(parley, treated, "verify_milestone", "ivo", {"verdict": "returned", "reason": "One is missing."})
    ana = visit("ana")
    listed = html.document_fromstring(ana.get("/treatment").text)
    assert listed.xpath("//tbody//th/a/@href") == ["/treatment/T-0001"]
    shown = ana.get("/treatment/T-0001").text
    for words in ("The gateway is updated", "Ticket 4711.", "One is missing.", "0 of 1 verified"):
        assert words in shown
    assert "No milestone is late." in ana.get("/treatment?show=late").text
    assert ana.get("/reviews").status_code == 200
    assert ana.get("/treatment/T-0099").status_code == 404


def test_an_incident_is_linked_through_the_pages(visit: Visit, treated: str) -> None:
    ivo = visit("ivo")
    [address] = html.document_fromstring(ivo.get("/risks/R-0001").text).xpath(
        "//a[starts-with(text(), 'Link an incident')]/@href"
    )
    assert address == f"/risks/R-0001/incidents/{treated}"
    token = {"csrf_token": ivo.token()}
    told = {
        "title": "The gateway was down",
        "what": "It was taken over for an hour.",
        "happened_on": STARTED.date().isoformat(),
        "foreseen": "ciso",
    }
    refused = ivo.client.post(address, data={**token, **told, "title": ""})
    assert refused.status_code == 422
    assert "Nothing was linked yet." in refused.text
    assert told["what"] in refused.text, "what was typed stays"
    assert ivo.client.post(address, data={**token, **told}).status_code == 303
    shown = visit("ana").get("/look-back").text
    for words in ("The gateway was down", "It was taken over for an hour.", "Mitigate, at high"):
        assert words in shown
    assert "Link an incident" not in visit("ana").get("/risks/R-0001").text
    assert visit("ana").client.post(address, data={"csrf_token": visit("ana").token()}).status_code in (
        400,
        403,
    )


@pytest.mark.parametrize("path", ["/treatment", "/treatment/T-0001", "/reviews", "/look-back"])
def test_who_does_not_read_the_register_sees_none_of_it(visit: Visit, treated: str, path: str) -> None:
    answer = visit("tom").get(path)
    assert answer.status_code == 403
    assert "gateway" not in html.document_fromstring(answer.text).text_content().lower()


def test_the_measures_show_what_follows_a_decision(visit: Visit, treated: str) -> None:
    shown = visit("ana").get("/measures").text
    for words in ("What follows a decision", "Dialogues held", "Look back", "Treatment plans late"):
        assert words in shown
