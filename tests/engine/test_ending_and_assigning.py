"""Cancelling cases, giving tasks to people, reminding of due times, inboxes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.event import listen

from engine.errors import AnswersRefused, Conflict, NotEntitled, NotFound
from engine.outbox import undelivered
from engine.testing import START
from engine.types import Actor
from tests.engine.drawing import Drawing
from tests.engine.playing import Stage

ADMIN = Actor("admin")


def two_at_once(**attributes: str) -> Drawing:
    drawing = (
        Drawing().start().parallel("split", "join").user("one", **attributes).user("two", role="ciso").end()
    )
    return drawing.path("start split one join end", "split two join")


def test_a_cancelled_case_leaves_nothing_waiting(alone: Stage) -> None:
    drawing = two_at_once().boundary("late", "two", "Duration", "P7D").end("over").path("late over")
    alone.release(drawing)
    alone.start()
    alone.do("one", "carla", n=1)
    task = alone.task("two")
    alone.engine.instances.cancel(ADMIN, alone.instance_id, " Raised twice ")
    assert alone.instance.state == "cancelled"
    assert (alone.instance.outcome, alone.instance.ended_at) == (None, START)
    assert (alone.open, alone.timers) == ([], [])
    with pytest.raises(Conflict, match="no longer needed"):
        alone.engine.tasks.complete(
            Actor("igor"), task.id, revision=task.revision, token=alone.token(), answers={}
        )
    alone.clock.advance(days=9)
    assert alone.sweep() == 0
    entries = alone.read(lambda c: alone.engine.audit.entries(c, alone.instance_id))
    cancelled = [e for e in entries if e.event == "instance:cancelled"]
    assert [(e.actor, e.payload["reason"]) for e in cancelled if e.payload] == [("admin", "Raised twice")]
    assert alone.faults() == []
    with pytest.raises(Conflict, match="has ended"):
        alone.engine.instances.cancel(ADMIN, alone.instance_id, "Again")


def test_cancelling_needs_a_reason_and_a_case(stage: Stage) -> None:
    stage.release(two_at_once())
    stage.start()
    with pytest.raises(AnswersRefused):
        stage.engine.instances.cancel(ADMIN, stage.instance_id, "  ")
    with pytest.raises(NotFound):
        stage.engine.instances.cancel(ADMIN, "0" * 32, "Gone")
    assert stage.open == ["one", "two"]


def test_a_cancelled_cases_blind_position_stays_sealed(stage: Stage) -> None:
    drawing = Drawing().start().parallel("split", "join").user("one", parley_blind="b").end()
    drawing.user("two", role="ciso", parley_blind="b").path("start split one join end", "split two join")
    stage.release(drawing)
    stage.start()
    stage.do("one", "carla", say="secret")
    stage.engine.instances.cancel(ADMIN, stage.instance_id, "No longer asked")
    assert stage.answers("one") == [{}]


def test_a_claimed_task_is_for_the_one_who_claimed_it(stage: Stage) -> None:
    stage.directory.holders["cio"] = ["carla", "clara"]
    stage.release(two_at_once())
    stage.start()
    task = stage.task("one")
    claimed = stage.engine.tasks.assign(Actor("clara"), task.id, revision=task.revision, to="clara")
    assert (claimed.assignee, claimed.revision) == ("clara", task.revision + 1)
    with pytest.raises(NotEntitled):
        stage.do("one", "carla")
    with pytest.raises(Conflict, match="reload the page"):
        stage.engine.tasks.assign(Actor("carla"), task.id, revision=task.revision, to="carla")
    stage.engine.tasks.release(Actor("clara"), task.id, revision=claimed.revision)
    stage.do("one", "carla")
    assert stage.open == ["two"]


def test_nobody_is_given_a_task_that_is_not_theirs_to_do(stage: Stage) -> None:
    stage.release(two_at_once())
    stage.start()
    task = stage.task("one")
    for by, to in (("carla", "igor"), ("igor", "igor"), ("igor", "carla")):
        with pytest.raises(NotEntitled):
            stage.engine.tasks.assign(Actor(by), task.id, revision=task.revision, to=to)
    assert stage.task("one").assignee is None


def test_a_reminder_before_and_a_note_after_the_due_time_each_once(alone: Stage) -> None:
    alone.release(two_at_once(parley_due="P5D", parley_remind="P1D"))
    alone.start()
    for days, told in ((3, []), (1, ["task:reminded"]), (0.5, []), (0.5, ["task:overdue"]), (9, [])):
        alone.clock.advance(days=days)
        before = len(alone.read(undelivered))
        assert alone.sweep() == len(told)
        assert alone.sweep() == 0
        assert [row.topic for row in alone.read(undelivered)][before:] == told
    assert alone.open == ["one", "two"]
    assert alone.faults() == []


def test_who_was_in_time_is_not_reminded(alone: Stage) -> None:
    alone.release(two_at_once(parley_due="P5D", parley_remind="P1D"))
    alone.start()
    alone.do("one", "carla")
    alone.clock.advance(days=9)
    assert alone.sweep() == 0
    assert alone.read(alone.engine.worker.next_due) is None


def test_who_asks_what_is_due_next_is_told_of_reminders_and_due_tasks_too(alone: Stage) -> None:
    """Whoever moves from one such moment to the next does everything at its time, and nothing late."""
    drawing = two_at_once(parley_due="P5D", parley_remind="P1D").boundary("late", "two", "Duration", "P9D")
    alone.release(drawing.end("gone").path("late gone"))
    assert alone.read(alone.engine.worker.next_due) is None
    alone.start()
    for days, what in ((4, "task:reminded"), (5, "task:overdue"), (9, "timer:fired")):
        due = alone.read(alone.engine.worker.next_due)
        assert due == START + timedelta(days=days), what
        alone.clock.time = due
        assert alone.engine.worker.run_until_idle() == 1
    assert alone.read(alone.engine.worker.next_due) is None


def test_what_is_to_be_reminded_of_is_found_by_index(sqlite_url: str) -> None:
    stage = Stage(sqlite_url)
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        asked.append((statement, values))

    listen(stage.database.engine, "before_cursor_execute", note)
    stage.sweep()
    stage.read(stage.engine.worker.next_due)
    with stage.database.engine.connect() as connection:
        for key, index in (("remind_key", "ix_tasks_remind"), ("due_key", "ix_tasks_overdue")):
            found = [each for each in asked if f"tasks.{key}" in each[0]]
            assert len(found) == 2
            for statement, values in found:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
                assert index in str(plan)
    stage.close()


def test_an_inbox_comes_by_due_time_in_pages_without_gaps(alone: Stage) -> None:
    drawing = Drawing().start().user("one", parley_due="start.due").end().path("start one end")
    alone.release(drawing)
    for number in range(7):
        alone.start(due=f"P{7 - number % 4}D")
    seen, after = [], None
    while True:
        page = alone.read(
            lambda c, after=after: alone.engine.tasks.inbox(c, ["cio"], "carla", limit=2, after=after)
        )
        if not page:
            break
        seen += page
        after = (page[-1].due_at, page[-1].id)
    assert len({task.id for task in seen}) == 7
    assert [task.due_at for task in seen] == sorted(task.due_at for task in seen if task.due_at)
    assert seen[0].due_at == START + timedelta(days=4)
    assert alone.read(lambda c: alone.engine.tasks.inbox(c, ["ciso"], "igor")) == []
    assert alone.read(lambda c: alone.engine.tasks.inbox(c, [], "carla")) == []
