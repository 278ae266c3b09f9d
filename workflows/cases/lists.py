"""The inbox and the list of cases."""

from __future__ import annotations

from datetime import datetime

from engine.types import Instance, InstanceState, Task
from workflows.cases.access import may_act
from workflows.cases.pages import policy_of
from workflows.cases.types import CaseRow, InboxRow
from workflows.cases.waiting import due_words, waiting_sentence
from workflows.context import Context, Reading, may
from workflows.errors import NotFound
from workflows.identity.types import SYSTEM_PERSON, Person
from workflows.permissions import Permission
from workflows.risks.access import hidden
from workflows.risks.models import risks as raised
from workflows.risks.queries import page_of, risks_by_id
from workflows.risks.types import Risk, RiskFilters

OWN_RISKS_PAGES = 20
"""Pages of own risks looked through for their cases."""


def inbox(context: Context, reading: Reading, reader: Person, limit: int) -> list[InboxRow]:
    """What waits for the reader, the soonest due first; tasks kept apart from what the reader did are not in
    it."""
    connection = reading.connection
    desks = context.directory.desks(connection, reader.id, reading.now)
    tasks = context.engine.tasks.inbox(connection, desks, reader.id, limit=limit)
    reasons = [(task, may_act(context, reading, reader, task)) for task in tasks]
    risks = risks_by_id(connection, [task.subject for task in tasks if task.subject], reading.now)
    return [
        _inbox_row(task, risks.get(task.subject or ""), _about(context, reading, task), why, reading.now)
        for task, why in reasons
        if why is not None
    ]


def _about(context: Context, reading: Reading, task: Task) -> str:
    """What a case without a risk is called: a dialogue, a charter, a release."""
    return "" if task.subject else context.engine.instances.get(reading.connection, task.instance_id).title


def _inbox_row(task: Task, risk: Risk | None, about: str, why: str, now: datetime) -> InboxRow:
    level = risk.level if risk else None
    return InboxRow(
        task_id=task.id,
        instance_id=task.instance_id,
        name=task.name,
        risk_id=risk.id if risk else None,
        risk_title=risk.title if risk else about,
        level=level.label if level else None,
        why_me=f"{why}.",
        opened_at=task.opened_at,
        due_at=task.due_at,
        is_overdue=task.due_at is not None and task.due_at < now,
        due=due_words(task, now),
        round=task.round,
    )


def cases(
    context: Context, reading: Reading, reader: Person, *, open_only: bool, limit: int, after: str | None
) -> list[CaseRow]:
    """Cases the reader may see, newest first; `after` is the id of the last one seen. Raises `NotFound` for
    it."""
    instances = _instances(context, reading, reader, open_only=open_only, limit=limit, after=after)
    unseen = hidden(reading, reader)
    instances = [one for one in instances if one.subject not in unseen]
    risks = risks_by_id(reading.connection, [one.subject for one in instances if one.subject], reading.now)
    return [
        CaseRow(
            instance_id=one.id,
            title=one.title,
            risk_id=one.subject if one.subject in risks else None,
            risk_title=risks[one.subject].title if one.subject in risks else "",
            started_at=one.started_at,
            ended_at=one.ended_at,
            outcome=one.outcome,
            waiting=waiting_sentence(context, reading, one),
            policy=policy_of(one).label,
            incidents=one.incidents,
        )
        for one in instances
    ]


def _instances(
    context: Context, reading: Reading, reader: Person, *, open_only: bool, limit: int, after: str | None
) -> list[Instance]:
    engine, connection = context.engine, reading.connection
    if reader is SYSTEM_PERSON or may(reading.organisation, reader, Permission.READ_ANY_CASE):
        last = engine.instances.get(connection, after) if after else None
        return engine.instances.list(
            connection,
            state=InstanceState.RUNNING if open_only else None,
            limit=limit,
            after=(last.started_at, last.id) if last else None,
        )
    own = _own(context, reading, reader)
    if open_only:
        own = [one for one in own if one.state is InstanceState.RUNNING]
    if after is not None:
        ids = [one.id for one in own]
        if after not in ids:
            raise NotFound("case", after)
        own = own[ids.index(after) + 1 :]
    return own[:limit]


def _own(context: Context, reading: Reading, reader: Person) -> list[Instance]:
    """Cases of the risks the reader raised, newest first."""
    found: list[Instance] = []
    for page in range(1, OWN_RISKS_PAGES + 1):
        risks, _ = page_of(
            reading.connection, RiskFilters(), raised.c.raised_by == reader.id, page, reading.now
        )
        if not risks:
            break
        for risk in risks:
            found.extend(context.engine.instances.of_subject(reading.connection, risk.id))
    return sorted(found, key=lambda one: (one.started_at, one.id), reverse=True)
