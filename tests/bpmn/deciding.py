"""What the operations of a risk decision answer in stories: by its pure rules and the story's appetite."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from workflows.risks.operations import what_is_decided
from workflows.risks.rating import rate_positions
from workflows.risks.routing import mapping, what_stands
from workflows.risks.scales import Level

RISKS = ("rate", "record_decision", "record_refusal", "settle")
EMERGENCIES = ("begin", "end", "record_review", "refuse", "register", "resume", "stop")
EXEMPTIONS = (
    "close",
    "grant",
    "record_check",
    "record_controls",
    "reject",
    "remind",
    "reopen",
    "request",
    "revoke",
)


def appetite_of(story: Mapping[str, Any]) -> Level:
    """The organisation's appetite in a story; low where it has set none."""
    return Level.read(story.get("appetite", "low"))


def answer(
    operation: str,
    parameters: Mapping[str, Any],
    data: Mapping[str, Any],
    now: datetime,
    story: Mapping[str, Any],
) -> Any:
    """The value of one of the operations."""
    match operation:
        case "risks.rate":
            ruled = mapping(mapping(data.get("arbitration")).get("record_ruling"))
            found = rate_positions(data["raise"], mapping(data.get("positions")), ruled, appetite_of(story))
            return {**found.value(), "decisions": parameters.get("decisions") or Decimal(0)}
        case "risks.settle":
            return what_stands(data, parameters["decisions"])
        case "risks.record_decision":
            return what_is_decided(data, now)
        case "emergencies.register":
            is_second = bool(story.get("earlier_emergency"))
            return {
                "may_go_ahead": not is_second,
                "reason": "The second of its weakness." if is_second else "",
            }
        case "emergencies.begin":
            return {"expires": now + timedelta(days=int(parameters["days"]))}
        case "emergencies.record_review":
            made = [data[key] for key in parameters["elements"].split() if data.get(key)]
            return made[0] | {"ground": made[0].get("ground")}
        case "exemptions.request":
            allowed = parameters["days"] <= parameters["longest_days"]
            return {"allowed": allowed, "people": [{"value": "operator", "label": "An operator"}]}
        case "exemptions.record_controls":
            return {"count": Decimal(1)}
        case "exemptions.record_check":
            made = [data[key] for key in parameters["elements"].split() if data.get(key)]
            found = "passed" if made and made[0]["result_1"] == "works" else "failed"
            return {"result": found if made else "missed"}
        case "exemptions.grant":
            expires = now + timedelta(days=int(parameters["days"]))
            reminders = [expires - timedelta(days=days) for days in (30, 7) if int(parameters["days"]) > days]
            return {
                "expires": expires,
                "first_reminder": reminders[0],
                "reminders": reminders,
                "case": "this",
            }
        case "exemptions.remind":
            later = [at for at in data["grant_exemption"]["reminders"] if at > now]
            return {"next": min(later, default=None)}
    return None
