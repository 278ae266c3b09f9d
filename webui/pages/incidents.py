"""Stopped cases, for those who may try a failed step again. No case's answers are shown here."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webui.session import parley, person
from workflows.errors import Conflict, RuleBroken

blueprint = Blueprint("incidents", __name__)


@blueprint.get("/stopped")
def show() -> str:
    """Every step that could not be carried out."""
    return _page()


@blueprint.post("/stopped/<incident_id>")
def retry(incident_id: str) -> Response | tuple[str, int]:
    """Try a failed step again."""
    reason = request.form.get("reason", "").strip()
    try:
        if not reason:
            raise RuleBroken("Say why it is tried again. Nothing was changed.")
        goes_on = parley().cases.retry(person(), incident_id, reason)
    except (Conflict, RuleBroken) as refused:
        return _page(refusal=str(refused)), 409
    if goes_on:
        flash("The case goes on.", "good")
    else:
        flash("It was tried again and stopped again. Its cause is listed anew.", "warn")
    return redirect(url_for("incidents.show"), 303)


def _page(refusal: str = "") -> str:
    stopped = parley().cases.stopped(person())
    return render_template("incidents/show.html", area="organisation", stopped=stopped, refusal=refusal)
