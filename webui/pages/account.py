"""One's own account: who one is, and a new password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webui.session import parley, person, sign_in
from workflows.errors import RuleBroken, SignInRefused

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
def show() -> str:
    """The page with the form for a new password."""
    return _page({})


@blueprint.post("/account/password")
def change() -> Response | tuple[str, int]:
    """Set a new password: the present one is asked for, and every other session ends."""
    me, given = person(), request.form
    try:
        parley().identity.authenticate(me.email, given.get("present", ""), source=request.remote_addr or "")
    except SignInRefused as refused:
        words = str(refused) if refused.retry_at is not None else "This is not your present password."
        return _page({"present": words}), 422
    if given.get("new", "") != given.get("again", ""):
        return _page({"again": "These are not the same. Type the new password twice."}), 422
    try:
        parley().identity.set_password(me, me.id, given.get("new", ""))
    except RuleBroken as refused:
        return _page({"new": str(refused)}), 422
    # The session ended with all the others; this browser goes on with a new one.
    sign_in(me.id)
    flash("Your password is changed. Everywhere else you are signed out.", "good")
    return redirect(url_for("account.show"), 303)


def _page(errors: dict[str, str]) -> str:
    identity, me = parley().identity, person()
    return render_template(
        "account/show.html",
        errors=errors,
        roles=sorted(role.label for role in identity.roles(me.id)),
        demonstration_only=_is_demonstration(),
    )


def _is_demonstration() -> bool:
    installation = parley().installation()
    return installation is not None and installation.is_demonstration
