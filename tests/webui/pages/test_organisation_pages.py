"""Pages of the organisation, the charter, the report for the management body and stopped cases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from lxml import html
from sqlalchemy import text

from tests.webui.conftest import Visit, Visitor
from tests.webui.organisation import STARTED
from tests.webui.pages.test_every_page import EVERYBODY, REGISTER, whole
from workflows.bootstrap import Parley
from workflows.types import SYSTEM_PERSON

TODAY = STARTED.date().isoformat()


def said(visitor: Visitor, path: str) -> str:
    page = html.document_fromstring(visitor.get(path).text)
    return " ".join(page.xpath("string(//main)").split())


@pytest.mark.parametrize("person", EVERYBODY)
def test_who_may_open_what(visit: Visit, person: str) -> None:
    visitor = visit(person)
    for path in ("/organisation", "/organisation/people/dana", "/charter"):
        answer = visitor.get(path)
        assert answer.status_code == 200
        whole(answer.text)
    report = visitor.get("/charter/report")
    assert report.status_code == (200 if person in REGISTER else 403)
    assert visitor.get("/stopped").status_code == (200 if person == "adam" else 403)
    offered = 'action="/organisation/appointments"' in visitor.get("/organisation").text
    assert offered == (person == "adam")
    assert ('action="/charter"' in visitor.get("/charter").text) == (person == "gus")


def test_an_appointment_from_the_page_and_its_end(visit: Visit) -> None:
    adam = visit("adam")
    wanted = {
        "person": "tom", "role": "ciso", "deputy_for": "ivo", "from": TODAY, "until": "2026-09-30",
        "basis": "Letter of the CISO",
    }  # fmt: skip
    made = adam.post("/organisation", wanted, to="/organisation/appointments")
    assert made.status_code == 303, made.text
    assert "Independent adviser" in said(adam, "/organisation")
    page = adam.get("/organisation/people/tom")
    assert "deputy of Ivo Lind" in page.text
    (end,) = re.findall(r'action="(/organisation/appointments/[^"]+/end)"', page.text)
    refused = adam.post("/organisation/people/tom", {"last": "2026-02-01", "basis": "Typo"}, to=end)
    assert refused.status_code == 409
    assert "An end lies ahead" in refused.text
    assert (
        adam.post("/organisation/people/tom", {"last": "2026-06-30", "basis": "Moves"}, to=end).status_code
        == 303
    )
    assert "ended early: Moves" in adam.get("/organisation/people/tom").text


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"person": "ivo", "role": "cio"}, "both CIO and CISO"),
        ({"person": "adam", "role": "cro"}, "Nobody appoints himself"),
        ({"person": "tom", "role": "auditor", "basis": " "}, "names what it rests on"),
        ({"person": "tom", "role": "auditor", "from": ""}, "Say from which day"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(visit: Visit, wanted: dict[str, str], sentence: str) -> None:
    adam = visit("adam")
    sent = {"from": TODAY, "basis": "Resolution 9"} | wanted
    refused = adam.post("/organisation", sent, to="/organisation/appointments")
    assert refused.status_code in (403, 409)
    assert sentence in refused.text
    page = html.document_fromstring(refused.text)
    assert page.xpath("string(//select[@id='appoint-person']/option[@selected]/@value)") == wanted["person"]


def test_only_administrators_change_posts_and_the_committee(visit: Visit) -> None:
    for person in ("dana", "ivo", "gus", "tom"):
        visitor = visit(person)
        sent = {"csrf_token": visitor.token(), "person": "tom", "role": "cro", "from": TODAY, "basis": "x"}
        assert visitor.client.post("/organisation/appointments", data=sent).status_code == 403
        member = sent | {"committee": "steering", "function": "Retail"}
        assert visitor.client.post("/organisation/members", data=member).status_code == 403


def test_the_committee_from_the_page(visit: Visit) -> None:
    adam = visit("adam")
    wanted = {
        "committee": "steering",
        "person": "rosa",
        "function": "Service",
        "from": TODAY,
        "basis": "Charter",
    }
    assert adam.post("/organisation", wanted, to="/organisation/members").status_code == 303
    assert "Rosa Lima" in said(adam, "/organisation")
    refused = adam.post("/organisation", wanted | {"person": "ivo"}, to="/organisation/members")
    assert refused.status_code == 409
    page = html.document_fromstring(adam.get("/organisation").text)
    (form,) = page.xpath("//tr[contains(., 'Rosa Lima')]//form")
    ended = adam.post("/organisation", {"last": "2026-12-31", "basis": "Leaves"}, to=str(form.get("action")))
    assert ended.status_code == 303
    assert "31 December 2026" in said(adam, "/organisation") or "1 January 2027" in said(
        adam, "/organisation"
    )


def test_a_vacant_post_is_said_to_be_vacant(visit: Visit, parley: Parley) -> None:
    adam = visit("adam")
    (end,) = re.findall(
        r'action="(/organisation/appointments/[^"]+/end)"', adam.get("/organisation/people/ivo").text
    )
    adam.post("/organisation/people/ivo", {"last": TODAY, "basis": "Retires"}, to=end)
    parley.clock.advance(SYSTEM_PERSON, timedelta(days=1))
    sentence = "The post of CISO is vacant; its tasks go to the chief risk officer."
    assert sentence in said(visit("tom"), "/organisation")
    assert sentence in said(visit("tom"), "/charter")


def test_a_charter_from_its_proposal_to_the_report(visit: Visit) -> None:
    gus = visit("gus")
    assert "No charter has been endorsed yet" in said(gus, "/charter")
    assert "Not endorsed" in said(gus, "/policies/risk-decision")
    proposed = gus.post("/charter", {"purpose": "Tension with a place.", "reason": "The first one."})
    assert proposed.status_code == 303, proposed.text
    again = gus.client.post("/charter", data={"csrf_token": gus.token(), "reason": "Another."})
    assert again.status_code == 409
    assert "Charter 1 still waits for its endorsement" in again.text
    for person, answer in (("dana", "agree"), ("ivo", "agree"), ("eva", "endorse")):
        visitor = visit(person)
        (task,) = re.findall(r'href="(/tasks/[0-9a-f]+)"', visitor.get(proposed.headers["Location"]).text)
        assert visitor.post(task, {"answer": answer}).status_code == 303
    told = said(gus, "/charter")
    assert "Charter 1 is in force" in told
    assert "endorsed by Eva Brandt" in told
    assert "Tension with a place." in told
    whole(gus.get("/charter/1").text)
    assert gus.get("/charter/2").status_code == 404
    assert "Endorsed on 2 March 2026 by Eva Brandt" in said(gus, "/policies/risk-decision")
    report = visit("eva").get("/charter/report")
    whole(report.text)
    assert "Decisions under a policy not endorsed" in report.text


def test_every_page_says_when_the_charter_is_out_of_date(visit: Visit, parley: Parley) -> None:
    gus = visit("gus")
    case = gus.post("/charter", {"purpose": "", "reason": "The first one."}).headers["Location"]
    for person, answer in (("dana", "agree"), ("ivo", "agree"), ("eva", "endorse")):
        (task,) = re.findall(r'href="(/tasks/[0-9a-f]+)"', visit(person).get(case).text)
        visit(person).post(task, {"answer": answer})
    assert "out of date" not in visit("tom").get("/risks").text
    parley.clock.advance(SYSTEM_PERSON, timedelta(days=300))
    parley.clock.advance(SYSTEM_PERSON, timedelta(days=66))
    assert "The charter is out of date" in visit("tom").get("/risks").text


def test_a_stopped_case_is_tried_again_with_a_reason(visit: Visit, parley: Parley) -> None:
    adam, gus = visit("adam"), visit("gus")
    assert "No case is stopped." in said(adam, "/stopped")
    draft = _endorsed(visit, parley)
    # Somebody came among the authors behind the back of the review: the release stops before it releases.
    with parley.database.unit_of_work() as uow:
        uow.connection.execute(text(f"INSERT INTO draft_authors VALUES ('{draft}', 'ivo')"))
    gus.post(f"/drafts/{draft}", {}, to=f"/drafts/{draft}/release")
    told = said(adam, "/stopped")
    assert "Release version" in told
    assert "Somebody who changed this draft has agreed to it." in told
    page = html.document_fromstring(adam.get("/stopped").text)
    (again,) = page.xpath("//form[starts-with(@action, '/stopped/')]/@action")
    assert adam.post("/stopped", {"reason": " "}, to=again).status_code == 409
    assert adam.post("/stopped", {"reason": "Looked at."}, to=again).status_code == 303
    again_said = said(adam, "/stopped")
    assert "Release version" in again_said, "the cause is not mended"
    assert "tried again and stopped again" in again_said
    assert len(parley.policies.versions(SYSTEM_PERSON, "risk-decision")) == 1


def _endorsed(visit: Visit, parley: Parley) -> str:
    """A draft of the risk decision, agreed to and endorsed; its id."""
    studio, author, main = parley.studio, parley.identity.person("gus"), "risk-decision.bpmn"
    latest = parley.policies.versions(author, "risk-decision")[0]
    draft = studio.make(author, "risk-decision", based_on=latest.hash)
    changed = studio.files(author, draft.id)[main].replace(b"Decide on risk", b"Decide it")
    studio.save(author, draft.id, revision=draft.revision, changes={main: changed})
    page = f"/drafts/{draft.id}"
    assert visit("gus").post(page, {"words": "Clearer."}, to=f"{page}/review").status_code == 303
    for person in ("dana", "ivo", "eva"):
        assert visit(person).post(page, {"words": ""}, to=f"{page}/agreement").status_code == 303
    return draft.id
