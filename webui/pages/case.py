"""A case: where it stands, what happened, the diagram with the path taken."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webui.session import parley, person
from workflows.cases.changing import TREATMENTS
from workflows.risks.scales import Level

blueprint = Blueprint("case", __name__)


@blueprint.get("/cases/<instance_id>")
def show(instance_id: str) -> str:
    """Everything the reader may see of a case."""
    domain = parley()
    found = domain.cases.case(person(), instance_id, diagram=request.args.get("diagram"))
    people = domain.identity.people() if found.may_change else []
    return render_template("case/show.html", case=found, people=people, levels=Level, treatments=TREATMENTS)


@blueprint.post("/cases/<instance_id>/position")
def change_position(instance_id: str) -> Response:
    """Append a change to the own position; the first one stays on record."""
    parley().cases.change_position(person(), instance_id, request.form.to_dict())
    flash("The change stands beside your first position.", "good")
    return redirect(url_for("case.show", instance_id=instance_id), 303)


@blueprint.post("/cases/<instance_id>/cancel")
def cancel(instance_id: str) -> Response:
    """Cancel it, with a reason; its risk is undecided again."""
    parley().cases.cancel(person(), instance_id, request.form.get("reason", ""))
    flash("The case is cancelled, and its risk is undecided.", "good")
    return redirect(url_for("case.show", instance_id=instance_id), 303)
