"""A risk of the register: its ratings, its decisions, its cases."""

from __future__ import annotations

from flask import Blueprint, render_template

from webui.session import parley, person

blueprint = Blueprint("risk", __name__)


@blueprint.get("/risks/<risk_id>")
def show(risk_id: str) -> str:
    """Everything the register knows of a risk."""
    return render_template("risk/show.html", page=parley().risks.risk(person(), risk_id))
