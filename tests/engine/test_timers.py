"""Timers are rows: each fires once, at its time by the Clock, whoever sweeps and however often."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from engine import Engine
from engine.db import Database
from engine.instances.models import instances
from engine.testing import START
from engine.timers.models import timers
from tests.engine.drawing import Drawing
from tests.engine.playing import Stage


def waiting(kind: str = "Duration", text: str = "P3D") -> Drawing:
    drawing = Drawing().start().user("one").timer("wait", kind, text).user("after").end()
    return drawing.path("start one wait after end")


def bounded(text: str, *, kind: str = "Duration", interrupting: bool = True) -> Drawing:
    drawing = Drawing().start().user("one").boundary("late", "one", kind, text, interrupting=interrupting)
    drawing.user("remind", role="ciso").end().end("reminded")
    return drawing.path("start one end", "late remind reminded")


def fired(stage: Stage) -> list[tuple[str, datetime]]:
    """Elements of the timers that fired, and when, in the journal's order."""
    rows = stage.read(lambda c: stage.engine.instances.journal(c, stage.instance_id))
    return [(row.element_id or "", row.at) for row in rows if row.kind == "timer"]


def test_a_timer_is_a_row_with_its_time(alone: Stage) -> None:
    alone.release(waiting())
    alone.start()
    assert alone.timers == []
    alone.do("one", "carla")
    assert [(t.element_id, t.due_at) for t in alone.timers] == [("wait", START + timedelta(days=3))]
    assert alone.path.waiting == ("wait",)
    alone.clock.advance(days=2, hours=23, minutes=59)
    assert alone.sweep() == 0
    alone.clock.advance(minutes=1)
    assert alone.sweep() == 1
    assert alone.open == ["after"]
    assert alone.timers == []
    assert alone.sweep() == 0
    assert fired(alone) == [("wait", START + timedelta(days=3))]
    row = alone.rows(timers)[0]
    assert (row["state"], row["settled_at"]) == ("settled", START + timedelta(days=3))
    assert alone.faults() == []


def test_a_timer_that_is_not_due_does_not_fire_when_asked(alone: Stage) -> None:
    alone.release(waiting())
    alone.start()
    alone.do("one", "carla")
    timer = alone.timers[0].id
    assert alone.engine.timers.fire(timer) is False
    assert alone.engine.timers.fire("no such timer") is False
    alone.clock.advance(days=3)
    assert alone.engine.timers.fire(timer) is True
    assert alone.engine.timers.fire(timer) is False


def test_a_clock_that_goes_back_fires_nothing_again(alone: Stage) -> None:
    alone.release(waiting())
    alone.start()
    alone.do("one", "carla")
    alone.clock.advance(days=4)
    assert alone.sweep() == 1
    alone.clock.advance(days=-4)
    assert alone.sweep() == 0
    assert [t for t, _ in fired(alone)] == ["wait"]


@pytest.mark.parametrize(
    ("kind", "text", "days"),
    [
        ("Date", "2026-03-12T09:00:00Z", 10),
        ("Date", "start.until", 10),
        ("Duration", "start.period", 10),
        ("Duration", 'if start.urgent then duration("P1D") else duration("P10D")', 10),
        ("Duration", "P1W3D", 10),
        ("Duration", "P1M", 31),
    ],
)
def test_dates_durations_and_feel(stage: Stage, kind: str, text: str, days: int) -> None:
    stage.release(waiting(kind, text))
    stage.start(until=datetime(2026, 3, 12, 9, 0, tzinfo=UTC), period="P10D", urgent=False)
    stage.do("one", "carla")
    assert [t.due_at for t in stage.timers] == [START + timedelta(days=days)]


def test_a_time_that_has_passed_is_due_at_once(alone: Stage) -> None:
    alone.release(waiting("Date", "2020-01-01T00:00:00Z"))
    alone.start()
    alone.do("one", "carla")
    assert alone.sweep() == 1
    assert alone.open == ["after"]


def test_an_interrupting_boundary_timer_withdraws_its_task(alone: Stage) -> None:
    alone.release(bounded("P7D"))
    alone.start()
    assert [t.element_id for t in alone.timers] == ["late"]
    alone.clock.advance(days=7)
    assert alone.sweep() == 1
    assert alone.open == ["remind"]
    states = {
        t.element_id: t.state
        for t in alone.read(lambda c: alone.engine.tasks.of_instance(c, alone.instance_id))
    }
    assert states == {"one": "withdrawn", "remind": "open"}
    events = [e.event for e in alone.read(lambda c: alone.engine.audit.entries(c, alone.instance_id))]
    assert "task:withdrawn" in events
    alone.do("remind", "igor")
    assert alone.instance.state == "completed"
    assert alone.path.completed.get("one") is None
    assert alone.path.completed["late"] == 1
    assert alone.path.flows["late_to_remind"] == 1


def test_a_boundary_timer_is_settled_when_its_task_is_done_in_time(alone: Stage) -> None:
    alone.release(bounded("P7D"))
    alone.start()
    alone.do("one", "carla")
    assert alone.instance.state == "completed"
    assert [row["state"] for row in alone.rows(timers)] == ["settled"]
    alone.clock.advance(days=8)
    assert alone.sweep() == 0


def test_a_boundary_timer_that_does_not_interrupt_leaves_the_task_open(alone: Stage) -> None:
    alone.release(bounded("P7D", interrupting=False))
    alone.start()
    alone.clock.advance(days=7)
    assert alone.sweep() == 1
    assert alone.open == ["one", "remind"]
    assert alone.timers == []
    alone.do("one", "carla")
    assert alone.instance.state == "running"
    alone.do("remind", "igor")
    assert alone.instance.state == "completed"


def test_a_cycle_fires_as_often_as_it_says(alone: Stage) -> None:
    alone.release(bounded("R3/PT10H", kind="Cycle", interrupting=False))
    alone.start()
    for count in (1, 2, 3):
        assert [t.due_at for t in alone.timers] == [START + timedelta(hours=10 * count)]
        alone.clock.advance(hours=9, minutes=59)
        assert alone.sweep() == 0
        alone.clock.advance(minutes=1)
        assert alone.sweep() == 1
        assert alone.open == ["one"] + ["remind"] * count
    assert alone.timers == []
    alone.clock.advance(days=9)
    assert alone.sweep() == 0
    for _ in range(3):
        alone.do("remind", "igor")
    alone.do("one", "carla")
    assert alone.instance.state == "completed"
    assert alone.path.completed["remind"] == 3
    assert len({row["id"] for row in alone.rows(timers)}) == 3
    assert alone.faults() == []


def test_cycles_that_were_missed_collapse_into_one(alone: Stage) -> None:
    alone.release(bounded("R5/PT10H", kind="Cycle", interrupting=False))
    alone.start()
    alone.clock.advance(hours=35)
    assert alone.sweep() == 1
    assert alone.open == ["one", "remind"]
    # Three of the five times have passed; the next one keeps its place.
    assert [t.due_at for t in alone.timers] == [START + timedelta(hours=40)]
    alone.clock.advance(hours=100)
    assert alone.sweep() == 1
    assert alone.timers == []
    assert alone.open == ["one", "remind", "remind"]


def test_a_cycle_without_end_goes_on_and_stops_with_its_task(alone: Stage) -> None:
    alone.release(bounded("R/P1D", kind="Cycle", interrupting=False))
    alone.start()
    for _ in range(6):
        alone.clock.advance(days=1)
        assert alone.sweep() == 1
    assert alone.open == ["one"] + ["remind"] * 6
    alone.do("one", "carla")
    assert alone.timers == []
    alone.clock.advance(days=9)
    assert alone.sweep() == 0
    for _ in range(6):
        alone.do("remind", "igor")
    assert alone.instance.state == "completed"


def test_a_cycle_years_late_does_not_hold_up_the_sweep(alone: Stage) -> None:
    alone.release(bounded("R/PT1H", kind="Cycle", interrupting=False))
    alone.start()
    alone.clock.advance(days=3 * 365)
    assert alone.sweep() == 1
    assert alone.open == ["one", "remind"]
    assert alone.timers[0].due_at == alone.clock.time + timedelta(hours=1)


def test_a_deadline_for_a_whole_phase(alone: Stage) -> None:
    phase = (
        Drawing("phase")
        .start("begun", form=None)
        .user("one")
        .user("two")
        .end("over")
        .path("begun one two over")
    )
    drawing = Drawing().start().sub("phase", phase).boundary("late", "phase", "Duration", "P7D")
    drawing.user("escalate", role="ciso").end()
    alone.release(drawing.path("start phase end", "late escalate end"))
    alone.start()
    alone.do("one", "carla")
    alone.clock.advance(days=7)
    assert alone.sweep() == 1
    assert alone.open == ["escalate"]
    assert alone.path.completed.get("two") is None


def test_a_task_has_its_due_time_without_a_timer(stage: Stage) -> None:
    stage.release(Drawing().start().user("one", parley_due="P5D").end().path("start one end"))
    stage.start()
    assert stage.task("one").due_at == START + timedelta(days=5)
    assert stage.timers == []


def many(stage: Stage, count: int) -> list[str]:
    stage.release(waiting())
    cases = []
    for _ in range(count):
        cases.append(stage.start())
        stage.do("one", "carla")
    return cases


def test_two_workers_at_once_fire_each_timer_once(alone: Stage) -> None:
    cases = many(alone, 12)
    alone.clock.advance(days=3)
    others = [Database(alone.url) for _ in range(2)]
    ports = {
        "clock": alone.clock,
        "directory": alone.directory,
        "forms": alone.forms,
        "operations": alone.operations,
    }
    workers = [Engine(database, **ports).worker for database in others]
    barrier = threading.Barrier(2)

    def sweep(worker: Any) -> int:
        barrier.wait()
        return int(worker.sweep())

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(sweep, workers))
    for database in others:
        database.dispose()
    assert sum(counts) == len(cases)
    for case in cases:
        alone.instance_id = case
        assert alone.open == ["after"]
        assert len(fired(alone)) == 1
    assert alone.faults() == []


def test_one_case_that_fails_does_not_stop_the_others(alone: Stage, caplog: pytest.LogCaptureFixture) -> None:
    cases = many(alone, 5)
    with alone.database.unit_of_work() as uow:
        # A state that nobody can read, in the case whose timer is the first.
        uow.connection.execute(
            update(instances).where(instances.c.id == cases[0]).values(engine_state=b"no state")
        )
        uow.connection.execute(
            update(timers).where(timers.c.instance_id == cases[0]).values(due_at=START + timedelta(days=1))
        )
    alone.clock.advance(days=3)
    assert alone.sweep() == 4
    assert "timer" in caplog.text
    assert cases[0] in caplog.text
    for case in cases[1:]:
        alone.instance_id = case
        assert alone.open == ["after"]
    alone.instance_id = cases[0]
    assert [t.element_id for t in alone.timers] == ["wait"]


def test_many_bad_cases_do_not_keep_the_good_ones_from_their_turn(alone: Stage) -> None:
    cases = many(alone, 6)
    with alone.database.unit_of_work() as uow:
        uow.connection.execute(
            update(instances).where(instances.c.id.in_(cases[:4])).values(engine_state=b"no state")
        )
        uow.connection.execute(
            update(timers).where(timers.c.instance_id.in_(cases[:4])).values(due_at=START + timedelta(days=1))
        )
    alone.clock.advance(days=3)
    for _ in range(4):
        alone.engine.worker.sweep(limit=3)
    fresh = [alone.read(lambda c, case=case: alone.engine.tasks.of_instance(c, case)) for case in cases[4:]]
    assert [[t.element_id for t in tasks if t.state == "open"] for tasks in fresh] == [["after"], ["after"]]


def test_the_next_timer_of_all(alone: Stage) -> None:
    assert alone.read(alone.engine.timers.next_due) is None
    many(alone, 2)
    assert alone.read(alone.engine.timers.next_due) == START + timedelta(days=3)
    due = alone.read(lambda c: alone.engine.timers.due(c, START + timedelta(days=3)))
    assert len(due) == 2
    assert alone.read(lambda c: alone.engine.timers.due(c, START + timedelta(days=2))) == []
    ids = alone.read(lambda c: c.execute(select(timers.c.id)).scalars().all())
    assert {timer.id for timer in due} == set(ids)
