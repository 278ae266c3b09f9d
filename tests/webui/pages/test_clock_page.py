"""The demonstration's bar and its clock."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from tests.webui.conftest import Visit, Visitor
from tests.webui.organisation import PASSWORD
from workflows.bootstrap import Parley


def test_every_page_says_that_the_organisation_is_constructed(visit: Visit, stranger: Visitor) -> None:
    for answer in (stranger.get("/sign-in"), visit("ivo").get("/tasks"), visit("ivo").get("/nowhere")):
        assert "Demonstration organisation — constructed." in answer.text


def test_the_clock_moves_forward_and_the_page_comes_back(visit: Visit, parley: Parley) -> None:
    ivo, before = visit("ivo"), parley.now()
    answer = ivo.post("/risks?status=undecided", {"by": "7"}, to="/clock")
    assert answer.headers["Location"] == "/risks?status=undecided"
    assert parley.now() - before == timedelta(days=7)
    assert "9 March 2026" in ivo.get("/risks").text


def test_a_step_that_is_not_offered_is_refused(visit: Visit, parley: Parley) -> None:
    before = parley.now()
    assert visit("ivo").post("/tasks", {"by": "-30"}, to="/clock").status_code == 400
    assert parley.now() == before


def test_where_nothing_waits_the_clock_stays(visit: Visit, parley: Parley) -> None:
    ivo, before = visit("ivo"), parley.now()
    ivo.post("/tasks", {"by": "due"}, to="/clock")
    assert "Nothing waits for a later time" in ivo.get("/tasks").text
    assert parley.now() == before


def test_a_real_organisation_has_neither_bar_nor_clock(real_app: Flask, real_parley: Parley) -> None:
    visitor, before = Visitor(real_app), real_parley.now()
    visitor.post("/sign-in", {"email": "adam@example.org", "password": PASSWORD})
    assert "constructed" not in visitor.get("/tasks").text
    answer = visitor.client.post("/clock", data={"csrf_token": visitor.token(), "by": "1"})
    assert answer.status_code == 403
    assert real_parley.now() == before
