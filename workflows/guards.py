"""Rules of the organisation on who answers a task, beyond who holds its desk: asked before every submission.

The engine keeps desks and the separation of duties. What depends on a draft's authors, on a committee's chair
or on the risk's level is said here, the same for every way in: pages, interface, command line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.ports import Guard
from engine.types import Authority, Task
from workflows.charter.deputies import check_named
from workflows.context import Context, Reading
from workflows.errors import NotEntitled
from workflows.exemptions import checking
from workflows.identity.types import Person, Role
from workflows.studio import releasing
from workflows.studio.rules import personal_refusal

DECIDES = {"decide": "it goes up by itself", "review_answer": "the risk is decided again"}
"""Steps at which a leader decides on a risk, or confirms what was decided: a deputy does so within appetite
only. And what happens where nobody else does in time."""
RATED, SCHEDULED = "rate", "schedule_review"
"""The steps that say whether a risk is above appetite: before it is decided, and before a review."""
REVIEW_STEPS = frozenset(place for places in releasing.ANSWERED_BY.values() for place in places)


def submission_guard(context: Context, actor: Person) -> Guard:
    """What refuses, within the command itself, what the organisation's rules do not let this person answer.

    It raises `NotEntitled`.
    """

    def guard(
        connection: Connection,
        task: Task,
        authority: Authority,
        now: datetime,
        data: Callable[[], Mapping[str, Any]],
    ) -> None:
        check_named(connection, authority, now)
        why = None
        if task.key == releasing.KEY and task.element_id in REVIEW_STEPS:
            organisation = context.directory.organisation(connection, now)
            why = _release_refusal(context, Reading(connection, now, organisation), actor, task)
        elif task.element_id in DECIDES and authority.on_behalf_of is not None:
            organisation = context.directory.organisation(connection, now)
            name = organisation.name(authority.on_behalf_of)
            why = deputy_refusal(authority, data(), name, DECIDES[task.element_id])
        elif task.element_id in checking.STEPS:
            why = checking.operator_refusal(connection, task.instance_id, actor.id)
        if why is not None:
            raise NotEntitled(f"{why} Nothing of yours was stored.", person_id=actor.id)

    return guard


def deputy_refusal(
    authority: Authority | None,
    data: Mapping[str, Any],
    name: str = "the principal",
    then: str = DECIDES["decide"],
) -> str | None:
    """Why a deputy may not decide: only what is within appetite (docs/constructive-tension.md, rule 9).

    Args:
        authority: what the person would act by. data: the case's; without a rating nothing is known against
            it. name: the principal's. then: what happens where the principal does not decide in time.
    """
    if authority is None or authority.on_behalf_of is None or not _is_above_appetite(data):
        return None
    return (
        "A deputy decides within appetite only, and this risk is above it. "
        f"It waits for {name}; when its time is over {then}."
    )


def _is_above_appetite(data: Mapping[str, Any]) -> bool:
    """Whether the case's data put the risk above appetite. In a review's own data that is the calendar's."""
    scheduled, rated = data.get(SCHEDULED), data.get(RATED)
    if isinstance(scheduled, Mapping):
        return scheduled.get("above") is not False
    return isinstance(rated, Mapping) and "within_appetite" in rated and rated["within_appetite"] is not True


def _release_refusal(context: Context, reading: Reading, actor: Person, task: Task) -> str | None:
    """No author reviews the own draft, no administrator any; only the chair answers for a committee."""
    draft_id = (task.subject or "").removeprefix(releasing.DRAFT)
    authors = context.engine.drafts.authors(reading.connection, draft_id)
    why = personal_refusal(authors, actor.id, reading.organisation.roles(actor.id))
    if why is None and task.element_id == releasing.RESOLVE:
        members = [each for each in reading.organisation.members if each.person_id == actor.id]
        if members and not any(each.is_chair for each in members):
            why = f"Only the chair of the {Role.COMMITTEE.label.lower()} answers for it."
    return why
