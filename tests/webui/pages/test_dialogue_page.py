"""The page of the weekly dialogue: who sees it, notes, and a week from its agenda to its outcomes."""

from __future__ import annotations

import pytest
from flask import Flask
from lxml import html

from tests.webui.conftest import Visit, Visitor

PAGE = "/dialogue"
NOTES = "/dialogue/organisation/notes"
READERS = {"dana", "ivo", "ruth", "ana"}


@pytest.fixture
def week(app: Flask) -> None:
    """This week's dialogue, opened as the worker does."""
    assert app.extensions["parley"].dialogue.open_missing() == 1


@pytest.mark.usefixtures("week")
def test_who_finds_it_in_the_navigation_and_may_open_it(visit: Visit) -> None:
    for person in ("dana", "ivo", "ruth", "ana", "mei", "eva", "gus", "adam", "rosa"):
        visitor = visit(person)
        assert visitor.get(PAGE).status_code == (200 if person in READERS else 403), person
        assert (f'href="{PAGE}"' in visitor.get("/about").text) == (person in READERS), person


def write(visitor: Visitor, **answers: str) -> None:
    answer = visitor.post(PAGE, answers, to=NOTES)
    assert answer.status_code == 303, answer.text


def said(visitor: Visitor) -> str:
    page = html.document_fromstring(visitor.get(PAGE).text)
    return " ".join(page.xpath("string(//main)").split())


def answer(visitor: Visitor, **answers: str) -> None:
    page = html.document_fromstring(visitor.get(PAGE).text)
    (task,) = page.xpath("//a[text()='Say how it went']/@href")
    assert visitor.post(task, answers).status_code == 303


@pytest.mark.usefixtures("week")
def test_a_week_from_agenda_to_agreed_outcomes(visit: Visit) -> None:
    dana, ivo = visit("dana"), visit("ivo")
    write(dana, kind="initiative", text="A new portal for suppliers")
    write(ivo, kind="outcome", text="The portal is advised on before it is funded")
    write(ivo, kind="action", text="Send the plan", owner="dana", due_on="2026-03-09")
    assert "A new portal for suppliers" in said(ivo)
    assert "A new portal for suppliers" not in said(visit("ana"))
    answer(ivo, held="held", agreed="agreed")
    assert "these stay as they are until it is recorded" in said(dana)
    answer(dana, held="held", agreed="agreed")
    told = said(visit("ana"))
    assert "1 of the last 1 week held" in told
    assert "The portal is advised on before it is funded" in told
    assert "Dana Reyes, by 9 March 2026: open" in told
    assert "A new portal for suppliers" not in said(ivo)
    page = html.document_fromstring(dana.get(PAGE).text)
    (form,) = page.xpath("//form[contains(@action, '/actions/')]/@action")
    assert dana.post(PAGE, {"how": "done"}, to=form).status_code == 303
    assert "None is open." in said(dana)


@pytest.mark.usefixtures("week")
def test_a_refused_note_keeps_what_was_typed(visit: Visit) -> None:
    dana = visit("dana")
    refused = dana.post(PAGE, {"kind": "action", "text": "Patch the gateway"}, to=NOTES)
    assert refused.status_code == 422
    assert "Nothing was put down yet." in refused.text
    assert "Choose who does it." in refused.text
    assert ">Patch the gateway</textarea>" in refused.text


@pytest.mark.usefixtures("week")
def test_a_note_is_taken_back_and_others_are_refused_in_words(visit: Visit) -> None:
    dana, ivo = visit("dana"), visit("ivo")
    write(dana, kind="outcome", text="Too early")
    page = html.document_fromstring(dana.get(PAGE).text)
    (form,) = page.xpath("//form[contains(@action, '/take-back')]/@action")
    _, hidden = dana.form(PAGE, form)
    answer(ivo, held="not_held", reason="")
    frozen = dana.client.post(form, data=hidden)
    assert frozen.status_code == 409
    assert "answered for this week already" in frozen.text
    assert dana.client.post(NOTES, data={**hidden, "kind": "gossip"}).status_code == 400


@pytest.mark.usefixtures("week")
def test_the_case_and_the_task_are_whole_though_they_are_about_no_risk(visit: Visit) -> None:
    dana = visit("dana")
    assert "Hold dialogue" in dana.get("/tasks").text
    page = html.document_fromstring(dana.get(PAGE).text)
    (task,) = page.xpath("//a[text()='Say how it went']/@href")
    assert dana.get(task).status_code == 200
    answer(dana, held="not_held", reason="Inspection")
    answered = html.document_fromstring(dana.get("/about").text)
    assert answered.xpath("//h1")


def test_before_the_first_the_page_says_when_it_comes(visit: Visit) -> None:
    assert "The first opens by itself" in said(visit("dana"))
