"""Signing in and out, and when a session ends."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from flask import Flask

from tests.webui.conftest import Visit, Visitor
from tests.webui.organisation import PASSWORD
from workflows.bootstrap import Parley
from workflows.types import SYSTEM_PERSON

Later = Callable[[float], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """`later(60)`: a minute goes by, on the machine's clock."""
    passed = [0.0]
    real = time.time
    monkeypatch.setattr("webui.session.time.time", lambda: real() + passed[0])

    def wait(seconds: float) -> None:
        passed[0] += seconds

    return wait


def test_a_stranger_is_led_to_the_sign_in_page_and_back(stranger: Visitor) -> None:
    answer = stranger.get("/risks?status=undecided")
    assert answer.status_code == 303
    place = answer.headers["Location"]
    assert place == "/sign-in?next=/risks?status%3Dundecided"
    after = stranger.post(place, {"person": "ivo"}, to="/sign-in/choose")
    assert after.headers["Location"] == "/risks?status=undecided"


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "risks",
        "//[",
        "http://[",
    ],
)
def test_after_signing_in_nobody_is_led_to_another_site(stranger: Visitor, place: str) -> None:
    address, hidden = stranger.form("/sign-in", "/sign-in/choose")
    answer = stranger.client.post(address, data={**hidden, "person": "ivo", "next": place})
    assert answer.headers["Location"] == "/tasks"


def test_the_session_is_a_new_one_after_signing_in(stranger: Visitor) -> None:
    before = stranger.token()
    stranger.sign_in("ivo")
    answer = stranger.client.post("/sign-out", data={"csrf_token": before})
    assert answer.status_code == 400


def test_signing_out_ends_the_session(visit: Visit) -> None:
    ivo = visit("ivo")
    assert ivo.post("/tasks", {}, to="/sign-out").status_code == 303
    assert ivo.get("/tasks").status_code == 303


def copy_of(visitor: Visitor, app: Flask) -> Visitor:
    """Another browser with the same cookie."""
    cookie = visitor.client.get_cookie("parley")
    assert cookie is not None
    copied = Visitor(app)
    copied.client.set_cookie("parley", cookie.value)
    return copied


def test_signing_out_ends_every_copy_of_the_cookie(app: Flask, visit: Visit) -> None:
    ivo = visit("ivo")
    stolen = copy_of(ivo, app)
    assert stolen.get("/tasks").status_code == 200
    ivo.post("/tasks", {}, to="/sign-out")
    assert stolen.get("/tasks").status_code == 303


def test_signing_in_anew_ends_the_session_before(app: Flask, visit: Visit) -> None:
    ivo = visit("ivo")
    stolen = copy_of(ivo, app)
    ivo.client.post("/sign-in/choose", data={"csrf_token": ivo.token(), "person": "ivo"})
    assert ivo.get("/tasks").status_code == 200
    assert stolen.get("/tasks").status_code == 303


def test_a_new_password_ends_every_session_of_the_person_alone(
    app: Flask, visit: Visit, parley: Parley
) -> None:
    ivo, dana = visit("ivo"), visit("dana")
    stolen = copy_of(ivo, app)
    parley.identity.set_password(SYSTEM_PERSON, "ivo", "a wholly new passphrase")
    assert [each.get("/tasks").status_code for each in (ivo, stolen, dana)] == [303, 303, 200]


def test_half_an_hour_of_nothing_ends_the_session(visit: Visit, later: Later) -> None:
    ivo = visit("ivo")
    later(29 * 60)
    assert ivo.get("/tasks").status_code == 200
    later(29 * 60)
    assert ivo.get("/tasks").status_code == 200
    later(31 * 60)
    answer = ivo.get("/tasks")
    assert answer.status_code == 401
    assert "signed out" in answer.text


def test_ten_hours_end_the_session_however_busy(visit: Visit, later: Later) -> None:
    ivo = visit("ivo")
    for _ in range(24):
        later(24 * 60)
        ivo.get("/tasks")
    later(30 * 60)
    assert ivo.get("/tasks").status_code in (303, 401)


def test_what_was_typed_is_shown_when_the_session_has_ended(visit: Visit, later: Later) -> None:
    ivo = visit("ivo")
    address, hidden = ivo.form("/risks/raise")
    later(3 * 3600)
    answer = ivo.client.post(address, data={**hidden, "description": "A careful account of the weakness."})
    assert answer.status_code == 401
    assert "A careful account of the weakness." in answer.text
    assert "was not stored" in answer.text


def test_who_has_left_is_signed_out(visit: Visit, parley: Parley) -> None:
    tom = visit("tom")
    assert tom.get("/tasks").status_code == 200
    parley.identity.change_person(SYSTEM_PERSON, "tom", active=False)
    assert tom.get("/tasks").status_code == 303


def test_a_cookie_that_was_changed_is_worth_nothing(app: Flask, visit: Visit) -> None:
    ivo = visit("ivo")
    cookie = ivo.client.get_cookie("parley")
    assert cookie is not None
    forged = Visitor(app)
    forged.client.set_cookie("parley", cookie.value[:-2] + ("aa" if cookie.value[-2:] != "aa" else "bb"))
    assert forged.get("/tasks").status_code == 303


def test_a_real_organisation_asks_for_a_password(real_app: Flask) -> None:
    visitor = Visitor(real_app)
    page = visitor.get("/sign-in")
    assert 'type="password"' in page.text
    assert "Dana Reyes" not in page.text
    wrong = visitor.post("/sign-in", {"email": "adam@example.org", "password": "guess"})
    assert wrong.status_code == 401
    assert "do not match" in wrong.text
    assert 'value="adam@example.org"' in wrong.text
    right = visitor.post("/sign-in", {"email": "adam@example.org", "password": PASSWORD})
    assert right.status_code == 303
    assert visitor.get("/tasks").status_code == 200


def test_nobody_chooses_a_person_in_a_real_organisation(real_app: Flask) -> None:
    visitor = Visitor(real_app)
    answer = visitor.client.post("/sign-in/choose", data={"person": "dana", "csrf_token": visitor.token()})
    assert answer.status_code == 403
    assert visitor.get("/tasks").status_code == 303


def test_guessing_passwords_is_stopped(real_app: Flask) -> None:
    visitor = Visitor(real_app)
    guesses = ({"email": "adam@example.org", "password": f"guess {n}"} for n in range(12))
    answers = [visitor.post("/sign-in", guess) for guess in guesses]
    assert answers[0].status_code == 401
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "try again after" in answers[-1].text
