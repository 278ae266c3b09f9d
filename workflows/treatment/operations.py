"""What a treatment's case does by itself: keeps the plan, says which milestone is next, records what was
verified, and ends it.

An operation reads what was written before this command; what the same command adds comes in as parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.errors import OperationFailed
from engine.ports import Effect, OperationResult
from workflows.identity.directory import asset_units
from workflows.identity.organisation import Organisation
from workflows.identity.queries import organisation_at
from workflows.identity.types import Person, Role
from workflows.operations import Call
from workflows.risks.appetite import matrix_at
from workflows.risks.scales import Level, level_of_risk
from workflows.treatment import queries
from workflows.treatment.transitions import CLOSE_TREATMENT, STOP_TREATMENT
from workflows.treatment.types import NewMilestone

BEGIN, PLAN, NEXT, VERDICT = "treatment.begin", "treatment.plan", "treatment.next", "treatment.verdict"
CLOSE, STOP = CLOSE_TREATMENT, STOP_TREATMENT
MOST_MILESTONES = 5
MOST_PEOPLE = 200
"""Owners to choose from in a form."""
TREATED = ("mitigate", "avoid", "transfer")


def begin(call: Call) -> OperationResult:
    """Begin a treatment. Parameters: `response`, `plan`. The value: `people` to choose owners from."""
    response, plan = call.parameters.get("response"), call.parameters.get("plan")
    if response not in TREATED:
        raise OperationFailed(f"A decision to {response} has no treatment plan. Nothing was begun.")
    organisation = organisation_at(call.connection, call.context.now)
    people = [
        {"value": one.id, "label": f"{one.name}, {one.title}" if one.title else one.name}
        for one in possible_owners(organisation, call.connection, call.risk_id)
    ]
    payload = {"response": response, "plan": str(plan or "")}
    return OperationResult({"people": people}, [Effect("treatment.began", payload)])


def possible_owners(organisation: Organisation, connection: Connection, risk_id: str) -> list[Person]:
    """Who may own a plan or a milestone: the CIO, the CIO's line, and the units that own the assets.

    Nobody of the CISO's side: who verifies never does the work.
    """
    units = asset_units(connection, risk_id)
    desk = organisation.desk(Role.CIO, units)
    leaders = {one.person_id for one in organisation.candidates(desk)}
    assurance = organisation.in_post(Role.CISO) | organisation.in_post(Role.CRO)
    independent = assurance | organisation.in_post(Role.AUDITOR)
    found = [
        person
        for person in organisation.people.values()
        if (person.id in leaders or leaders & set(organisation.line(person.id)) or person.unit in units)
        and person.id not in independent
        and not organisation.in_post(Role.CISO) & _below(organisation, person.id, leaders)
    ]
    return sorted(found, key=lambda one: (one.id not in leaders, one.name, one.id))[:MOST_PEOPLE]


def _below(organisation: Organisation, person_id: str, leaders: set[str]) -> set[str]:
    """The person's managers up to the CIO: a CISO who reports to a CIO stands between."""
    found: set[str] = set()
    for manager in organisation.line(person_id):
        if manager in leaders:
            break
        found.add(manager)
    return found


def plan(call: Call) -> OperationResult:
    """Keep a plan. Parameter: `answers`, of the form. The value: `number` of the plan, and its `milestones`.

    A milestone's id is the seat from which its owner reports it.
    """
    answers = _mapping(call.parameters.get("answers"))
    found = read_milestones(answers, call.context.now.date())
    treatment = queries.treatment_of_case(call.connection, call.context.instance_id)
    number = 1 + (queries.last_number(call.connection, treatment) if treatment else 0)
    organisation = organisation_at(call.connection, call.context.now)
    listed = [
        {
            "id": f"{queries.MILESTONE}{call.context.instance_id}:{number}:{place}",
            "number": place,
            "text": one.text,
            "owner": one.owner,
            "owner_name": organisation.name(one.owner),
            "due": one.due_on,
        }
        for place, one in enumerate(found, 1)
    ]
    value = {"number": number, "milestones": listed}
    return OperationResult(value, [Effect("treatment.planned", value)])


def read_milestones(answers: Mapping[str, Any], today: date) -> list[NewMilestone]:
    """The milestones of a form's answers, by their dates. Raises `OperationFailed`."""
    count = int(answers.get("count") or 0)
    if not 1 <= count <= MOST_MILESTONES:
        raise OperationFailed(
            f"A plan has 1 to {MOST_MILESTONES} milestones, not {count}. Nothing was kept; the case waits."
        )
    found = []
    for place in range(1, count + 1):
        text, owner, due_on = (answers.get(f"{key}_{place}") for key in ("milestone", "owner", "due"))
        if not text or not owner or not isinstance(due_on, date):
            raise OperationFailed(
                f"Milestone {place} lacks its text, its owner or its date. Nothing was kept; the case waits."
            )
        if due_on < today:
            raise OperationFailed(f"Milestone {place} would be late already. Nothing was kept; it waits.")
        found.append(NewMilestone(str(text), str(owner), due_on))
    return sorted(found, key=lambda one: one.due_on)


def next_milestone(call: Call) -> OperationResult:
    """Which milestone is next, by date. Parameters: `plan`, as `plan` answered it, and `verdict`, as
    `verdict` did; of both the newest.

    The value: `turn` (a list with its id), `number`, `text`, `owner_name`, `due`, `left` (how many are open),
    and `open`, all of them.
    """
    left = _open(call)
    if not left:
        raise OperationFailed("Every milestone is verified, so none is next. The case waits.")
    first = left[0]
    return OperationResult(
        {
            "turn": [first["id"]],
            **{key: first[key] for key in ("number", "text", "owner", "owner_name", "due")},
            "left": len(left),
            "open": left,
        }
    )


def verdict(call: Call) -> OperationResult:
    """Record what the CISO found of a milestone. Parameters: `answers`, of the form, `milestone`, its id, and
    `plan`.

    The value: `milestone`, `verified`, and `done`, whether all of them are.
    """
    answers, milestone = _mapping(call.parameters.get("answers")), call.parameters.get("milestone")
    verified = answers.get("verdict") == "verified"
    value = {"milestone": milestone, "verified": verified}
    left = [one for one in _open(call, value) if one["id"] != milestone or not verified]
    return OperationResult({**value, "done": not left}, [Effect("treatment.verdict", value)])


def _open(call: Call, newest: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    planned = _mapping(call.parameters.get("plan")).get("milestones") or []
    last = newest or _mapping(call.parameters.get("verdict"))
    done = queries.verified_ids(call.connection, [one["id"] for one in planned])
    if last.get("verified"):
        done.add(str(last["milestone"]))
    return [dict(one) for one in planned if one["id"] not in done]


def close(call: Call) -> OperationResult:
    """End a treatment whose milestones are all verified. Parameters: `likelihood`, `impact`: what is left.

    The value: `residual`, its level, and `enough`, whether that lies within appetite. Where it does not, the
    risk is decided again in a new, linked case.
    """
    levels = _level(call.parameters.get("likelihood")), _level(call.parameters.get("impact"))
    residual = level_of_risk(*levels, matrix_at(call.connection, call.context.now))
    enough = not queries.is_above_appetite(call.connection, call.risk_id, residual, call.context.now)
    payload = {"likelihood": levels[0].value, "impact": levels[1].value, "enough": enough}
    value = {"residual": residual.value, "enough": enough}
    return OperationResult(value, [Effect("treatment.closed", payload)])


def stop(call: Call) -> OperationResult:
    """End a treatment that is not carried out: the risk is decided again in a new, linked case."""
    ordered = call.parameters.get("ordered") is True
    return OperationResult({"reopened": True}, [Effect("treatment.stopped", {"ordered": ordered})])


def _level(found: Any) -> Level:
    try:
        return Level.read(str(found or ""))
    except ValueError as error:
        raise OperationFailed(
            "A treatment ends with a rating of the risk that is left, and there is none. The case waits."
        ) from error


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}
