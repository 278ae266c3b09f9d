"""Many at one instance, several workers, a clock that jumps, a worker that dies: each act happens once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.db import Database
from engine.db.uow import ATTEMPTS, PATIENCE
from engine.errors import Collision
from engine.instances.commands import lock
from engine.types import Actor
from tests.engine.drawing import Drawing, instances
from tests.engine.playing import Stage


def ticking(cases: int, stage: Stage) -> list[str]:
    """Cases that each wait for one timer."""
    drawing = Drawing().start().timer("tick", "Duration", "P1D").service("ring").end()
    stage.release(drawing.path("start tick ring end"))
    return [stage.start() for _ in range(cases)]


def fired(stage: Stage, cases: list[str]) -> list[int]:
    """How often each case's timer fired, by its path and by its audit chain."""
    found = []
    with stage.database.reading() as connection:
        for case in cases:
            events = [entry.event for entry in stage.engine.audit.entries(connection, case)]
            count = stage.engine.instances.path(connection, case).completed.get("tick", 0)
            assert sum("timer" in event for event in events) == count
            found.append(count)
    return found


def together(number: int, act: Callable[[int], Any]) -> None:
    """Let so many threads act at the same moment; whatever one of them raises is raised here."""
    barrier, errors = threading.Barrier(number), []

    def run(which: int) -> None:
        try:
            barrier.wait(30)
            act(which)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(which,)) for which in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_four_workers_fire_each_timer_once(stage: Stage) -> None:
    cases = ticking(20, stage)
    stage.clock.advance(days=2)
    done = [0] * 4
    engines = [stage.engine for _ in range(4)]

    def work(which: int) -> None:
        done[which] = engines[which].worker.run_until_idle()

    together(4, work)
    while stage.sweep():
        done[0] += 1
    assert fired(stage, cases) == [1] * len(cases)
    assert stage.faults() == []


def test_a_clock_that_goes_back_fires_nothing_twice_and_nothing_early(stage: Stage) -> None:
    cases = ticking(2, stage)
    stage.clock.advance(days=2)
    assert stage.sweep() == 2
    stage.clock.time -= timedelta(days=5)
    stage.start()
    assert stage.sweep() == 0
    stage.clock.time += timedelta(days=400)
    assert stage.sweep() == 1
    assert stage.sweep() == 0
    assert fired(stage, cases) == [1, 1]
    assert stage.faults() == []


def test_a_worker_that_dies_before_its_commit_leaves_the_timer_to_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = ticking(1, stage)
    stage.clock.advance(days=2)

    class Killed(BaseException):
        """The end of the process."""

    def die(*arguments: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("engine.timers.commands.write", die)
        with pytest.raises(Killed):
            stage.sweep()
    assert fired(stage, cases) == [0]
    assert stage.sweep() == 1
    assert fired(stage, cases) == [1]


@pytest.mark.postgresql
def test_a_worker_passes_by_a_case_that_somebody_works_on(postgres_url: str) -> None:
    stage = Stage(postgres_url)
    cases = ticking(2, stage)
    stage.clock.advance(days=2)
    with stage.database.unit_of_work() as uow:
        lock(uow, cases[0])
        assert stage.sweep() == 1
    assert fired(stage, cases) == [0, 1]
    assert stage.sweep() == 1
    assert fired(stage, cases) == [1, 1]
    stage.close()


def test_many_at_one_case_all_come_through(stage: Stage) -> None:
    """Thirty people at one case's thirty tasks: more than a command is tried without a lock."""
    many = 30
    drawing = Drawing().start().user("work", inner=instances("start.items")).end().path("start work end")
    stage.release(drawing)
    stage.start(items=[f"item {number}" for number in range(many)])
    stage.directory.holders["cio"] = [f"c{number}" for number in range(many)]
    open_tasks, engine = stage.open_tasks(), stage.engine

    def complete(which: int) -> None:
        task = open_tasks[which]
        engine.tasks.complete(
            Actor(f"c{which}"), task.id, revision=1, token=f"all-at-once-{which}", answers={"n": which}
        )

    together(many, complete)
    assert stage.open == []
    assert stage.instance.state == "completed"
    assert stage.faults() == []


def test_a_command_that_keeps_losing_asks_for_the_lock(sqlite_url: str) -> None:
    tried: list[str] = []

    def lose() -> str:
        tried.append("without")
        raise Collision

    def win() -> str:
        tried.append("locked")
        return "done"

    database = Database(sqlite_url)
    assert database.retrying(lose, win) == "done"
    assert tried == ["without"] * PATIENCE + ["locked"]
    tried.clear()
    with pytest.raises(Collision):
        database.retrying(lose)
    assert len(tried) == ATTEMPTS
    database.dispose()
