"""Granting an exemption: where the record holds an entitled act for it, and controls that work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert

from engine.errors import OperationFailed
from engine.ports import Effect, OperationResult
from workflows.events import DomainEvent, exemption_chain
from workflows.exemptions.checking import latest_controls, passed_before_approval
from workflows.exemptions.models import exemptions
from workflows.exemptions.queries import of_risk
from workflows.exemptions.replacing import give_way
from workflows.exemptions.requesting import find_request
from workflows.exemptions.types import is_active
from workflows.exemptions.values import text, whole
from workflows.operations import Application, Call
from workflows.record import TIERS, Ruling, find_ruling
from workflows.risks.operations import settle
from workflows.risks.transitions import only

GRANT = "exemptions.grant"
LONGEST = 365
"""Days. An exemption that lasts longer is an acceptance by another name."""
EMERGENCY_STEPS = frozenset({"begin_emergency", "resume_emergency"})
"""Steps that grant an emergency's exemption, which a regular one may take the place of."""
REMINDERS = (timedelta(days=30), timedelta(days=7))
"""How long before its end the CIO is reminded."""


def grant(call: Call) -> OperationResult:
    """Grant an exemption for `days`, under `conditions`, with `compensating_controls`.

    `decided_by_tier` (`cio`, `committee`, `cro`, `sponsor`) is what the diagram takes the ruling to be; the
    record must agree. The value: `days`; `expires`, the moment it ends; `first_reminder`; `reminders`, all of
    them; `case`, by which messages find it. Raises `OperationFailed`.
    """
    days = _days(call.parameters.get("days"))
    conditions = text(call.parameters.get("conditions"), "conditions")
    if not conditions:
        raise OperationFailed(
            "An exemption needs conditions, and none are named. Nothing was granted; the case waits."
        )
    now = call.context.now
    expires = now + timedelta(days=days)
    payload = {
        "days": days,
        "conditions": conditions,
        "compensating_controls": text(call.parameters.get("compensating_controls"), "compensating controls"),
        "tier": call.parameters.get("decided_by_tier"),
        "expires": expires,
    }
    reminders = reminder_times(now, expires)
    value = {
        "days": Decimal(days),
        "expires": expires,
        "first_reminder": reminders[0],
        "reminders": reminders,
        "case": call.context.instance_id,
    }
    return OperationResult(value, [Effect("exemptions.granted", payload)])


def reminder_times(granted: datetime, expires: datetime) -> list[datetime]:
    """When the CIO is reminded: 30 and 7 days before the end; half-way where it is shorter than that."""
    times = [expires - before for before in REMINDERS if expires - before > granted]
    return times or [granted + (expires - granted) / 2]


def apply_granted(application: Application) -> None:
    """Write the exemption down, on the basis that the record holds. Raises `OperationFailed`."""
    context, writing, payload = application.context, application.writing, application.payload
    connection = writing.connection
    found = find_ruling(application.engine.instances, connection, context.instance_id)
    if found is None or found.response != "exempt":
        raise OperationFailed(
            "The record of this case holds no ruling that grants an exemption. Nothing was "
            "granted; the case waits."
        )
    _check_agrees(payload, found)
    asked = find_request(connection, context.instance_id)
    if asked is None:
        raise OperationFailed(
            "No exemption was asked for in this case, so nothing says which controls carry it. Nothing was "
            "granted; the case waits."
        )
    _check_controls(connection, asked.id)
    _check_free(application, asked.renews)
    give_way(application, "exempt")
    settle(application, only(GRANT), found)
    values = {
        "risk_id": application.risk_id,
        "case_id": context.instance_id,
        "element_id": context.element_id,
        "granted_at": context.now,
        "expires_at": payload["expires"],
        "days": payload["days"],
        "conditions": payload["conditions"],
        "compensating_controls": payload["compensating_controls"],
        "decided_by": found.deciding.person_id,
        "decided_on_behalf_of": found.deciding.on_behalf_of,
        "decided_tier": found.tier,
        "basis": found.deciding.authority,
        "record": {"submissions": [one.id for one in found.rests_on], "tally": _plain(found.tally)},
        "policy_hash": context.version_hash,
    }
    write_granted(application, asked.id, values)


def write_granted(application: Application, exemption_id: str, values: Mapping[str, Any]) -> None:
    """Put an exemption into its table and its chain."""
    context, writing = application.context, application.writing
    version = application.engine.definitions.version(
        writing.connection, context.version_hash, key=context.key
    )
    writing.connection.execute(
        insert(exemptions).values(id=exemption_id, policy_number=version.number, **values)
    )
    writing.record(
        exemption_chain(exemption_id), DomainEvent.EXEMPTION_GRANTED, {"exemption": exemption_id, **values}
    )


def _check_controls(connection: Connection, exemption_id: str) -> None:
    if not latest_controls(connection, exemption_id) or not passed_before_approval(connection, exemption_id):
        raise OperationFailed(
            "Its controls were not checked and found to work. Nothing was granted; the case waits."
        )


def _check_free(application: Application, renews: str | None) -> None:
    """Raises `OperationFailed` where one is in force that this one neither renews nor makes regular."""
    now = application.context.now
    for earlier in of_risk(application.writing.connection, application.risk_id, now):
        if is_active(earlier, now) and earlier.id != renews and earlier.element_id not in EMERGENCY_STEPS:
            raise OperationFailed(
                f"Exemption {earlier.id} is in force already. Nothing was granted; the case waits."
            )


def _check_agrees(payload: Mapping[str, Any], found: Ruling) -> None:
    tier = payload["tier"]
    if tier is not None and tier != found.tier:
        raise OperationFailed(
            f"The diagram says that {TIERS.get(str(tier), str(tier))} decided, and the record "
            f"says {TIERS[found.tier]}. "
            "Nothing was granted; the case waits."
        )
    if found.days is None or payload["days"] > found.days:
        raise OperationFailed(
            f"The exemption would last {payload['days']} days, longer than was decided. "
            "Nothing was granted; the case waits."
        )


def _days(found: Any) -> int:
    days = whole(found, "days")
    if not 1 <= days <= LONGEST:
        raise OperationFailed(
            f"An exemption lasts 1 to {LONGEST} days, not {days}. Nothing was granted; the case waits."
        )
    return days


def _plain(tally: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return dict(tally) if tally is not None else None
