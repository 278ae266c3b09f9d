"""Every refusal a person can meet, as a page: what happened, what was kept, what to do. The one place that
knows HTTP."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, g, jsonify, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from webui.display import spoken
from webui.session import SignedOut, current_person
from webui.settings import LARGEST_BODY
from workflows import errors as domain_errors

log = logging.getLogger("parley.web")

NOT_TYPED = {"csrf_token", "_token", "_revision", "password", "next"}
"""Fields of a form that no person typed, or that must not be shown again."""

LONGEST_NEXT = 500


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an error page says."""

    status: int
    title: str
    happened: str
    advice: str = ""
    links: tuple[tuple[str, str], ...] = ()
    """Where to go on: texts and addresses."""
    typed: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    """What the person had typed, so that it can be taken along."""


# The nearest class in an error's ancestry counts, so a new error of a known kind needs no new row.
STATUS: dict[type[Exception], int] = {
    domain_errors.AlreadyInstalled: 409,
    domain_errors.AnswersRefused: 422,
    domain_errors.Conflict: 409,
    domain_errors.DefinitionRefused: 422,
    domain_errors.DemonstrationOnly: 403,
    domain_errors.EngineError: 500,
    domain_errors.FileRefused: 422,
    domain_errors.NotEntitled: 403,
    domain_errors.NotFound: 404,
    domain_errors.NotInstalled: 503,
    domain_errors.RuleBroken: 409,
    domain_errors.SignInRefused: 401,
    domain_errors.WorkflowsError: 409,
}

PLAIN: dict[int, tuple[str, str, str]] = {
    400: (
        "This request could not be read",
        "The browser sent something that Parley does not understand. Nothing was stored.",
        "Go back, reload the page and try again.",
    ),
    401: (
        "Please sign in",
        "You are not signed in. Nothing was stored.",
        "Sign in, and you are taken on from here.",
    ),
    403: (
        "You are not entitled to this",
        "This page or step belongs to another role. Nothing was changed.",
        "Your own are under “My tasks”. If you think this is yours to do, ask governance to check your post.",
    ),
    404: (
        "There is nothing here",
        "No page, case or risk has this address. Nothing was changed.",
        "Check the link you followed, or look it up in the register.",
    ),
    405: (
        "This address is not opened this way",
        "The page exists, but not for this kind of request. Nothing was stored.",
        "Go back and use the links and buttons of the page.",
    ),
    409: (
        "This has moved on since you opened it",
        "What you sent was not stored.",
        "Look at how things stand now, then decide whether there is anything left for you to do.",
    ),
    413: (
        "That was too long",
        "What you sent is larger than Parley takes at once. Nothing was stored.",
        "Go back: your text is still there. Shorten it, and link to long evidence instead of pasting it. "
        "Send a file in parts.",
    ),
    422: ("Some answers need another look", "Nothing was stored yet.", "Go back and mend what is named."),
    429: (
        "Too many attempts",
        "There have been too many attempts in a short time. Nothing was changed.",
        "Wait a few minutes, then try again.",
    ),
    503: (
        "Parley is not set up yet",
        "The database holds no organisation. Nothing was changed.",
        "An administrator sets it up on the server, with “parley init” or, to try it out, “parley demo”.",
    ),
    500: (
        "Something went wrong on our side",
        "Parley could not finish this. A step is stored whole or not at all, so nothing is left half done.",
        "Reload the page to see how things stand. If it happens again, tell your administrator when.",
    ),
}


def install(app: Flask) -> None:
    """Register the answers to every kind of error."""
    app.register_error_handler(domain_errors.EngineError, _known)
    app.register_error_handler(domain_errors.WorkflowsError, _known)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(SignedOut, _signed_out)
    app.register_error_handler(SecurityError, _wrong_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def status_of(error: Exception) -> int:
    """The HTTP status an error is answered with."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def page(trouble: Trouble) -> tuple[str, int]:
    """Render a trouble as a page. Where the trouble is our own, nothing is read from the database for its
    frame."""
    if trouble.status >= 500 or trouble.status == 400:
        g.bare = True
    return render_template("errors/trouble.html", trouble=trouble), trouble.status


def typed_answers() -> tuple[tuple[str, str], ...]:
    """What the person typed into the form just sent, field by field."""
    if request.method != "POST":
        return ()
    try:
        form = request.form
    except HTTPException:  # too large to read: the browser still has it
        return ()
    pairs = (
        (key, ", ".join(v for v in values if v.strip()))
        for key, values in form.lists()
        if key not in NOT_TYPED
    )
    return tuple((spoken(key), text) for key, text in pairs if text)


def _answer(trouble: Trouble) -> Any:
    if request.path.startswith("/api/"):
        body = {"error": trouble.title, "happened": trouble.happened, "advice": trouble.advice}
        return jsonify(body), trouble.status
    return page(trouble)


def _plain(status: int, happened: str | None = None, **more: Any) -> Trouble:
    title, said, advice = PLAIN.get(status, PLAIN[500 if status >= 500 else 400])
    return Trouble(status=status, title=title, happened=happened or said, advice=advice, **more)


def _known(error: Exception) -> Any:
    status = status_of(error)
    if status == 500:
        log.error("%s: %s", type(error).__name__, error, exc_info=error)
        return _answer(_plain(500))
    links: list[tuple[str, str]] = []
    instance_id = getattr(error, "instance_id", None)
    if instance_id and current_person() is not None:
        links.append(("See the case as it stands now", url_for("case.show", instance_id=instance_id)))
    return _answer(_plain(status, str(error), links=tuple(links), typed=typed_answers()))


def _forged(error: CSRFError) -> Any:
    if current_person() is None and session.get("csrf_token") is None and request.endpoint != "sign_in.enter":
        return _signed_out(SignedOut(timed_out=True))
    trouble = Trouble(
        status=400,
        title="This form could not be trusted",
        happened="Its page was opened before you signed in, or is another site's. Nothing was stored.",
        advice="Reload the page and send it again.",
        typed=typed_answers(),
    )
    return _answer(trouble)


def _signed_out(error: SignedOut) -> Any:
    if request.path.startswith("/api/"):
        return _answer(_plain(401))
    place = request.full_path.rstrip("?") if request.method == "GET" else ""
    there = url_for("sign_in.show", next=place if place != "/" and len(place) < LONGEST_NEXT else None)
    if "HX-Request" in request.headers:
        response = Response(status=204)
        response.headers["HX-Redirect"] = there
        return response
    if request.method == "GET" and not error.timed_out:
        return Response(status=303, headers={"Location": there})
    happened = (
        "You were signed out because nothing had happened for a while."
        if error.timed_out
        else "You are not signed in any more."
    )
    kept = " What you sent was not stored." if request.method == "POST" else ""
    typed = typed_answers()
    advice = "Sign in again." + (" What you typed is below, so that you can take it along." if typed else "")
    trouble = Trouble(401, "Please sign in again", happened + kept, advice, (("Sign in", there),), typed)
    return page(trouble)


def _wrong_host(error: SecurityError) -> Response:
    # Under a name that is not ours no address can be made, so there is no page either.
    said = "Parley does not answer under this name. Use the address your administrator gave you.\n"
    return Response(said, 400, mimetype="text/plain")


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if error.code == 413:
        most = (request.max_content_length or LARGEST_BODY) // 1024**2
        said = f"What you sent is larger than Parley takes here ({most} MB). Nothing was stored."
        return _answer(_plain(413, said))
    answer = _answer(_plain(error.code, typed=typed_answers()))
    if error.code == 405 and hasattr(error, "valid_methods"):
        body, status = answer
        return body, status, {"Allow": ", ".join(error.valid_methods or ())}
    return answer


def _unknown(error: Exception) -> Any:
    # The last stop: whatever was not foreseen is written to the log in full, and to the page in a sentence.
    log.error("Unforeseen error at %s %s", request.method, request.path, exc_info=error)
    return _answer(_plain(500, typed=typed_answers()))
