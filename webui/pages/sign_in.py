"""Signing in: by e-mail address and password, or, in a demonstration on this very machine, by choosing a
person."""

from __future__ import annotations

import math

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from webui.errors import status_of
from webui.pages.requests import next_address
from webui.security import from_this_machine
from webui.session import current_person, parley, public, sign_in, sign_out, web_settings
from workflows.errors import SignInRefused
from workflows.types import SYSTEM_PERSON, Person, Role

blueprint = Blueprint("sign_in", __name__)

ORDER = (
    Role.CIO,
    Role.CISO,
    Role.ADVISER,
    Role.COMMITTEE,
    Role.CRO,
    Role.EXECUTIVE,
    Role.GOVERNANCE,
    Role.PROCESS_OWNER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
"""The order of groups: those who decide first."""

ELSE = "Risk raisers"


@blueprint.get("/sign-in")
@public
def show() -> str | Response:
    """The page to sign in on."""
    if current_person() is not None:
        return redirect(next_address(), 303)
    return _page()


@blueprint.post("/sign-in")
@public
def enter() -> Response | tuple[str, int, dict[str, str]]:
    """Sign in with e-mail address and password."""
    email, password = request.form.get("email", "").strip(), request.form.get("password", "")
    try:
        found = parley().identity.authenticate(email, password, source=request.remote_addr or "")
    except SignInRefused as refused:
        page = _page(email=email, refused=str(refused))
        if refused.retry_at is None:
            return page, status_of(refused), {}
        wait = max(1, math.ceil((refused.retry_at - parley().now()).total_seconds()))
        return page, 429, {"Retry-After": str(wait)}
    sign_in(found.id)
    return redirect(next_address(), 303)


@blueprint.post("/sign-in/choose")
@public
def choose() -> Response:
    """Sign in as one of the demonstration's people."""
    if not _may_choose():
        abort(403)
    found = parley().identity.person(request.form.get("person", ""))
    if not found.active:
        abort(404)
    sign_in(found.id)
    return redirect(next_address(), 303)


@blueprint.post("/sign-out")
@public
def leave() -> Response:
    """End the session."""
    sign_out()
    return redirect(next_address("sign_in.show"), 303)


def _may_choose() -> bool:
    installation = parley().installation()
    return installation is not None and installation.is_demonstration and from_this_machine(web_settings())


def _page(email: str = "", refused: str = "") -> str:
    installation = parley().installation()
    return render_template(
        "sign_in/show.html",
        groups=_groups() if _may_choose() else [],
        organisation=installation.organisation if installation else "",
        next=next_address() if "next" in request.values else "",
        email=email,
        refused=refused,
    )


def _groups() -> list[tuple[str, list[tuple[Person, bool]]]]:
    """People under the first of their roles, in the order above; holders of a post before its deputies."""
    identity = parley().identity
    deputies = {each.id for post in identity.posts(SYSTEM_PERSON) for each in post.deputies}
    grouped: dict[str, list[tuple[Person, bool]]] = {
        label: [] for label in (*(role.label for role in ORDER), ELSE)
    }
    for each in identity.people():
        roles = identity.roles(each.id)
        label = next((role.label for role in ORDER if role in roles), ELSE)
        grouped[label].append((each, each.id in deputies))
    return [(label, sorted(people, key=lambda pair: pair[1])) for label, people in grouped.items() if people]
