"""One's own account: the password is changed by who knows it, and ends every other session."""

from __future__ import annotations

from flask import Flask

from tests.webui.conftest import Visitor
from tests.webui.organisation import PASSWORD

NEW = "an even longer passphrase"


def entered(app: Flask, password: str = PASSWORD) -> Visitor:
    visitor = Visitor(app)
    answer = visitor.post("/sign-in", {"email": "adam@example.org", "password": password})
    assert answer.status_code == 303, answer.text
    return visitor


def change(visitor: Visitor, **given: str) -> tuple[int, str]:
    answers = {"present": PASSWORD, "new": NEW, "again": NEW} | given
    answer = visitor.post("/account", answers, to="/account/password")
    return answer.status_code, answer.text


def test_a_new_password_counts_at_once_and_ends_every_other_session(real_app: Flask) -> None:
    here, elsewhere = entered(real_app), entered(real_app)
    assert change(here)[0] == 303
    assert "Your password is changed" in here.get("/account").text
    assert elsewhere.get("/tasks").status_code == 303
    old = Visitor(real_app).post("/sign-in", {"email": "adam@example.org", "password": PASSWORD})
    assert old.status_code != 303
    entered(real_app, NEW)


def test_what_is_refused_says_why_and_changes_nothing(real_app: Flask) -> None:
    visitor = entered(real_app)
    for given, said in (
        ({"present": "something else"}, "This is not your present password."),
        ({"again": "another one altogether"}, "These are not the same."),
        ({"new": "short", "again": "short"}, "12 characters or more"),
    ):
        status, page = change(visitor, **given)
        assert status == 422
        assert said in page
        assert "Your password was not changed." in page
        assert NEW not in page
    entered(real_app)
    assert "adam@example.org" in visitor.get("/account").text
