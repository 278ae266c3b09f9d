"""The JSON interface: for now, what the diagram of a case reads. Same session as the pages."""

from __future__ import annotations

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from webui.session import parley, person

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.get("/cases/<instance_id>/path")
def path(instance_id: str) -> Response:
    """The path a case took: elements and flows with how often each was passed, and where it waits."""
    taken = parley().cases.case(person(), instance_id).path
    return jsonify(
        completed=dict(taken.completed),
        flows=dict(taken.flows),
        waiting=list(taken.waiting),
        failed=list(taken.failed),
    )
