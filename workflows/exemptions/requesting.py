"""Asking for an exemption: what the policy forbids, which controls carry it, who operates them; rejection."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from engine.errors import OperationFailed
from engine.ports import Effect, OperationResult
from engine.types import SYSTEM
from workflows.context import Writing
from workflows.events import DomainEvent, exemption_chain
from workflows.exemptions.models import (
    exemption_controls,
    exemption_endings,
    exemption_renewals,
    exemption_requests,
)
from workflows.exemptions.renewing import why_no_more
from workflows.exemptions.ungranted import decide_again
from workflows.exemptions.values import text, whole
from workflows.identity.queries import organisation_at
from workflows.identity.types import Role
from workflows.keys import new_id, next_key
from workflows.operations import Application, Call
from workflows.record import DECIDE, TIERS
from workflows.risks.models import risks
from workflows.risks.transitions import LEGAL_OBLIGATION
from workflows.wording import count

REQUEST, RECORD_CONTROLS, REJECT = (
    "exemptions.request",
    "exemptions.record_controls",
    "exemptions.reject",
)
MOST_CONTROLS = 3
MOST_PEOPLE = 500
"""A choice offers no more; whoever is asked for an operator chooses from the first by name."""
CHECKERS = frozenset({Role.CISO, Role.CRO, Role.ADVISER})
"""Posts whose holders check controls, and so are not offered as operators."""


def request(call: Call) -> OperationResult:
    """Register a request, and look at what forbids it.

    The value: `allowed`; `reason`, a sentence where it is not; `people`, who may be named as operators.
    """
    given = call.parameters
    asked = {
        "days": whole(given.get("days"), "days"),
        "conditions": text(given.get("conditions"), "conditions"),
        "compensating_controls": text(given.get("compensating_controls"), "compensating controls"),
        "justification": text(given.get("justification"), "justification"),
        "tier": str(given.get("tier") or ""),
        "longest_days": whole(given.get("longest_days"), "days the policy allows"),
        "renewals_at_most": whole(given.get("renewals_at_most"), "renewals the policy allows"),
    }
    reason = _why_not(call, asked)
    value = {"allowed": not reason, "reason": reason, "people": _people(call) if not reason else []}
    return OperationResult(value, [Effect("exemptions.requested", {**asked, "refused": reason})])


def _why_not(call: Call, asked: Mapping[str, Any]) -> str:
    """What of the policy forbids it, as a sentence; empty where nothing does."""
    if asked["tier"] not in TIERS:
        return f"Nobody who may exempt has decided: {asked['tier']!r} is no tier."
    if not asked["conditions"] or not asked["compensating_controls"]:
        return "An exemption needs conditions and compensating controls, and these are missing."
    if not 1 <= asked["days"] <= asked["longest_days"]:
        most = count(asked["longest_days"], "day")
        return f"The policy lets a risk like this be exempted for at most {most}, not {asked['days']}."
    category = call.connection.execute(
        select(risks.c.category).where(risks.c.id == call.risk_id)
    ).scalar_one_or_none()
    if category == LEGAL_OBLIGATION:
        return "A legal obligation cannot be exempted from; it can be met, or what it forbids be given up."
    return why_no_more(call.connection, call.risk_id, asked["renewals_at_most"], call.context.now)


def _people(call: Call) -> list[dict[str, str]]:
    organisation = organisation_at(call.connection, call.context.now)
    free = [one for one in organisation.people.values() if not organisation.roles(one.id) & CHECKERS]
    listed = sorted(free, key=lambda one: (one.name, one.id))[:MOST_PEOPLE]
    return [{"value": one.id, "label": ", ".join(filter(None, (one.name, one.title)))} for one in listed]


def apply_requested(application: Application) -> None:
    """Write the request down; where the policy forbids it, its rejection too."""
    context, writing, payload = application.context, application.writing, dict(application.payload)
    connection = writing.connection
    refused = payload.pop("refused")
    exemption_id = next_key(connection, "E")
    values = {
        **payload,
        "risk_id": application.risk_id,
        "case_id": context.instance_id,
        "requested_at": context.now,
        "requested_by": _requester(application),
        "renews": renewed_by(connection, context.instance_id),
        "policy_hash": context.version_hash,
    }
    connection.execute(insert(exemption_requests).values(id=exemption_id, **values))
    writing.record(exemption_chain(exemption_id), DomainEvent.EXEMPTION_REQUESTED, values)
    if refused:
        end(application, exemption_id, "rejected", refused)
        decide_again(application, refused)


def _requester(application: Application) -> str:
    """Whose decision asks for it: the CIO's, else whoever's act brought the case here."""
    decided = [
        one.person_id
        for one in application.engine.instances.submissions(
            application.writing.connection, application.context.instance_id, reader=None
        )
        if one.element_id == DECIDE or one.task_id is None
    ]
    people = [person for person in decided if person != SYSTEM.person_id]
    if not people:
        raise OperationFailed("Nobody has asked for this exemption. Nothing was recorded; the case waits.")
    return people[-1]


def record_controls(call: Call) -> OperationResult:
    """Keep the controls that were named. The value: `count`, and a `summary` for who checks them."""
    named = _named(call.context.data.get("name_controls"))
    if not named:
        raise OperationFailed(
            "An exemption needs a compensating control, and none is named. Nothing was recorded; it waits."
        )
    organisation = organisation_at(call.connection, call.context.now)
    lines = [
        f"{number}. {one['description']} Operated by {organisation.name(one['operator'])}. "
        f"Evidence: {one['evidence']}"
        for number, one in enumerate(named, 1)
    ]
    value = {"count": Decimal(len(named)), "summary": "\n".join(lines)}
    return OperationResult(value, [Effect("exemptions.controls", {"controls": named})])


def _named(answers: Any) -> list[dict[str, str]]:
    found = answers if isinstance(answers, Mapping) else {}
    named = []
    for number in range(1, MOST_CONTROLS + 1):
        one = {
            "description": text(found.get(f"control_{number}"), "control"),
            "operator": str(found.get(f"operator_{number}") or ""),
            "evidence": text(found.get(f"evidence_{number}"), "evidence"),
        }
        if one["description"] and not all(one.values()):
            raise OperationFailed("Each control needs somebody who operates it, and evidence that it works.")
        if one["description"]:
            named.append(one)
    return named


def apply_controls(application: Application) -> None:
    """Write down one round of controls, each with its operator. Raises `OperationFailed`."""
    writing = application.writing
    exemption_id = requested(writing.connection, application.context.instance_id).id
    rounds = select(func.coalesce(func.max(exemption_controls.c.round), 0)).where(
        exemption_controls.c.exemption_id == exemption_id
    )
    held = writing.connection.execute(rounds).scalar_one()
    for number, control in enumerate(application.payload["controls"], 1):
        values = {
            "id": new_id(),
            "exemption_id": exemption_id,
            "round": held + 1,
            "number": number,
            **control,
            "named_by": application.context.actor,
            "named_at": application.context.now,
        }
        writing.connection.execute(insert(exemption_controls).values(**values))
        writing.record(exemption_chain(exemption_id), DomainEvent.EXEMPTION_CONTROL_NAMED, values)


def reject(call: Call) -> OperationResult:
    """End the request without an exemption. The value: `outcome`."""
    return OperationResult({"outcome": "not_approved"}, [Effect("exemptions.rejected", {})])


def apply_rejected(application: Application) -> None:
    """Write down that it was rejected, and why: by what its last check found, or because nobody named or
    checked its controls."""
    connection = application.writing.connection
    exemption_id = requested(connection, application.context.instance_id).id
    named = connection.execute(
        select(exemption_controls.c.id).where(exemption_controls.c.exemption_id == exemption_id).limit(1)
    ).one_or_none()
    reason = (
        "Its compensating controls were not found to work"
        if named
        else "Nobody named its compensating controls in time"
    )
    end(application, exemption_id, "rejected", reason)
    decide_again(application, f"{reason}.")


def end(application: Application, exemption_id: str, kind: str, reason: str) -> None:
    """Record how an exemption, or a request, ended: `expired`, `rejected`, `renewed` or `revoked`."""
    end_in(application.writing, exemption_id, kind, reason)


def end_in(writing: Writing, exemption_id: str, kind: str, reason: str) -> None:
    """The same within a person's own command."""
    values = {"at": writing.now, "kind": kind, "reason": reason, "by": writing.actor.id}
    writing.connection.execute(insert(exemption_endings).values(exemption_id=exemption_id, **values))
    event = DomainEvent.EXEMPTION_REJECTED if kind == "rejected" else DomainEvent.EXEMPTION_ENDED
    writing.record(exemption_chain(exemption_id), event, values)


def requested(connection: Connection, case_id: str) -> Row[Any]:
    """The request that a case made last. Raises `OperationFailed` where it made none."""
    found = find_request(connection, case_id)
    if found is None:
        raise OperationFailed("No exemption was asked for in this case. Nothing was recorded; it waits.")
    return found


def find_request(connection: Connection, case_id: str) -> Row[Any] | None:
    """The request that a case made last; None where it made none."""
    return connection.execute(
        select(exemption_requests)
        .where(exemption_requests.c.case_id == case_id)
        .order_by(exemption_requests.c.requested_at.desc(), exemption_requests.c.id.desc())
        .limit(1)
    ).one_or_none()


def renewed_by(connection: Connection, case_id: str) -> str | None:
    """The exemption that a case is to renew; None where it is no renewal."""
    return connection.execute(
        select(exemption_renewals.c.exemption_id).where(exemption_renewals.c.case_id == case_id)
    ).scalar_one_or_none()
