"""The effects of a treatment's operations: what is written down and by whose act, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert

from engine.errors import OperationFailed
from engine.types import Submission
from workflows.events import DomainEvent, risk_chain
from workflows.identity.directory import OrganisationDirectory
from workflows.identity.types import Role
from workflows.keys import new_id, next_key
from workflows.operations import Application
from workflows.risks.commands import assess, change_status
from workflows.risks.scales import Level
from workflows.risks.types import AssessmentKind
from workflows.treatment import queries
from workflows.treatment.models import (
    milestones,
    treatment_ends,
    treatment_plans,
    treatments,
    verifications,
)
from workflows.treatment.queries import REPORT
from workflows.treatment.reopening import decided_here, decision_of, start_again
from workflows.treatment.transitions import CLOSED, STOPPED
from workflows.treatment.types import Ended

DRAW_UP, VERIFY, ORDER = "draw_up_plan", "verify_milestone", "order_treatment"
"""Ids of the elements where people act, as the policy names them."""


def apply_began(application: Application) -> None:
    """Write down that a risk is being treated. Raises `OperationFailed` where nobody decided so."""
    writing, payload = application.writing, application.payload
    decision = decision_of(writing.connection, application.risk_id)
    if decision is None or decision.response != payload["response"]:
        raise OperationFailed(
            f"The record holds no decision to {payload['response']} this risk. Nothing was begun; the case "
            "waits."
        )
    values = {
        "id": next_key(writing.connection, "T"),
        "risk_id": application.risk_id,
        "case_id": application.context.instance_id,
        "response": payload["response"],
        "decided_plan": payload["plan"],
        "began_at": writing.now,
    }
    writing.connection.execute(insert(treatments).values(**values))
    writing.record(risk_chain(application.risk_id), DomainEvent.TREATMENT_BEGAN, values)


def apply_planned(application: Application) -> None:
    """Write the plan down, with the act that set it. Raises `OperationFailed`."""
    writing, payload = application.writing, application.payload
    connection = writing.connection
    treatment = _treatment(application)
    act = _last(application, DRAW_UP)
    values = {
        "id": new_id(),
        "treatment_id": treatment,
        "number": payload["number"],
        "owner": act.answers["owner"],
        "summary": str(act.answers.get("summary") or ""),
        "reason": str(act.answers.get("reason") or ""),
        "drawn_by": act.person_id,
        "on_behalf_of": act.on_behalf_of,
        "at": writing.now,
        "submission_id": act.id,
    }
    connection.execute(insert(treatment_plans).values(**values))
    rows = [
        {key: one[key] for key in ("id", "number", "text", "owner")}
        | {"plan_id": values["id"], "due_on": one["due"]}
        for one in payload["milestones"]
    ]
    connection.execute(insert(milestones), rows)
    writing.record(
        risk_chain(application.risk_id), DomainEvent.TREATMENT_PLANNED, {**values, "milestones": rows}
    )


def apply_verdict(application: Application) -> None:
    """Write a verification down, where an entitled person who did not do the work made it. Raises
    `OperationFailed`."""
    writing, payload = application.writing, application.payload
    act = _last(application, VERIFY)
    worked = {
        person
        for one in _submissions(application)
        if one.element_id in (DRAW_UP, REPORT)
        for person in (one.person_id, one.on_behalf_of)
    }
    if act.person_id in worked or act.on_behalf_of in worked - {None}:
        raise OperationFailed("Who did the work does not verify it. Nothing was recorded; the case waits.")
    if not _is_ciso(application, act):
        raise OperationFailed(
            "A milestone is verified from the CISO's desk alone. Nothing was recorded; the case waits."
        )
    values = {
        "id": new_id(),
        "milestone_id": payload["milestone"],
        "verdict": "verified" if payload["verified"] else "returned",
        "reason": str(act.answers.get("reason") or ""),
        "by": act.person_id,
        "on_behalf_of": act.on_behalf_of,
        "at": writing.now,
        "submission_id": act.id,
    }
    writing.connection.execute(insert(verifications).values(**values))
    writing.record(risk_chain(application.risk_id), DomainEvent.TREATMENT_VERIFIED, values)


def _is_ciso(application: Application, act: Submission) -> bool:
    """Whether the act came from the CISO's desk as it was then, a vacant post's next tier included."""
    connection, directory = application.writing.connection, OrganisationDirectory()
    desk = directory.desk(connection, Role.CISO.value, application.risk_id, act.at)
    return directory.authority(connection, act.person_id, desk, act.at) is not None


def apply_closed(application: Application) -> None:
    """Rate what is left, and close the risk; where that is above appetite, open it again. Raises
    `OperationFailed`."""
    writing, payload, risk_id = application.writing, application.payload, application.risk_id
    treatment = _treatment(application)
    _check_verified(application, treatment)
    act = _last(application, VERIFY)
    residual = assess(
        writing,
        risk_id,
        AssessmentKind.RESIDUAL,
        Level.read(payload["likelihood"]),
        Level.read(payload["impact"]),
        "As verified at the end of the treatment",
        application.context.instance_id,
        by=act.person_id,
    )
    if payload["enough"]:
        if decided_here(application):
            change_status(writing, risk_id, CLOSED, "Treated and verified", application.context.instance_id)
        _end(application, treatment, Ended("verified", "", residual))
        return
    reason = f"Treated as planned; what is left is {residual.label.lower()}, above appetite"
    case = start_again(application, STOPPED, reason, "treatment not enough")
    _end(application, treatment, Ended("not enough", reason, residual, case))


def _check_verified(application: Application, treatment: str) -> None:
    connection = application.writing.connection
    ids = queries.milestone_ids(connection, treatment)
    if not ids or queries.verified_ids(connection, ids) != set(ids):
        raise OperationFailed(
            "Not every milestone of the plan is verified, so the treatment is not over. The case waits."
        )


def apply_stopped(application: Application) -> None:
    """Open the risk again, with the reason. Raises `OperationFailed`."""
    treatment = _treatment(application)
    reason = "No plan was carried out and nobody answered for it"
    if application.payload["ordered"]:
        said = str(_last(application, ORDER).answers.get("reason") or "")
        reason = f"Stopped by the chief risk officer: {said}"
    case = start_again(application, STOPPED, reason, "treatment stopped")
    _end(application, treatment, Ended("stopped", reason, None, case))


def _end(application: Application, treatment: str, ended: Ended) -> None:
    values = {
        "treatment_id": treatment,
        "at": application.writing.now,
        "outcome": ended.outcome,
        "reason": ended.reason,
        "residual": ended.residual.value if ended.residual else None,
        "next_case_id": ended.next_case_id,
    }
    application.writing.connection.execute(insert(treatment_ends).values(**values))
    application.writing.record(risk_chain(application.risk_id), DomainEvent.TREATMENT_ENDED, values)


def _treatment(application: Application) -> str:
    found = queries.treatment_of_case(application.writing.connection, application.context.instance_id)
    if found is None:
        raise OperationFailed("This case has begun no treatment. Nothing was recorded; the case waits.")
    return found


def _submissions(application: Application) -> Sequence[Submission]:
    return application.engine.instances.submissions(
        application.writing.connection, application.context.instance_id, reader=None
    )


def _last(application: Application, element_id: str) -> Submission:
    for one in reversed(_submissions(application)):
        if one.element_id == element_id:
            return one
    raise OperationFailed(
        f"The record of this case holds no answer at “{element_id}”. Nothing was recorded; the case waits."
    )
