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
from workflows.context import Context, Reading
from workflows.errors import NotEntitled
from workflows.exemptions import checking
from workflows.identity.types import Person, Role
from workflows.studio import releasing
from workflows.studio.rules import personal_refusal

DECIDES = frozenset({"decide"})
"""Steps at which a leader decides on a risk: a deputy does so within appetite only."""
RATED = "rate"
"""The step that rates a risk before it is decided; its `within_appetite` is what counts."""
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
        why = None
        if task.key == releasing.KEY and task.element_id in REVIEW_STEPS:
            organisation = context.directory.organisation(connection, now)
            why = _release_refusal(context, Reading(connection, now, organisation), actor, task)
        elif task.element_id in DECIDES and authority.on_behalf_of is not None:
            organisation = context.directory.organisation(connection, now)
            why = deputy_refusal(authority, data(), organisation.name(authority.on_behalf_of))
        elif task.element_id in checking.STEPS:
            why = checking.operator_refusal(connection, task.instance_id, actor.id)
        if why is not None:
            raise NotEntitled(f"{why} Nothing of yours was stored.", person_id=actor.id)

    return guard


def deputy_refusal(
    authority: Authority | None, data: Mapping[str, Any], name: str = "the principal"
) -> str | None:
    """Why a deputy may not decide: only what is within appetite. FIELD.md, rule 9.

    Args:
        authority: what the person would act by. data: the case's; without a rating nothing is known against
            it. name: the principal's.
    """
    if authority is None or authority.on_behalf_of is None:
        return None
    rated = data.get(RATED)
    if not isinstance(rated, Mapping) or "within_appetite" not in rated or rated["within_appetite"] is True:
        return None
    return (
        "A deputy decides within appetite only, and this risk is above it. "
        f"It waits for {name}; when its time is over it goes up by itself."
    )


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
