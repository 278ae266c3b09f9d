"""What cases do about exemptions: grant one, where the record holds an entitled act that does so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from engine.errors import OperationFailed
from engine.ports import Effect, OperationResult
from workflows.events import DomainEvent, exemption_chain
from workflows.exemptions.models import exemptions
from workflows.exemptions.queries import of_risk
from workflows.exemptions.types import is_active
from workflows.keys import next_key
from workflows.operations import Application, Call
from workflows.record import TIERS, Ruling, find_ruling
from workflows.risks.operations import settle
from workflows.risks.transitions import only

GRANT = "exemptions.grant"
LONGEST = 365
"""Days. An exemption that lasts longer is an acceptance by another name."""
LONGEST_TEXT = 20_000


def grant(call: Call) -> OperationResult:
    """Grant an exemption for `days`, under `conditions`, with `compensating_controls`.

    `decided_by_tier` (`cio`, `committee`, `cro`) is what the diagram takes the ruling to be; the record must
    agree. The value: `days`, and `expires`, the moment it ends. Raises `OperationFailed`.
    """
    days = _days(call.parameters.get("days"))
    conditions = _text(call.parameters.get("conditions"), "conditions")
    if not conditions:
        raise OperationFailed(
            "An exemption needs conditions, and none are named. Nothing was granted; the case waits."
        )
    expires = call.context.now + timedelta(days=days)
    payload = {
        "days": days,
        "conditions": conditions,
        "compensating_controls": _text(call.parameters.get("compensating_controls"), "compensating controls"),
        "tier": call.parameters.get("decided_by_tier"),
        "expires": expires,
    }
    return OperationResult(
        {"days": Decimal(days), "expires": expires}, [Effect("exemptions.granted", payload)]
    )


def apply_granted(application: Application) -> None:
    """Write the exemption down, on the basis that the record holds. Raises `OperationFailed`."""
    context, writing, payload = application.context, application.writing, application.payload
    found = find_ruling(application.engine.instances, writing.connection, context.instance_id)
    if found is None or found.response != "exempt":
        raise OperationFailed(
            "The record of this case holds no ruling that grants an exemption. Nothing was "
            "granted; the case waits."
        )
    _check_agrees(payload, found)
    for earlier in of_risk(writing.connection, application.risk_id, context.now):
        if is_active(earlier, context.now):
            raise OperationFailed(
                f"Exemption {earlier.id} is in force already. Nothing was granted; the case waits."
            )
    change = only(GRANT)
    settle(application, change, found)
    exemption_id = next_key(writing.connection, "E")
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
    version = application.engine.definitions.version(
        writing.connection, context.version_hash, key=context.key
    )
    writing.connection.execute(
        insert(exemptions).values(id=exemption_id, policy_number=version.number, **values)
    )
    writing.record(
        exemption_chain(exemption_id), DomainEvent.EXEMPTION_GRANTED, {"exemption": exemption_id, **values}
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
    if isinstance(found, bool) or not isinstance(found, (int, Decimal)) or found != int(found):
        raise OperationFailed(
            "An exemption needs a whole number of days. Nothing was granted; the case waits."
        )
    if not 1 <= found <= LONGEST:
        raise OperationFailed(
            f"An exemption lasts 1 to {LONGEST} days, not {found}. Nothing was granted; the case waits."
        )
    return int(found)


def _text(found: Any, what: str) -> str:
    if found is None:
        return ""
    if not isinstance(found, str) or len(found) > LONGEST_TEXT:
        raise OperationFailed(f"The {what} are no text, or too long. Nothing was granted; the case waits.")
    return found.strip()


def _plain(tally: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return dict(tally) if tally is not None else None
