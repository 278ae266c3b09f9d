"""What people do with a draft in review: each act is one on the case of its release."""

from __future__ import annotations

from typing import Any

from engine.definitions.types import Draft
from engine.types import Actor, Task, Version, VersionState
from workflows.context import Context, Reading, check
from workflows.errors import Conflict, NotEntitled
from workflows.guards import submission_guard
from workflows.identity.types import Person, Role
from workflows.permissions import Permission
from workflows.studio import reading as read
from workflows.studio import releasing
from workflows.studio.rules import refusal
from workflows.studio.words import LONGEST, said


def agree(context: Context, actor: Person, draft_id: str, role: Role, revision: int, words: str) -> None:
    """Agree to a draft, or endorse it, in a post. Raises `NotFound`, `Conflict`, `NotEntitled`."""

    def find(reading: Reading) -> Task:
        engine, connection = context.engine, reading.connection
        draft = engine.drafts.get(connection, draft_id)
        if draft.state != VersionState.IN_REVIEW or draft.revision != revision:
            raise Conflict("This draft has moved on since you opened it. Your agreement was not stored.")
        now, _ = read.standing(reading, context, draft)
        why = refusal(now, role, actor.id, releasing.acting_roles(context, reading, actor.id))
        if why is not None:
            raise NotEntitled(f"{why} Your agreement was not stored.", person_id=actor.id)
        task = releasing.open_task(engine, connection, releasing.case_of(engine, connection, draft),
                                   releasing.ANSWERED_BY[role][0])  # fmt: skip
        if task is None:
            raise Conflict(
                f"The time of the {role.label} to answer is over. Your agreement was not stored; the page of "
                "its case says whom it waits for."
            )
        return task

    answers = {"answer": "endorse" if role is Role.EXECUTIVE else "agree"}
    if words.strip():
        answers["remark"] = words.strip()[:LONGEST]
    _complete(context, actor, context.read(find), answers)


def send_back(context: Context, actor: Person, draft_id: str, reason: str) -> Draft:
    """Answer that its authors should change something; or, as one of those who draft, take it back.

    Raises `NotFound`, `Conflict`, `NotEntitled`, `RuleBroken`.
    """
    why = said(reason, "Say what its authors should change. Nothing was changed.")

    def find(reading: Reading) -> tuple[Draft, Task | None]:
        draft = context.engine.drafts.get(reading.connection, draft_id)
        if draft.state != VersionState.IN_REVIEW:
            raise Conflict(f"This draft is {draft.state} by now. Nothing of yours was stored.")
        task = releasing.mine(context, reading, actor.id, draft)
        if task is None:
            check(reading.organisation, actor, Permission.DRAFT_POLICY)
        return draft, task

    draft, task = context.read(find)
    if task is not None:
        _complete(context, actor, task, {"answer": "send_back", "words": why})
    else:
        _end_case(context, actor, draft, why)
        context.write(
            actor,
            Permission.DRAFT_POLICY,
            lambda w: context.engine.drafts.send_back(w.uow, draft_id, by=Actor(actor.id), reason=why),
        )
    with context.database.reading() as connection:
        return context.engine.drafts.get(connection, draft_id)


def withdraw(context: Context, actor: Person, draft_id: str, reason: str) -> Draft:
    """Give a draft up; it stays on record. Raises `NotFound`, `Conflict`, `NotEntitled`, `RuleBroken`."""
    why = said(reason, "Say why the draft is given up. Nothing was changed.")

    def find(reading: Reading) -> Draft:
        check(reading.organisation, actor, Permission.DRAFT_POLICY)
        return context.engine.drafts.get(reading.connection, draft_id)

    _end_case(context, actor, context.read(find), why)
    return context.write(
        actor,
        Permission.DRAFT_POLICY,
        lambda w: context.engine.drafts.withdraw(w.uow, draft_id, by=Actor(actor.id), reason=why),
    )


def release(context: Context, actor: Person, draft_id: str) -> Version:
    """Release what was agreed to and endorsed. Raises `NotFound`, `Conflict`, `NotEntitled`."""

    def find(reading: Reading) -> Task:
        check(reading.organisation, actor, Permission.RELEASE_POLICY)
        engine, connection = context.engine, reading.connection
        draft = engine.drafts.get(connection, draft_id)
        if draft.state != VersionState.IN_REVIEW:
            raise Conflict("Only a draft in review can be released. Nothing was released.")
        now, _ = read.standing(reading, context, draft)
        if not now.is_complete:
            waiting = " and ".join(role.label for role in now.missing)
            raise NotEntitled(f"{waiting} must agree first. Nothing was released.", person_id=actor.id)
        case = releasing.case_of(engine, connection, draft)
        task = releasing.open_task(engine, connection, case, releasing.RELEASE)
        if task is None:
            raise Conflict("This draft is not ready for its release. Nothing was released.")
        return task

    _complete(context, actor, context.read(find), {})
    with context.database.reading() as connection:
        draft = context.engine.drafts.get(connection, draft_id)
        return releasing.released(context.engine, connection, draft)


def _complete(context: Context, actor: Person, task: Task, answers: dict[str, Any]) -> None:
    # One token for one answer of one person at one task: pressed twice, it counts once.
    token = f"studio-{task.id[:24]}-{task.revision}-{actor.id[:20]}"
    context.engine.tasks.complete(
        Actor(actor.id),
        task.id,
        revision=task.revision,
        token=token,
        answers=answers,
        guard=submission_guard(context, actor),
    )


def _end_case(context: Context, actor: Person, draft: Draft, reason: str) -> None:
    with context.database.reading() as connection:
        case = releasing.case_of(context.engine, connection, draft)
    if case is not None:
        context.engine.instances.cancel(Actor(actor.id), case.id, reason)
