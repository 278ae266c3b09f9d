"""Who is signed in, by a session that the server keeps and the cookie names. Times are the machine's, never
the demonstration's moved clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask, current_app, g, request, session

from webui.settings import WebSettings

if TYPE_CHECKING:
    from workflows.bootstrap import Parley
    from workflows.types import Person

V = TypeVar("V", bound=Callable[..., Any])

TOUCH_EVERY = 60
"""Seconds between two notes of when a person was last seen, so that not every answer sets the cookie
again."""


class SignedOut(Exception):
    """Nobody is signed in, or no longer. `timed_out` tells the two apart."""

    def __init__(self, *, timed_out: bool = False) -> None:
        self.timed_out = timed_out
        super().__init__("signed out")


def parley() -> Parley:
    """The domain, as `create_app` was given it."""
    return cast("Parley", current_app.extensions["parley"])


def web_settings() -> WebSettings:
    """The settings of this web process."""
    return cast(WebSettings, current_app.extensions["parley.settings"])


def sign_in(person_id: str) -> None:
    """Start a new session. An earlier one ends; what it held, its forgery token too, is dropped."""
    _end()
    g.pop("csrf_token", None)
    now = int(time.time())
    session.update(id=parley().identity.sessions.begin(person_id), since=now, seen=now)
    g.pop("person", None)


def sign_out() -> None:
    """End the session, for every copy of its cookie."""
    _end()
    g.pop("csrf_token", None)
    g.pop("person", None)


def current_person() -> Person | None:
    """Who is signed in, or None. A session that has run out, or whose person has left, is ended."""
    if "person" not in g:
        g.person = _load()
    return cast("Person | None", g.person)


def person() -> Person:
    """Who is signed in; raises SignedOut where nobody is."""
    found = current_person()
    if found is None:
        raise SignedOut(timed_out=bool(g.get("timed_out")))
    return found


def _end() -> None:
    session_id = session.get("id")
    if isinstance(session_id, str):
        parley().identity.sessions.end(session_id)
    session.clear()


def _load() -> Person | None:
    session_id = session.get("id")
    if not isinstance(session_id, str):
        return None
    settings, now = web_settings(), int(time.time())
    since, seen = int(session.get("since", 0)), int(session.get("seen", 0))
    if now - seen > settings.idle.total_seconds() or now - since > settings.absolute.total_seconds():
        _end()
        g.timed_out = True
        return None
    if now - seen >= TOUCH_EVERY:
        session["seen"] = now
    found = parley().identity.sessions.person(session_id)
    if found is None:
        session.clear()
    return found


def require_sign_in(app: Flask) -> None:
    """Close every page to those who are not signed in, but for the views marked with `public`."""

    @app.before_request
    def _guard() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if request.endpoint in (None, "static") or getattr(view, "is_public", False):
            return
        person()


def public(view: V) -> V:
    """Mark a view as open to everybody who can reach the server."""
    view.is_public = True  # type: ignore[attr-defined]  # a mark on the function, read by the guard
    return view
