"""Later changes of a position that was revealed: appended, with at whose request. The first is never hidden,
and routes the case, unless a later one rates higher (docs/constructive-tension.md, rule 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from engine.types import Instance, InstanceState, Submission
from workflows.cases.models import position_changes
from workflows.context import Context, Writing
from workflows.errors import AnswersRefused, Conflict, NotEntitled
from workflows.events import DomainEvent, risk_chain
from workflows.identity.queries import organisation_at, people_by_id
from workflows.record import ADVICE_INSTEAD, POSITIONS
from workflows.risks.models import decisions
from workflows.risks.scales import Level

STEPS = (*POSITIONS, *ADVICE_INSTEAD)
TREATMENTS = ("mitigate", "avoid", "transfer", "accept", "exempt")
NOBODY = "nobody"
"""Said where the author changes the own mind, at nobody's request."""
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class PositionChange:
    """A position as its author sees it later."""

    element_id: str
    at: datetime
    by_name: str
    at_request_of: str
    """Name of who asked for it; empty where nobody did."""
    likelihood: str
    impact: str
    treatment: str
    reason: str


def change(context: Context, writing: Writing, instance: Instance, given: Mapping[str, str]) -> None:
    """Append a change: `element`, `likelihood`, `impact`, `treatment`, `at_request_of` (a person's id, or
    `nobody`), `reason`.

    Raises `NotEntitled` (not the author), `Conflict` (sealed, or decided), `AnswersRefused`.
    """
    connection, element = writing.connection, str(given.get("element") or "")
    writing.alone(f"position:{instance.id}")
    first = own_position(context, connection, instance, element, writing.actor.id)
    if first is None:
        raise NotEntitled(
            "A position is changed by whoever filed it, once both are revealed and while the case is "
            "undecided. Nothing was changed.",
            person_id=writing.actor.id,
        )
    if not _is_undecided(connection, instance):
        raise Conflict("This case is decided, so its positions stay as they were. Nothing was changed.")
    values = _checked(connection, writing.now, given)
    seq = select(func.coalesce(func.max(position_changes.c.seq), 0)).where(
        position_changes.c.case_id == instance.id, position_changes.c.element_id == element
    )
    row = {
        "case_id": instance.id,
        "element_id": element,
        "seq": connection.execute(seq).scalar_one() + 1,
        "submission_id": first.id,
        **values,
        "by": writing.actor.id,
    }
    connection.execute(insert(position_changes).values(**row, at=writing.now))
    writing.record(risk_chain(instance.subject or ""), DomainEvent.POSITION_CHANGED, row)


def own_position(
    context: Context, connection: Connection, instance: Instance, element: str, person_id: str
) -> Submission | None:
    """A person's own position at a step, once it is revealed to everybody; None where there is none."""
    if element not in STEPS or instance.subject is None:
        return None
    seen = context.engine.instances.submissions(connection, instance.id, reader=NOBODY)
    latest = [one for one in seen if one.element_id == element]
    if not latest or latest[-1].sealed or latest[-1].person_id != person_id:
        return None
    return latest[-1]


def changes_of(connection: Connection, case_id: str) -> tuple[PositionChange, ...]:
    """All changes in a case, oldest first."""
    rows = connection.execute(
        select(position_changes)
        .where(position_changes.c.case_id == case_id)
        .order_by(position_changes.c.at, position_changes.c.seq)
    ).all()
    people = people_by_id(connection, {one for row in rows for one in (row.by, row.at_request_of) if one})
    return tuple(
        PositionChange(
            row.element_id,
            row.at,
            people[row.by].name,
            people[row.at_request_of].name if row.at_request_of else "",
            row.answers["likelihood"],
            row.answers["impact"],
            row.answers["treatment"],
            row.reason,
        )
        for row in rows
    )


def _is_undecided(connection: Connection, instance: Instance) -> bool:
    decided = select(decisions.c.id).where(decisions.c.case_id == instance.id).limit(1)
    return instance.state is InstanceState.RUNNING and connection.execute(decided).one_or_none() is None


def may_change(
    context: Context, connection: Connection, instance: Instance, person_id: str
) -> frozenset[str]:
    """Steps at which a person may change the own position now."""
    if not _is_undecided(connection, instance):
        return frozenset()
    return frozenset(
        one for one in STEPS if own_position(context, connection, instance, one, person_id) is not None
    )


def _checked(connection: Connection, now: datetime, given: Mapping[str, str]) -> dict[str, Any]:
    errors: dict[str, list[str]] = {}
    answers: dict[str, str] = {}
    for key in ("likelihood", "impact"):
        try:
            answers[key] = Level.read(given.get(key) or "").value.replace(" ", "_")
        except ValueError:
            errors[key] = ["Choose a level: very low, low, moderate, high or very high."]
    answers["treatment"] = str(given.get("treatment") or "")
    if answers["treatment"] not in TREATMENTS:
        errors["treatment"] = ["Choose a treatment."]
    asked = str(given.get("at_request_of") or "")
    if asked != NOBODY and asked not in organisation_at(connection, now).people:
        errors["at_request_of"] = ["Say at whose request you change it, or that it is at nobody's."]
    reason = str(given.get("reason") or "").strip()
    if not reason or len(reason) > LONGEST:
        errors["reason"] = [f"Say why you change it, in at most {LONGEST:,} characters."]
    if errors:
        raise AnswersRefused(errors)
    return {"answers": answers, "at_request_of": None if asked == NOBODY else asked, "reason": reason}
