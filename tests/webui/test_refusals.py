"""Wrong person, missing field, late submit, unknown id: a page that says what to do, and nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from lxml import html

from tests.webui.conftest import Visit, Visitor
from tests.webui.organisation import RAISE
from workflows.bootstrap import Parley

POSITION: Mapping[str, Any] = {
    "likelihood": "high",
    "impact": "very_high",
    "treatment": "mitigate",
    "confidence": "high",
    "evidence": "Exploit code is public.",
}


def submissions(parley: Parley, case: str) -> int:
    with parley.database.reading() as connection:
        return len(parley.engine.instances.submissions(connection, case.rsplit("/", 1)[-1], reader=None))


def text(answer: Any) -> str:
    return " ".join(html.document_fromstring(answer.text).get_element_by_id("main").text_content().split())


def test_an_answer_is_stored_and_leads_to_the_case(
    visit: Visit, raised: str, task_of: Callable[[str], str]
) -> None:
    ivo, task = visit("ivo"), task_of("ivo")
    answer = ivo.post(task, POSITION)
    assert answer.status_code == 303
    assert answer.headers["Location"] == raised
    assert "Your answer is stored" in ivo.get(raised).text


def test_wrong_person(visit: Visit, parley: Parley, raised: str, task_of: Callable[[str], str]) -> None:
    task = task_of("ivo")
    _, hidden = visit("ivo").form(task)
    dana = visit("dana")
    before = submissions(parley, raised)
    answer = dana.client.post(task, data={**hidden, "csrf_token": dana.token(), **POSITION})
    assert answer.status_code == 403
    assert "Exploit code is public." in text(answer), "what was typed is kept on the page"
    assert submissions(parley, raised) == before


def test_who_may_not_read_the_case_does_not_read_the_task(
    visit: Visit, task_of: Callable[[str], str]
) -> None:
    answer = visit("tom").get(task_of("ivo"))
    assert answer.status_code == 403
    assert "Ransomware" not in text(answer)


def test_missing_field(visit: Visit, parley: Parley, raised: str, task_of: Callable[[str], str]) -> None:
    before = submissions(parley, raised)
    answer = visit("ivo").post(task_of("ivo"), {**POSITION, "evidence": " "})
    assert answer.status_code == 422
    page = html.document_fromstring(answer.text)
    assert page.xpath("//div[contains(@class, 'form-errors')]//a[@href='#field-evidence']")
    assert page.xpath("//textarea[@id='field-evidence'][@aria-invalid='true']")
    assert page.xpath("//input[@name='treatment'][@value='mitigate'][@checked]"), "what was chosen is kept"
    assert page.findtext(".//title").startswith("Error")
    assert submissions(parley, raised) == before


def test_unknown_field(visit: Visit, parley: Parley, raised: str, task_of: Callable[[str], str]) -> None:
    before = submissions(parley, raised)
    answer = visit("ivo").post(task_of("ivo"), {**POSITION, "approved_by": "cio"})
    assert answer.status_code == 422
    assert "approved_by" in text(answer)
    assert "Exploit code is public." in answer.text
    assert submissions(parley, raised) == before


def test_the_same_submit_twice_is_stored_once(
    visit: Visit, parley: Parley, raised: str, task_of: Callable[[str], str]
) -> None:
    ivo, task = visit("ivo"), task_of("ivo")
    _, hidden = ivo.form(task)
    before = submissions(parley, raised)
    first = ivo.client.post(task, data={**hidden, **POSITION})
    second = ivo.client.post(task, data={**hidden, **POSITION})
    assert (first.status_code, second.status_code) == (303, 303)
    assert submissions(parley, raised) == before + 1
    assert "nothing was done twice" in ivo.get(raised).text


def test_late_second_submit(visit: Visit, parley: Parley, raised: str, task_of: Callable[[str], str]) -> None:
    ivo, task = visit("ivo"), task_of("ivo")
    _, late = ivo.form(task)
    assert ivo.post(task, POSITION).status_code == 303
    before = submissions(parley, raised)
    answer = ivo.client.post(task, data={**late, **POSITION, "evidence": "A second thought on it."})
    assert answer.status_code == 409
    assert "A second thought on it." in text(answer), "what was typed is kept on the page"
    assert raised in answer.text, "the page leads to the case"
    assert submissions(parley, raised) == before


@pytest.mark.parametrize(
    "path",
    [
        "/tasks/none",
        "/cases/none",
        "/risks/R-9999",
        "/exemptions/E-9999",
        "/kev/CVE-1999-0001",
        "/policies/none",
        "/policies/risk-decision/none",
        "/policies/risk-decision/none/diagram.bpmn",
        "/nowhere",
    ],
)
def test_unknown_id(visit: Visit, path: str) -> None:
    answer = visit("gus").get(path)
    assert answer.status_code == 404
    assert "Nothing was changed" in text(answer)


def test_unknown_task_submitted(visit: Visit) -> None:
    ivo = visit("ivo")
    form = {"csrf_token": ivo.token(), "_revision": "1", "_token": "t", **POSITION}
    answer = ivo.client.post("/tasks/none", data=form)
    assert answer.status_code == 404


def test_a_submit_without_revision_and_token_is_refused(visit: Visit, task_of: Callable[[str], str]) -> None:
    ivo = visit("ivo")
    answer = ivo.client.post(task_of("ivo"), data={"csrf_token": ivo.token(), **POSITION})
    assert answer.status_code == 400


def test_raising_without_a_title_keeps_what_was_typed(visit: Visit) -> None:
    answer = visit("rosa").post("/risks/raise", {**RAISE, "title": ""})
    assert answer.status_code == 422
    page = html.document_fromstring(answer.text)
    assert page.xpath("//div[contains(@class, 'form-errors')]//a[@href='#field-title']")
    assert page.xpath("string(//textarea[@name='description'])").strip() == RAISE["description"]
    assert page.xpath("//input[@name='assets'][@value='gateway'][@checked]")


def test_an_address_opened_the_wrong_way(visit: Visit) -> None:
    answer = visit("ivo").get("/clock")
    assert answer.status_code == 405
    assert answer.headers["Allow"]
    assert "Nothing was stored" in text(answer)


def test_what_was_not_foreseen_is_a_sentence_and_no_traceback(
    visit: Visit, parley: Parley, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ivo: Visitor = visit("ivo")
    monkeypatch.setattr(type(parley.cases), "inbox", lambda *_, **__: 1 / 0)
    answer = ivo.get("/tasks")
    assert answer.status_code == 500
    assert "nothing is left half done" in text(answer)
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_the_interface_answers_in_json(visit: Visit, stranger: Visitor) -> None:
    answer = visit("ivo").get("/api/cases/none/path")
    assert answer.status_code == 404
    assert answer.json["error"]
    assert stranger.get("/api/cases/none/path").status_code == 401


def test_the_form_alone_comes_back_with_what_was_typed_and_stores_nothing(
    visit: Visit, parley: Parley, raised: str, task_of: Callable[[str], str]
) -> None:
    ivo, task = visit("ivo"), task_of("ivo")
    _, hidden = ivo.form(task)
    before = submissions(parley, raised)
    answer = ivo.client.post(f"{task}/form", data={**hidden, **POSITION}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Exploit code is public." in answer.text
    assert submissions(parley, raised) == before


def test_a_part_of_a_page_asked_for_after_the_session_leads_to_the_sign_in_page(stranger: Visitor) -> None:
    answer = stranger.get("/risks?q=x", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/sign-in")


def test_the_form_alone_of_a_task_that_is_somebody_elses_or_closed(
    visit: Visit, task_of: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    ivo, dana, task = visit("ivo"), visit("dana"), task_of("ivo")
    foreign = dana.client.post(f"{task}/form", data={"csrf_token": dana.token()})
    assert foreign.status_code == 403
    assert "not yours" in text(foreign)
    _, hidden = ivo.form(task)
    assert ivo.post(task, POSITION).status_code == 303
    late = ivo.client.post(f"{task}/form", data={**hidden, **POSITION})
    assert late.status_code == 409
    assert "Exploit code is public." in text(late), "what was typed is kept on the page"
    assert not [each for each in caplog.records if each.levelname == "ERROR"]


def test_a_page_out_of_date_says_that_the_task_is_still_there(
    visit: Visit, task_of: Callable[[str], str]
) -> None:
    answer = visit("ivo").post(task_of("ivo"), {**POSITION, "_revision": "99"})
    assert answer.status_code == 409
    assert "still yours" in text(answer)
    assert "goes on without it" not in text(answer)
