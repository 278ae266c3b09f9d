"""The write phase of a command: everything it did to an instance, in one transaction, or nothing.

The state is written only where its revision is still the one that was read; whoever comes second computes
anew.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, insert, literal_column, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from engine.audit.commands import Entry, append
from engine.audit.records import journal_digest, submission_digest
from engine.db.uow import UnitOfWork, is_collision
from engine.errors import Collision, EngineError
from engine.events import Event
from engine.instances.change import Change, Loaded, Submitted
from engine.instances.models import instances, journal, submissions
from engine.instances.projections import (
    find_desks,
    project_incidents,
    project_reveals,
    project_sent,
    project_subscriptions,
    project_tasks,
    project_timers,
)
from engine.ports import Directory, Effect, OperationContext, Operations
from engine.spiff.case import fault
from engine.spiff.run import Outcome
from engine.types import InstanceState

_ADVANCED = ("engine_state", "revision", "incidents", "state", "ended_at", "outcome")
_START = insert(instances)
_ADVANCE = (
    update(instances)
    .where(
        instances.c.id == bindparam("of"),
        instances.c.revision == bindparam("read"),
        instances.c.state == literal_column("'running'"),
    )
    .values({name: bindparam(name) for name in _ADVANCED})
)
_NOTE = insert(journal)
_KEEP = insert(submissions)


log = logging.getLogger("parley.engine")


class EffectRefused(Exception):
    """An effect could not be applied: the command is computed again with its element failing for this
    cause.
    """

    def __init__(self, element_id: str, cause: str) -> None:
        self.element_id = element_id
        self.cause = cause
        super().__init__(cause)


def write(
    uow: UnitOfWork,
    loaded: Loaded,
    outcome: Outcome,
    change: Change,
    directory: Directory,
    operations: Operations,
    desks: Mapping[str, str] | None = None,
) -> None:
    """Store what a command did.

    Args:
        desks: of the roles whose tasks it opened, where `find_desks` has found them already.

    Raises:
        Collision: where another command was faster.
        EffectRefused: where an operation's effect cannot be applied.
    """
    seq = loaded.revision + 1
    _instance(uow, loaded, outcome, change, seq)
    row = _journal(uow, loaded, outcome, change, seq)
    kept = None
    if change.submitted is not None:
        kept = _submission(uow, loaded, change, change.submitted, seq)
    entries = [_first_entry(change, row, kept)]
    if desks is None:
        desks = find_desks(uow.connection, loaded, outcome, change.now, directory)
    project_tasks(uow, loaded, outcome, change, desks)
    project_timers(uow, loaded, outcome, change.now)
    project_subscriptions(uow, loaded, outcome, change.now)
    project_sent(uow, loaded, outcome, change)
    project_reveals(uow, loaded, outcome, change.now, seq)
    project_incidents(uow, loaded, outcome.trace.troubles, change.now)
    entries.extend(_further_entries(outcome, change))
    append(uow, loaded.id, change.now, entries, loaded.audit_head)
    _effects(uow, loaded, outcome, change, operations)


def _instance(uow: UnitOfWork, loaded: Loaded, outcome: Outcome, change: Change, seq: int) -> None:
    values: dict[str, Any] = {
        "engine_state": outcome.state,
        "revision": seq,
        "incidents": loaded.incidents + len(outcome.trace.troubles),
        "state": _state(outcome),
        "ended_at": change.now if _state(outcome) is not InstanceState.RUNNING else None,
        "outcome": outcome.trace.outcome if _state(outcome) is InstanceState.COMPLETED else None,
    }
    if change.kind == "start":
        values |= {
            "id": loaded.id,
            "key": loaded.key,
            "version_hash": loaded.version_hash,
            "subject": loaded.subject,
            "started_at": change.now,
            "started_by": loaded.started_by,
            "linked_from": change.payload.get("linked_from"),
        }
        uow.connection.execute(_START, values)
        return
    written = uow.connection.execute(_ADVANCE, {**values, "of": loaded.id, "read": loaded.revision})
    if written.rowcount != 1:
        raise Collision(instance_id=loaded.id)


def _state(outcome: Outcome) -> InstanceState:
    if outcome.cancelled:
        return InstanceState.CANCELLED
    return InstanceState.COMPLETED if outcome.completed else InstanceState.RUNNING


def _journal(uow: UnitOfWork, loaded: Loaded, outcome: Outcome, change: Change, seq: int) -> dict[str, Any]:
    trace = outcome.trace
    payload = dict(change.payload)
    if change.submitted is not None:
        payload["submission"] = change.submitted.id
    if trace.results:
        payload["results"] = trace.results
    if trace.decisions:
        payload["decisions"] = [{"element": element_id, **made} for element_id, made in trace.decisions]
    if trace.tallies:
        payload["tallies"] = trace.tallies
    row = {
        "instance_id": loaded.id,
        "seq": seq,
        "at": change.now,
        "actor": change.actor,
        "kind": change.kind,
        "element_id": change.element_id,
        "elements": trace.elements,
        "flows": trace.flows,
        "payload": payload,
    }
    uow.connection.execute(_NOTE, row)
    return row


def _first_entry(change: Change, row: dict[str, Any], kept: dict[str, Any] | None) -> Entry:
    payload: dict[str, Any] = {
        **change.payload,
        "journal": row["seq"],
        "journal_digest": journal_digest(row),
        "element": change.element_id,
    }
    if change.submitted is not None and kept is not None:
        submitted = change.submitted
        payload |= {
            "submission": submitted.id,
            "submission_digest": submission_digest(kept),
            "task": submitted.task_id,
            "round": submitted.round,
            "seat": submitted.seat,
            "authority": submitted.authority.basis,
            "on_behalf_of": submitted.authority.on_behalf_of,
        }
    return change.event, change.actor, payload


def _further_entries(outcome: Outcome, change: Change) -> list[Entry]:
    trace = outcome.trace
    entries: list[Entry] = []
    entries.extend(
        (Event.OPERATION_CALLED, change.actor, {"element": element_id, "result": result})
        for element_id, result in trace.results.items()
    )
    entries.extend(
        (Event.DECISION_MADE, change.actor, {"element": element_id, "decision": made})
        for element_id, made in trace.decisions
    )
    entries.extend(
        (Event.VOTE_TALLIED, change.actor, {"element": element_id, "tally": tally})
        for element_id, tally in trace.tallies.items()
    )
    entries.extend(
        (Event.MESSAGE_SENT, change.actor, {"element": s.element_id, "kind": s.kind, "name": s.name})
        for s in trace.sent
    )
    entries.extend((Event.POSITIONS_REVEALED, change.actor, {"group": group}) for group in outcome.revealed)
    entries.extend((Event.TASK_WITHDRAWN, change.actor, {"task": task_id}) for task_id in outcome.withdrawn)
    entries.extend(
        (Event.INCIDENT_OPENED, change.actor, {"element": t.element_id, "cause": t.cause})
        for t in trace.troubles
    )
    if _state(outcome) is InstanceState.COMPLETED:
        entries.append((Event.INSTANCE_COMPLETED, change.actor, {"outcome": trace.outcome}))
    return entries


def _submission(
    uow: UnitOfWork, loaded: Loaded, change: Change, submitted: Submitted, seq: int
) -> dict[str, Any]:
    row = {
        "id": submitted.id,
        "instance_id": loaded.id,
        "seq": seq,
        "task_id": submitted.task_id,
        "element_id": submitted.element_id,
        "round": submitted.round,
        "seat": submitted.seat,
        "person_id": change.actor,
        "on_behalf_of": submitted.authority.on_behalf_of,
        "authority": submitted.authority.basis,
        "at": change.now,
        "form": submitted.form,
        "version_hash": loaded.version_hash,
        "blind": submitted.blind,
        "answers": submitted.answers,
        "salt": submitted.salt,
        "token": submitted.token,
    }
    uow.connection.execute(_KEEP, row)
    return row


def _effects(
    uow: UnitOfWork, loaded: Loaded, outcome: Outcome, change: Change, operations: Operations
) -> None:
    for element_id, effect in outcome.trace.effects:
        context = OperationContext(
            instance_id=loaded.id,
            key=loaded.key,
            version_hash=loaded.version_hash,
            subject=loaded.subject,
            element_id=element_id,
            now=change.now,
            actor=change.actor,
            data={},
        )
        _apply(uow, element_id, effect, context, operations)


def _apply(
    uow: UnitOfWork, element_id: str, effect: Effect, context: OperationContext, operations: Operations
) -> None:
    """Apply an effect in its savepoint; whatever it fails of, the submission that led to it is kept.

    What is there already may have come from another command at the same moment, or be there for good: applied
    again, the effect sees it, and gives way or fails of it once more. A race is not assumed.
    """
    try:
        try:
            with uow.savepoint():
                operations.apply(uow, effect, context)
        except IntegrityError:
            with uow.savepoint():
                operations.apply(uow, effect, context)
    except Collision:
        raise
    except EngineError as error:
        raise EffectRefused(element_id, str(error)) from error
    except Exception as error:
        lost = isinstance(error, DBAPIError) and (error.connection_invalidated or is_collision(error))
        if lost and not isinstance(error, IntegrityError):
            raise
        log.exception("the effect %s of element %s failed unexpectedly", effect.name, element_id)
        raise EffectRefused(element_id, fault(error)) from error
