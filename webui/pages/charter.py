"""The charter: in force, proposed and earlier ones; and the report for the management body."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webui.session import parley, person
from workflows.errors import Conflict, RuleBroken
from workflows.types import Role

blueprint = Blueprint("charter", __name__)

MEASURES = (
    "decisions",
    "decisions-escalated",
    "escalated-committee",
    "escalated-cro",
    "unacceptable-undecided",
    "unacceptable-treatment",
    "unacceptable-exempted",
    "unacceptable-contained",
    "waiting",
    "expiring",
    "expired",
    "renewed",
)
"""What the report shows of the measures; their own page has them all."""


@blueprint.get("/charter")
def show() -> str:
    """The charter in force, and what differs in the organisation as it is."""
    return _page()


@blueprint.post("/charter")
def propose() -> Response | tuple[str, int]:
    """Propose a charter drawn from the organisation as it is."""
    reason, purpose = request.form.get("reason", ""), request.form.get("purpose", "")
    try:
        case = parley().charter.propose(person(), reason=reason, purpose=purpose)
    except (Conflict, RuleBroken) as refused:
        return _page(refusal=str(refused), reason=reason, purpose=purpose), 409
    flash("The charter is proposed. CIO and CISO are asked for their comments.", "good")
    return redirect(url_for("case.show", instance_id=case.id), 303)


@blueprint.get("/charter/<int:number>")
def one(number: int) -> str:
    """One charter, as it was proposed."""
    found = parley().charter.charter(person(), number)
    return render_template("charter/one.html", area="organisation", charter=found, role_label=_label)


@blueprint.get("/charter/report")
def report() -> str:
    """The report for the management body, as of now; to be read on the page or printed."""
    found = parley().charter.report(person())
    return render_template("charter/report.html", area="organisation", report=found, measures=MEASURES)


def _page(refusal: str = "", reason: str = "", purpose: str = "") -> str:
    page = parley().charter.page(person())
    return render_template(
        "charter/show.html",
        area="organisation",
        page=page,
        refusal=refusal,
        reason=reason,
        purpose=purpose,
        role_label=_label,
    )


def _label(role: str) -> str:
    return Role(role).label
