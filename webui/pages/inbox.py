"""My tasks: what waits for the person signed in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webui.session import parley, person

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/")
def home() -> Response:
    """The front door leads to one's tasks."""
    return redirect(url_for("inbox.show"), 303)


@blueprint.get("/tasks")
def show() -> str:
    """Everything that waits for the reader, by due date."""
    rows = parley().cases.inbox(person())
    return render_template("inbox/show.html", rows=rows, overdue=sum(1 for row in rows if row.is_overdue))
