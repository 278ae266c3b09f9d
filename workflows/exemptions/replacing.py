"""What a new decision on a risk does to the exemption in force: the risk has one state, never two."""

from __future__ import annotations

from workflows.context import Writing
from workflows.exemptions.ending import RENEWED_MESSAGE, tell, tell_in
from workflows.exemptions.queries import of_risk
from workflows.exemptions.requesting import end, end_in
from workflows.exemptions.types import Exemption, is_active
from workflows.operations import Application
from workflows.risks.commands import change_status
from workflows.risks.transitions import only


def give_way(application: Application, response: str) -> Exemption | None:
    """End the exemption in force, since the risk is decided anew: `renewed` where it is exempted again, else
    `revoked`. The risk is undecided for the moment between the two. What ended; None where none was in force.
    """
    context, writing = application.context, application.writing
    held = of_risk(writing.connection, application.risk_id, context.now)
    in_force = next((one for one in held if is_active(one, context.now)), None)
    if in_force is None:
        return None
    is_renewed = response == "exempt"
    kind = "renewed" if is_renewed else "revoked"
    reason = "Exempted again after a new review" if is_renewed else f"Decided anew: {response}"
    end(application, in_force.id, kind, reason)
    change_status(
        writing,
        application.risk_id,
        only("risks.reopen"),
        f"Exemption {in_force.id} gives way to a new decision",
        context.instance_id,
    )
    tell(application, RENEWED_MESSAGE, in_force.case_id, {"outcome": kind, "case": context.instance_id})
    return in_force


def suspend(writing: Writing, exemption: Exemption, reason: str, case_id: str) -> str:
    """End the exemption in force, since its decision is challenged: it has no effect from this moment on. A
    new decision grants a new one or none. The id of the message that tells its case."""
    end_in(writing, exemption.id, "revoked", reason)
    return tell_in(writing, RENEWED_MESSAGE, exemption.case_id, {"outcome": "revoked", "case": case_id})
