"""Asking for a new decision: by a person, where what the last one rests on has changed, or where no case has
the risk. Nothing is decided by it, and the earlier decision stays on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.types import Actor, Instance, InstanceState
from workflows.context import Context, Writing
from workflows.errors import RuleBroken
from workflows.events import DomainEvent, risk_chain
from workflows.risks.commands import change_status
from workflows.risks.details import details_of
from workflows.risks.models import decisions
from workflows.risks.queries import risk as find_risk
from workflows.risks.routing import CHALLENGE
from workflows.risks.snapshots import outdated_now
from workflows.risks.transitions import only
from workflows.risks.types import Risk, RiskStatus

REOPEN = "risks.reopen"


def ask(context: Context, writing: Writing, risk_id: str, reason: str) -> Instance:
    """Start the case that decides the risk, linked to the last one. Raises `NotFound`, `RuleBroken`."""
    if not reason.strip():
        raise RuleBroken("Say why a decision is asked for. Nothing was changed.", rule="reason")
    connection = writing.connection
    risk = find_risk(connection, risk_id, writing.now)
    earlier = context.engine.instances.of_subject(connection, risk_id)
    _check(context, writing, risk, earlier)
    outdated = [one.reason for one in outdated_now(connection, risk_id)]
    case = context.engine.instances.start(
        writing.uow,
        key=context.settings.risk_policy,
        actor=Actor(writing.actor.id),
        subject=risk_id,
        answers={
            **what_is_raised(writing, risk),
            # A challenge whose case was cancelled is still to be settled, and by no silence.
            "origin": CHALLENGE
            if risk.dispute
            else "asked for again"
            if earlier
            else "taken into the register",
            "resumes": risk.dispute.case_id if risk.dispute else None,
            "previous_case": earlier[0].id if earlier else None,
        },
        authority=f"Asked for by {writing.actor.name}: {reason.strip()}",
        linked_from=earlier[0].id if earlier else None,
        checked=True,
    )
    if risk.status is not RiskStatus.UNDECIDED:
        change_status(writing, risk_id, only(REOPEN), f"Asked for again: {reason.strip()}", case.id)
    writing.record(
        risk_chain(risk_id),
        DomainEvent.RISK_REOPENED,
        {
            "case_id": case.id,
            "previous_case": earlier[0].id if earlier else None,
            "reason": reason.strip(),
            "outdated": outdated,
        },
    )
    return case


def _check(context: Context, writing: Writing, risk: Risk, earlier: list[Instance]) -> None:
    policy = context.settings.risk_policy
    if risk.status is RiskStatus.CLOSED:
        raise RuleBroken(f"{risk.id} is closed. Nothing was changed; raise a new risk.", rule="closed")
    if risk.exemption is not None:
        raise RuleBroken(
            f"Exemption {risk.exemption.id} is in force. Nothing was changed; where its reasons are gone it "
            "is revoked, and the risk is then decided again.",
            rule="exempted",
        )
    # A case that has decided and carries its decision out is not deciding any more.
    decided = set(
        writing.connection.execute(
            select(decisions.c.case_id).where(decisions.c.risk_id == risk.id)
        ).scalars()
    )
    running = [
        one
        for one in earlier
        if one.state is InstanceState.RUNNING and one.key == policy and one.id not in decided
    ]
    if risk.status is RiskStatus.UNDECIDED and running:
        raise RuleBroken(
            f"A case is deciding {risk.id} already. Nothing was changed; follow that one.", rule="open"
        )
    # A refusal leaves the risk without a decision that anybody carries: a new proposal may come at any time.
    carried = risk.status not in (RiskStatus.UNDECIDED, RiskStatus.NOT_ACCEPTED)
    if carried and not outdated_now(writing.connection, risk.id):
        raise RuleBroken(
            f"The decision on {risk.id} still rests on what it was made on. Nothing was changed; put down in "
            "the register what has changed, then ask again.",
            rule="up to date",
        )


def what_is_raised(writing: Writing, risk: Risk) -> Mapping[str, Any]:
    """What the case is told: the risk as the register has it today, in the words of the form that raises
    one."""
    _, details = details_of(writing.connection, risk.id)
    rating = risk.current or risk.inherent
    return {
        "kind": "risk",
        "title": details.title,
        "description": details.description,
        "category": details.category,
        "likelihood": rating.likelihood.value.replace(" ", "_") if rating else None,
        "impact": rating.impact.value.replace(" ", "_") if rating else None,
        "assets": [asset.id for asset in risk.assets],
        "cve_id": risk.cve_id,
        "due_date": details.due_date,
    }
