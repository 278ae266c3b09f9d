"""A case: where it stands, what happened, the diagram with the path taken."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from webui.session import parley, person

blueprint = Blueprint("case", __name__)


@blueprint.get("/cases/<instance_id>")
def show(instance_id: str) -> str:
    """Everything the reader may see of a case."""
    found = parley().cases.case(person(), instance_id, diagram=request.args.get("diagram"))
    return render_template("case/show.html", case=found)
