"""What must hold after a soak, whatever happened in it: by the database, and by what people were told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from benchmarks._soak_world import SoakWorld, effects
from engine.audit.models import audit_entries
from engine.db.types import load_tagged
from engine.incidents.models import incidents
from engine.instances.models import instances, journal, submissions
from engine.messages.models import messages
from engine.tasks.models import tasks
from engine.timers.models import timers
from engine.types import SYSTEM

WITH_EFFECT = ("book", "ring", "seat", "lapse")
"""The service tasks of the diagram."""


def faults(world: SoakWorld, lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """Everything that is wrong, as sentences; the worker must have come to rest before."""
    with world.database.reading() as connection:
        found = [
            *_told(connection, list(lines)),
            *_counted(connection),
            *_fired_once(connection),
            *_projected(world, connection),
        ]
        report = world.engine.audit.verify(connection)
        found += [f"audit: {fault.chain} {fault.seq} {fault.sentence}" for fault in report.faults]
        opened = connection.execute(select(incidents.c.cause)).scalars().all()
    return found + [f"incident: {cause}" for cause in opened]


def _told(connection: Connection, lines: list[Mapping[str, Any]]) -> list[str]:
    """What people were told against what is stored: nothing acknowledged is missing, nothing came twice."""
    found = [f"a person was shown: {line['error']}" for line in lines if line["what"] == "fault"]
    stored = {
        row.token: row
        for row in connection.execute(
            select(submissions.c.token, submissions.c.task_id, submissions.c.person_id).where(
                submissions.c.token.is_not(None)
            )
        )
    }
    closed = {row.id: row for row in connection.execute(select(tasks.c.id, tasks.c.state, tasks.c.closed_by))}
    tried = {line["submission"]["token"]: line["submission"] for line in lines if line["what"] == "try"}
    for token in {line["token"] for line in lines if line["what"] == "done"}:
        row, page = stored.get(token), tried[token]
        if row is None or (row.task_id, row.person_id) != (page["task_id"], page["person"]):
            found.append(f"the acknowledged page {token} is not stored")
        elif (closed[row.task_id].state, closed[row.task_id].closed_by) != ("completed", row.person_id):
            found.append(f"the task of the acknowledged page {token} is not completed by its person")
    found += [f"{token} is stored, and nobody sent it" for token in stored.keys() - tried.keys()]
    refused = {line["token"] for line in lines if line["what"] == "refused"}
    found += [f"{token} was refused, and is stored" for token in refused & stored.keys()]
    sent = {row.token for row in connection.execute(select(messages.c.token))}
    started = set(connection.execute(select(instances.c.id)).scalars())
    for line in lines:
        if line["what"] == "sent" and line["token"] not in sent:
            found.append(f"the acknowledged message {line['token']} is not stored")
        if line["what"] == "started" and line["case"] not in started:
            found.append(f"the acknowledged case {line['case']} is not there")
    return found


def _counted(connection: Connection) -> list[str]:
    """Each task was completed once; each step of each case is in the journal once, with its effect."""
    found = []
    twice = select(submissions.c.task_id).where(submissions.c.task_id.is_not(None))
    twice = twice.group_by(submissions.c.task_id).having(func.count() > 1)
    found += [f"the task {key} was completed twice" for key in connection.execute(twice).scalars()]
    steps: dict[str, list[int]] = {}
    passed: Counter[tuple[str, str]] = Counter()
    for row in connection.execute(select(journal).order_by(journal.c.instance_id, journal.c.seq)):
        steps.setdefault(row.instance_id, []).append(row.seq)
        passed.update((row.instance_id, element) for element in row.elements if element in WITH_EFFECT)
    for case in connection.execute(select(instances.c.id, instances.c.revision)):
        if steps.get(case.id) != list(range(1, case.revision + 1)):
            found.append(f"the journal of {case.id} does not lead to revision {case.revision}")
    happened: Counter[tuple[str, str]] = Counter(
        (row.instance_id, row.element_id) for row in connection.execute(select(effects))
    )
    for key in passed.keys() | happened.keys():
        if passed[key] != happened[key]:
            found.append(f"{key[1]} of {key[0]} was passed {passed[key]} times with {happened[key]} effects")
    return found


def _fired_once(connection: Connection) -> list[str]:
    """Every timer that was to fire did so once: in the journal, and on the audit chain."""
    fired: Counter[str] = Counter()
    messages_taken: Counter[str] = Counter()
    for row in connection.execute(select(journal.c.kind, journal.c.payload)):
        if row.kind == "timer":
            fired[row.payload["timer"]] += 1
        elif row.kind == "message":
            messages_taken[row.payload["message"]] += 1
    chained: Counter[str] = Counter()
    for payload in connection.execute(
        select(audit_entries.c.payload).where(
            audit_entries.c.actor == SYSTEM.person_id, audit_entries.c.payload.contains('"timer"')
        )
    ).scalars():
        chained[load_tagged(payload).get("timer")] += 1
    found = [f"the message {key} was taken {n} times" for key, n in messages_taken.items() if n > 1]
    for timer in connection.execute(select(timers)):
        times = fired[timer.id]
        if times != chained[timer.id]:
            found.append(
                f"the timer {timer.id} is {times} times in the journal, {chained[timer.id]} on record"
            )
        if timer.state == "waiting":
            found.append(f"the timer {timer.id} at {timer.element_id} still waits")
        elif times > 1 or (times == 0 and timer.element_id == "tick"):
            found.append(f"the timer {timer.id} at {timer.element_id} fired {times} times")
    return found


def _projected(world: SoakWorld, connection: Connection) -> list[str]:
    """What the inbox shows is what the stored states wait for."""
    found = []
    running = connection.execute(select(instances.c.id).where(instances.c.state == "running")).scalars().all()
    for case in running:
        waiting = set(world.waiting(connection, case))
        shown = set(
            connection.execute(
                select(tasks.c.id).where(tasks.c.instance_id == case, tasks.c.state == "open")
            ).scalars()
        )
        if waiting != shown:
            found.append(f"the inbox of {case} shows {len(shown)} tasks; {len(waiting)} wait in its state")
    return found
