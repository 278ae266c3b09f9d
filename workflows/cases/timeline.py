"""The timeline of a case: everything that happened, in plain words, oldest first. Pure, from a `CaseFile`.

It is read from the audit chain, which holds every command in order, and from the submissions as the reader
may see them; so nothing sealed can be in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.audit.types import AuditEntry
from engine.events import Event
from engine.types import Submission
from workflows.cases import results
from workflows.cases.casefile import CaseFile
from workflows.cases.changing import PositionChange
from workflows.cases.sentences import position_changed, said, tallied
from workflows.cases.types import TimelineEntry
from workflows.identity.types import SYSTEM_PERSON
from workflows.record import VOTE
from workflows.wording import day, sentence

Tell = Callable[[CaseFile, AuditEntry, Mapping[str, Any]], TimelineEntry | None]


def timeline(file: CaseFile) -> tuple[TimelineEntry, ...]:
    """All entries, oldest first."""
    entries = []
    for entry in in_order(file.audit):
        tell = _TOLD.get(entry.event)
        if tell is None:
            continue
        if entry.payload is None:
            entries.append(TimelineEntry(entry.at, "What happened here was erased by law.", "", "erased"))
            continue
        told = tell(file, entry, entry.payload)
        if told is not None:
            entries.append(told)
    return tuple(sorted([*entries, *map(_changed, file.changes)], key=lambda one: one.at))


def _changed(change: PositionChange) -> TimelineEntry:
    text = position_changed(
        change.by_name, change.at_request_of, change.likelihood, change.impact, change.treatment
    )
    said = f"{text.rstrip('.')}: {sentence(change.reason)}"
    return TimelineEntry(change.at, said, change.by_name, "task", change.element_id)


_BEGINS = frozenset(
    {
        Event.INCIDENT_RETRIED.value,
        Event.INSTANCE_CANCELLED.value,
        Event.INSTANCE_STARTED.value,
        Event.TASK_COMPLETED.value,
        Event.TIMER_FIRED.value,
    }
)
"""Events that begin a command; whatever follows in the chain came of it."""

_RANKS = {
    Event.POSITIONS_REVEALED.value: 1,
    Event.VOTE_TALLIED.value: 1,
    Event.DECISION_MADE.value: 2,
    Event.OPERATION_CALLED.value: 2,
    Event.INCIDENT_OPENED.value: 3,
    Event.INSTANCE_COMPLETED.value: 4,
}


def in_order(audit: Sequence[AuditEntry]) -> list[AuditEntry]:
    """Entries as told: of one command what was done first, then votes counted, then what followed."""
    command, ranked = 0, []
    for entry in audit:
        command += entry.event in _BEGINS
        ranked.append((command, _RANKS.get(entry.event, 0), entry.seq, entry))
    return [entry for *_, entry in sorted(ranked, key=lambda one: one[:3])]


def _actor(file: CaseFile, entry: AuditEntry) -> str:
    return "" if entry.actor == SYSTEM_PERSON.id else file.name(entry.actor)


def _submission(file: CaseFile, payload: Mapping[str, Any]) -> Submission | None:
    wanted = payload.get("submission")
    return next((one for one in file.submissions if one.id == wanted), None)


def _submitted(
    file: CaseFile, entry: AuditEntry, payload: Mapping[str, Any], kind: str
) -> TimelineEntry | None:
    submission = _submission(file, payload)
    if submission is None:
        return None
    if kind == "start" and submission.answers.get("origin") == "exemption expired":
        text = f"{sentence(submission.authority)} It is back on the CIO's desk."
    elif kind == "start" and submission.answers.get("origin") and not _actor(file, entry):
        text = sentence(submission.authority)
    else:
        text = said(submission, file.who(submission), file.element_name(submission.element_id))
    return TimelineEntry(
        at=entry.at,
        sentence=text,
        actor=_actor(file, entry),
        kind="vote" if submission.seat and submission.element_id == VOTE else kind,
        element_id=submission.element_id,
        answers=file.answers.get(submission.id, ()),
        is_sealed=submission.sealed,
        authority=submission.authority,
    )


def _started(file: CaseFile, entry: AuditEntry, payload: Mapping[str, Any]) -> TimelineEntry | None:
    return _submitted(file, entry, payload, "start")


def _completed(file: CaseFile, entry: AuditEntry, payload: Mapping[str, Any]) -> TimelineEntry | None:
    return _submitted(file, entry, payload, "task")


def _revealed(file: CaseFile, entry: AuditEntry, payload: Mapping[str, Any]) -> TimelineEntry | None:
    text = "All the sealed answers are in. They were revealed to both sides at the same moment."
    if payload.get("group") == "positions":
        text = "Both positions are in. They were revealed at the same moment, and stay as they were filed."
    elif payload.get("group") == "ballot":
        text = "The ballot is closed. All votes were shown at the same moment, and stay as they were cast."
    return TimelineEntry(entry.at, text, "", "revealed")


def _tallied(file: CaseFile, entry: AuditEntry, payload: Mapping[str, Any]) -> TimelineEntry | None:
    return TimelineEntry(entry.at, tallied(payload.get("tally") or {}), "", "vote", payload.get("element"))


def _operation(file: CaseFile, entry: AuditEntry, payload: Mapping[str, Any]) -> TimelineEntry | None:
    element_id = payload.get("element")
    element, result = file.elements.get(element_id or ""), payload.get("result")
    operation = element.operation if element else None
    text = results.told(operation or "", file, result)
    text = text or f"“{file.element_name(element_id)}” was carried out."
    return TimelineEntry(entry.at, text, "", "operation", element_id)


def _decided(file: CaseFile, entry: AuditEntry, payload: Mapping[str, Any]) -> TimelineEntry | None:
    element_id = payload.get("element")
    made = payload.get("decision") or {}
    value = made.get("value")
    outcome = f": “{value}”" if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else ""
    rows = [f"row {rule['number']}" for table in made.get("tables", ())[-1:] for rule in table["rules"]]
    by = f" by {' and '.join(rows)} of its table" if rows else ""
    text = f"“{file.element_name(element_id)}” was decided{by}{outcome}."
    return TimelineEntry(entry.at, text, "", "operation", element_id)


def _timer(file: CaseFile, entry: AuditEntry, payload: Mapping[str, Any]) -> TimelineEntry | None:
    element_id = payload.get("element")
    text = f"“{file.element_name(element_id)}”: the time was up."
    return TimelineEntry(entry.at, text, "", "timer", element_id)


def _incident(file: CaseFile, entry: AuditEntry, payload: Mapping[str, Any]) -> TimelineEntry | None:
    element_id = payload.get("element")
    text = (
        f"The case stopped before “{file.element_name(element_id)}”. "
        f"{sentence(str(payload.get('cause') or ''))}"
    )
    return TimelineEntry(entry.at, text.strip(), "", "incident", element_id)


def _retried(file: CaseFile, entry: AuditEntry, payload: Mapping[str, Any]) -> TimelineEntry | None:
    who = _actor(file, entry) or "The software"
    text = f"{who} tried the failed step again: {sentence(str(payload.get('reason') or ''))}"
    return TimelineEntry(entry.at, text, _actor(file, entry), "incident", payload.get("element"))


def _ended(file: CaseFile, entry: AuditEntry, payload: Mapping[str, Any]) -> TimelineEntry | None:
    outcome = payload.get("outcome")
    return TimelineEntry(entry.at, f"The case ended: {sentence(str(outcome or 'done').lower())}", "", "end")


def _cancelled(file: CaseFile, entry: AuditEntry, payload: Mapping[str, Any]) -> TimelineEntry | None:
    reason, who = payload.get("reason") or "no reason given", _actor(file, entry)
    # Nobody's act on the case itself: its decision was taken up again in another one.
    did = f"{who} cancelled the case on" if who else "The case ended on"
    return TimelineEntry(entry.at, sentence(f"{did} {day(entry.at)}: {reason}"), who, "end")


_TOLD: dict[str, Tell] = {
    Event.DECISION_MADE.value: _decided,
    Event.INCIDENT_OPENED.value: _incident,
    Event.INCIDENT_RETRIED.value: _retried,
    Event.INSTANCE_CANCELLED.value: _cancelled,
    Event.INSTANCE_COMPLETED.value: _ended,
    Event.INSTANCE_STARTED.value: _started,
    Event.OPERATION_CALLED.value: _operation,
    Event.POSITIONS_REVEALED.value: _revealed,
    Event.TASK_COMPLETED.value: _completed,
    Event.TIMER_FIRED.value: _timer,
    Event.VOTE_TALLIED.value: _tallied,
}
