"""Timers that know when they are due by the Clock, and fire only when they are told to.

SpiffWorkflow's own read the machine's clock and evaluate Python; these compute their due time once, from
the time pinned for the command, keep it with the task, and the engine's due rows fire them.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.event_definitions.timer import CycleTimerEventDefinition, TimerEventDefinition
from SpiffWorkflow.util.task import TaskState

from engine.errors import ElementFailed
from engine.feel import YearsMonthsDuration
from engine.spiff.tree import base_id, scope_of

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from engine.spiff.case import Case

FURTHEST_DAYS = 36_525
"""A timer may lie a hundred years ahead; beyond that the text is a mistake."""

_DURATION = re.compile(
    r"P(?=\d|T\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    r"(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)
_CYCLE = re.compile(r"R(\d{0,4})/(P[0-9YMWDTHS.]+)", re.ASCII)


def is_iso_duration(text: str) -> bool:
    """Whether the text is a bare ISO 8601 duration such as `P30D`."""
    return _DURATION.fullmatch(text) is not None


def is_iso_cycle(text: str) -> bool:
    """Whether the text is a bare ISO 8601 repeating interval such as `R3/PT10H`."""
    match = _CYCLE.fullmatch(text)
    return match is not None and is_iso_duration(match[2])


def add_duration(start: datetime, text: str) -> datetime:
    """The time an ISO 8601 duration after a start; a month later is the same day, or the month's last.

    Raises:
        ValueError: where the text is no duration, or leads too far ahead.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no ISO 8601 duration such as P30D or PT4H")
    years, months, weeks, days, hours, minutes = (int(part or 0) for part in match.groups()[:6])
    whole = timedelta(days=weeks * 7 + days, hours=hours, minutes=minutes, seconds=float(match[7] or 0))
    if years * 366 + months * 31 + whole.days > FURTHEST_DAYS:
        raise ValueError(f"{text!r} lies more than a hundred years ahead")
    return add_months(start, years * 12 + months) + whole


def add_months(start: datetime, months: int) -> datetime:
    """The same day some months later, or the last day of that month."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last_day = (first_of_next - timedelta(days=1)).day
    return start.replace(year=year, month=month + 1, day=min(start.day, last_day))


def due_time(case: Case, text: str, scope: str, local: dict[str, Any], element_id: str) -> datetime:
    """When a timer or a task is due: bare ISO 8601 text, or a FEEL expression for a date, time or duration.

    A date means its end: what is due on a day may be done all that day (UTC).

    Raises:
        ElementFailed: where the text gives nothing of the kind.
    """
    text = text.strip()
    try:
        if is_iso_duration(text):
            return add_duration(case.now, text)
        value = _iso_datetime(text) or case.evaluate(text, scope, local, element_id)
        if isinstance(value, str):
            value = add_duration(case.now, value) if is_iso_duration(value) else datetime.fromisoformat(value)
        due = _as_datetime(value, case.now)
    except (ValueError, OverflowError) as error:
        raise ElementFailed(
            f"The time {text!r} cannot be worked out: {error}.", element_id=element_id
        ) from error
    if due is None:
        raise ElementFailed(f"The time {text!r} gives no date, time or duration.", element_id=element_id)
    if due - case.now > timedelta(days=FURTHEST_DAYS):
        raise ElementFailed(f"The time {text!r} lies more than a hundred years ahead.", element_id=element_id)
    return due


def _iso_datetime(text: str) -> datetime | date | None:
    if not re.match(r"\d{4}-\d\d-\d\d", text):
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _as_datetime(value: Any, now: datetime) -> datetime | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value + timedelta(days=1), time(), UTC)
    if isinstance(value, timedelta):
        return now + value
    if isinstance(value, YearsMonthsDuration):
        return add_months(now, int(value.months))
    return None


class DueTimer(TimerEventDefinition):
    """A timer event that is due once: a date, a date and time, or a duration from when it starts to wait."""

    def has_fired(self, my_task: Task) -> bool:
        """Only after `fire`."""
        return bool(my_task._get_internal_data("event_fired", False))

    def update_task(self, my_task: Task) -> None:
        """Work out the due time when the event starts to wait; an incident, once, where that fails."""
        known = my_task.internal_data
        if known.get("due") is not None or "unfired" in known or "failed" in known:
            return
        case = my_task.workflow.top_workflow.case
        element_id = base_id(my_task.task_spec.name)
        try:
            due = due_time(case, self.expression or "", scope_of(my_task), my_task.data, element_id)
            known["due"] = due.isoformat()
        except ElementFailed as error:
            known["failed"] = True
            case.fail(element_id, error)

    def fire(self, my_task: Task) -> None:
        """Let the event happen."""
        my_task.internal_data["event_fired"] = True
        my_task.internal_data.pop("due", None)
        my_task.task_spec._update(my_task)


class DueCycle(CycleTimerEventDefinition):
    """A timer event that is due again and again: `R3/PT10H`, or `R/P7D` without end."""

    def has_fired(self, my_task: Task) -> bool:
        """After its last cycle."""
        return bool(my_task._get_internal_data("event_fired", False))

    def update_task(self, my_task: Task) -> None:
        """Work out the first due time when the event starts to wait; an incident, once, where that fails."""
        known = my_task.internal_data
        if known.get("due") is not None or known.get("left") == 0 or "unfired" in known or "failed" in known:
            return
        case = my_task.workflow.top_workflow.case
        element_id = base_id(my_task.task_spec.name)
        try:
            count, every = self._cycle(case, my_task, element_id)
            known.update(
                due=add_duration(case.now, every).isoformat(),
                left=count,
                every=every,
                start=case.now.isoformat(),
            )
        except ElementFailed as error:
            known["failed"] = True
            case.fail(element_id, error)
        except (ValueError, OverflowError) as error:
            known["failed"] = True
            case.fail(element_id, ElementFailed(f"The time cycle cannot be worked out: {error}."))

    def _cycle(self, case: Case, my_task: Task, element_id: str) -> tuple[int | None, str]:
        text = (self.expression or "").strip()
        if not is_iso_cycle(text):
            value = case.evaluate(text, scope_of(my_task), my_task.data, element_id)
            text = value if isinstance(value, str) else text
        match = _CYCLE.fullmatch(text)
        if match is None or not is_iso_duration(match[2]):
            raise ElementFailed(f"The time {text!r} is no cycle such as R3/PT10H.", element_id=element_id)
        if add_duration(case.now, match[2]) <= case.now:
            raise ElementFailed(f"The time cycle {text!r} takes no time.", element_id=element_id)
        return (int(match[1]) if match[1] else None), match[2]

    def fire(self, my_task: Task) -> None:
        """Let one cycle happen. Cycles that were missed meanwhile collapse into this one."""
        data = my_task.internal_data
        now = my_task.workflow.top_workflow.case.now
        due, every, left = datetime.fromisoformat(data["due"]), data["every"], data["left"]
        while due <= now and left != 0:
            due = add_duration(due, every)
            left = None if left is None else left - 1
        data["left"] = left
        data["due"] = due.isoformat() if left != 0 else None
        self._happen(my_task)
        if left == 0:
            my_task.cancel()

    @staticmethod
    def _happen(my_task: Task) -> None:
        """What one cycle starts hangs on a task of its own, beside the one that goes on waiting: it is not
        withdrawn when that one is.
        """
        happened = my_task.parent._add_child(my_task.task_spec, TaskState.WAITING)
        happened.triggered = True
        happened._set_state(TaskState.COMPLETED)
        for output in my_task.task_spec.outputs:
            if output.name.endswith(".BoundaryEventJoin"):
                continue
            child = happened._add_child(output, TaskState.FUTURE)
            child.triggered = True
            child.task_spec._predict(child, mask=TaskState.NOT_FINISHED_MASK)
            child.task_spec._update(child)
        my_task.workflow.top_workflow.record(happened)
