"""Cancelling a case: its risk is undecided again, and what the case put in force ends with it
(docs/constructive-tension.md, rule 11). Never by a party to it."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from engine.types import Instance, InstanceState, Submission
from workflows.cases.giving_way import close
from workflows.cases.models import case_cancellations
from workflows.context import Context, Writing
from workflows.errors import Conflict, NotEntitled, RuleBroken
from workflows.events import DomainEvent, risk_chain
from workflows.exemptions.queries import of_case
from workflows.exemptions.requesting import end_in
from workflows.exemptions.types import is_active
from workflows.identity.directory import asset_units
from workflows.identity.organisation import Organisation
from workflows.identity.types import Role
from workflows.record import acted
from workflows.risks.commands import change_status
from workflows.risks.models import risk_statuses, risks
from workflows.risks.transitions import only
from workflows.risks.types import RiskStatus


def check_cancel(
    context: Context, connection: Connection, organisation: Organisation, instance: Instance, person_id: str
) -> None:
    """Refuse where the case cannot be cancelled, or not by this person. Raises `RuleBroken`, `NotEntitled`,
    `Conflict`."""
    if instance.subject is None or instance.key != context.settings.risk_policy:
        raise RuleBroken(
            "Only a case that decides a risk is cancelled; this one ends as its diagram says. Nothing was "
            "changed.",
            rule="cancel",
        )
    if instance.state is not InstanceState.RUNNING:
        raise Conflict("This case has ended already. Nothing was changed.")
    submissions = context.engine.instances.submissions(connection, instance.id, reader=None)
    why = why_party(connection, organisation, instance, submissions, person_id)
    if why:
        raise NotEntitled(
            f"{why}, and no party to a case cancels it. Nothing was changed; somebody in governance or "
            "administration who has no part in it may.",
            person_id=person_id,
        )


def why_party(
    connection: Connection,
    organisation: Organisation,
    instance: Instance,
    submissions: list[Submission],
    person_id: str,
) -> str:
    """What makes a person a party to a case, as the beginning of a sentence; empty where nothing does."""
    raised_by = connection.execute(
        select(risks.c.raised_by).where(risks.c.id == instance.subject)
    ).scalar_one_or_none()
    if person_id in (raised_by, instance.started_by):
        return "You raised this risk or started this case"
    units = asset_units(connection, instance.subject or "")
    for role in (Role.CIO, Role.CISO):
        desk = organisation.desk(role, units)
        if person_id in organisation.in_post(role) or organisation.authority(person_id, desk) is not None:
            return f"You are {role.label}, or stand in for that post"
    return "You acted in this case" if person_id in acted(submissions) else ""


def cancelled(writing: Writing, instance: Instance, reason: str) -> None:
    """The domain's side, in the unit of work that cancels the case: what it put in force ends, the risk is
    undecided, and the record says why."""
    connection, risk_id = writing.connection, instance.subject or ""
    held = connection.execute(select(risks.c.status).where(risks.c.id == risk_id)).scalar_one()
    newest = connection.execute(
        select(risk_statuses.c.case_id)
        .where(risk_statuses.c.risk_id == risk_id)
        .order_by(risk_statuses.c.seq.desc())
        .limit(1)
    ).scalar_one_or_none()
    said = f"The case that decided it was cancelled: {reason}"
    for one in of_case(connection, instance.id, writing.now):
        if is_active(one, writing.now):
            end_in(writing, one.id, "revoked", said)
    close(writing, instance.id, risk_id, said)
    if held != RiskStatus.UNDECIDED and newest == instance.id:
        change_status(writing, risk_id, only("cases.cancel"), said, instance.id)
    values = {"case_id": instance.id, "status_before": held, "reason": reason, "by": writing.actor.id}
    connection.execute(insert(case_cancellations).values(risk_id=risk_id, at=writing.now, **values))
    writing.record(risk_chain(risk_id), DomainEvent.CASE_CANCELLED, values)
