"""Treatment plans, reviews of accepted risks, and the look back at decisions that were put to the test."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from webui.session import parley, person
from workflows.errors import AnswersRefused
from workflows.treatment.looking_back import FORESEEN

blueprint = Blueprint("treatment", __name__)

VIEWS = ("open", "late", "ended")
OUTCOMES = {
    "verified": "treated and verified",
    "not enough": "carried out, and not enough",
    "stopped": "not carried out",
}
REVIEWED = {"confirmed": "confirmed", "not confirmed": "not confirmed", "lapsed": "lapsed: nobody answered"}


@blueprint.get("/treatment")
def show() -> str:
    """Treatments that go on, those with something late, or those that have ended."""
    view = request.args.get("show", "open")
    view = view if view in VIEWS else "open"
    page = parley().treatment.plans(person())
    rows = {"open": page.open, "late": page.late, "ended": page.ended}
    return render_template(
        "treatment/show.html",
        rows=rows[view],
        view=view,
        counts={key: len(found) for key, found in rows.items()},
        outcomes=OUTCOMES,
        now=page.now,
    )


@blueprint.get("/treatment/<treatment_id>")
def one(treatment_id: str) -> str:
    """One treatment: its plans, milestones, evidence and verifications."""
    found = parley().treatment.treatment(person(), treatment_id)
    return render_template("treatment/one.html", treatment=found, outcomes=OUTCOMES, now=parley().now())


@blueprint.get("/reviews")
def reviews() -> str:
    """When accepted risks are reviewed next, and how past reviews went."""
    page = parley().treatment.reviews(person())
    return render_template("treatment/reviews.html", page=page, reviewed=REVIEWED)


@blueprint.get("/look-back")
def look_back() -> str:
    """What was advised, what was decided, what happened."""
    rows = parley().treatment.look_back(person())
    return render_template("treatment/look_back.html", rows=rows, foreseen=FORESEEN)


@blueprint.get("/risks/<risk_id>/incidents/<case_id>")
def form(risk_id: str, case_id: str) -> str:
    """The form that links an incident to a decision."""
    return _form(risk_id, case_id)


@blueprint.post("/risks/<risk_id>/incidents/<case_id>")
def link(risk_id: str, case_id: str) -> Response | tuple[str, int]:
    """Link an incident to a decision."""
    try:
        key = parley().treatment.link_incident(person(), risk_id, case_id, request.form)
    except AnswersRefused as refused:
        return _form(risk_id, case_id, errors=refused.errors, typed=request.form), 422
    flash(f"Incident {key} is linked to the decision.", "good")
    return redirect(url_for("treatment.look_back"), 303)


def _form(risk_id: str, case_id: str, **more: Any) -> str:
    page = parley().risks.risk(person(), risk_id)
    decision = next((each for each in page.decisions if each.case_id == case_id), None)
    if decision is None:
        raise NotFound
    shown = {"errors": {}, "typed": {}} | more
    return render_template(
        "treatment/incident.html", risk=page.risk, decision=decision, foreseen=FORESEEN, **shown
    )
