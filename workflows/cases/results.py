"""What an automatic step did, in one plain sentence. Pure, from a `CaseFile` and the step's result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from workflows.cases.casefile import CaseFile
from workflows.cases.results_after import TOLD_AFTER
from workflows.wording import count, moment

Say = Callable[[CaseFile, Mapping[str, Any]], str]

RULED = {
    "uphold": "the CIO's decision is upheld",
    "overturn": "the decision is overturned, and the risk is not accepted",
    "amend": "the decision stands as amended",
    "rate": "the rating is fixed",
    "none": "nobody ruled, so the risk is not accepted and stays contained",
}
TIERS = {
    "committee": "the committee",
    "cro": "the chief risk officer",
    "sponsor": "the executive sponsor",
}


def told(operation: str, file: CaseFile, result: Any) -> str:
    """What an operation did; empty where it has no words of its own."""
    if operation in _LISTS:
        return _LISTS[operation](file, [str(one) for one in result] if isinstance(result, list) else [])
    found = result if isinstance(result, Mapping) else {}
    if operation in TOLD_AFTER:
        return TOLD_AFTER[operation](found)
    say = _RESULTS.get(operation)
    return say(file, found) if say else ""


def _names(file: CaseFile, seats: list[str]) -> list[str]:
    return [
        f"{file.seats[one].person_name} ({file.seats[one].function})" for one in seats if one in file.seats
    ]


def _seated(file: CaseFile, seats: list[str]) -> str:
    names = _names(file, seats)
    if not names:
        return "The committee could not be seated: it has too few members who may vote on this."
    return f"The committee was seated: {', '.join(names)}."


def _notified(file: CaseFile, seats: list[str]) -> str:
    if not seats:
        return "Nobody could be given notice: no member of the committee may vote on this."
    return (
        f"{count(len(seats), 'member')} were given notice, with the brief."
        if len(seats) > 1
        else ("One member was given notice, with the brief.")
    )


def _called(file: CaseFile, seats: list[str]) -> str:
    names = _names(file, seats)
    return (
        f"{names[0]} was asked to open the matter." if names else "The matter was opened without the chair."
    )


def _docketed(file: CaseFile, result: Mapping[str, Any]) -> str:
    at = result.get("meets_at")
    if result.get("meeting") is None or not isinstance(at, datetime):
        return "There is no committee that could meet. The matter goes up."
    return f"The matter was put on the docket of the committee's meeting on {moment(at)}."


def _counted(file: CaseFile, result: Mapping[str, Any]) -> str:
    reason = str(result.get("reason") or "")
    if result.get("result") == "ruled":
        return "The committee has ruled by majority."
    if result.get("result") == "reseat":
        return f"The committee is seated anew, because {reason}. Every vote is cast again."
    if reason == "referred":
        return "The committee referred the matter to the chief risk officer."
    return f"The committee did not settle the matter ({reason}). It goes up; nothing is accepted by that."


def _ruled(file: CaseFile, result: Mapping[str, Any]) -> str:
    ruling, tier = str(result.get("ruling")), TIERS.get(str(result.get("tier")))
    said = RULED.get(ruling, ruling)
    days = result.get("days")
    more = f", for {count(int(days), 'day')}" if days is not None else ""
    return f"Ruled by {tier}: {said}{more}." if tier else f"{said[:1].upper()}{said[1:]}."


def _granted(file: CaseFile, result: Mapping[str, Any]) -> str:
    expires = result.get("expires")
    return f"The exemption is in force until {moment(expires)}." if expires else "The exemption is in force."


def _recorded(file: CaseFile, result: Mapping[str, Any]) -> str:
    status = result.get("status")
    return f"The decision is on record; the risk is now {status}." if status else "The decision is on record."


def _rated(file: CaseFile, result: Mapping[str, Any]) -> str:
    level, gap = result.get("level"), result.get("gap")
    if not level:
        return "The level of risk was worked out from the ratings on record."
    within = {"True": ", within appetite", "False": ", above appetite"}.get(
        str(result.get("within_appetite")), ""
    )
    apart = f" The two ratings are {count(int(gap), 'level')} apart." if gap else ""
    return f"Both ratings together make the level of risk {level}{within}.{apart}"


def _settled(file: CaseFile, result: Mapping[str, Any]) -> str:
    if result.get("stands"):
        return "The CIO's decision stands between the two leaders."
    return "No decision stands between the two leaders, so the matter goes up."


_LISTS: dict[str, Callable[[CaseFile, list[str]], str]] = {
    "committee.chair": _called,
    "committee.notify": _notified,
    "committee.seat": _seated,
}
_RESULTS: dict[str, Say] = {
    "committee.arbiter": lambda file, result: str(result.get("why") or "The matter goes up."),
    "committee.count": _counted,
    "committee.docket": _docketed,
    "committee.minutes": lambda file, result: "The minutes were drawn up from the record.",
    "committee.rule": _ruled,
    "exemptions.grant": _granted,
    "risks.rate": _rated,
    "risks.record_decision": _recorded,
    "risks.record_refusal": lambda file, result: "The risk is not accepted. It stays contained.",
    "risks.settle": _settled,
    "risks.reopen": lambda file, result: "The risk was opened again, in a new case.",
}

KNOWN = frozenset({*_LISTS, *_RESULTS, *TOLD_AFTER})
"""Operations with words of their own."""
