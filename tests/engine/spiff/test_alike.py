"""Of a vote's ballots those are made that somebody asks for; what comes of it is the same as if all were."""

from __future__ import annotations

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.alike import Alike, standing
from engine.spiff.run import Running
from tests.engine.golden_cases import GOLDEN
from tests.engine.running import Run, compiled

SEATS = [f"s{number}" for number in range(40)]


def begun() -> Run:
    case = Run(compiled(GOLDEN["vote"].drawing()), seats=SEATS)
    case.complete("vote", choice="no")
    return case


def asked(case: Run) -> Running:
    """The case restored, and every ballot asked for."""
    running = case._running()
    assert all(type(task) is Task for task in running._workflow.all_tasks())
    return running


def test_a_vote_makes_the_ballot_that_is_cast_and_stores_what_it_would_of_all() -> None:
    case = begun()
    running, ballot = case._running(), case.tasks[7]
    stored = running.complete(ballot.id, {"choice": "yes"}).state
    there = standing(running._workflow.tasks)
    assert sum(type(each) is Alike for each in there) == len(SEATS) - 2
    assert stored == asked(case).complete(ballot.id, {"choice": "yes"}).state


def test_a_vote_that_is_broken_off_withdraws_every_ballot_in_its_order() -> None:
    case = begun()
    (timer,) = case.timers
    withdrawn = [task.id for task in case.tasks]
    for running in (case._running(), asked(case)):
        outcome = running.fire(timer.id)
        assert outcome.withdrawn == withdrawn
        assert [task.element.id for task in outcome.opened] == ["decide"]
        assert all(type(task) is Task for task in standing(running._workflow.tasks))


def test_whoever_asks_the_table_gets_tasks() -> None:
    workflow = begun()._running()._workflow
    (row,) = {each for each in standing(workflow.tasks) if type(each) is Alike}
    first, second, *_ = (each for each in row.parent.children if each.task_spec is row.task_spec)
    assert (first.data, first.internal_data) == ({"item": "s1"}, {"item": "s1", "index": 1})
    assert workflow.tasks[first.id] is workflow.tasks.get(first.id) is first
    assert first.parent is row.parent
    assert workflow.get_next_task(row.parent, state=TaskState.READY) is first
    assert second in workflow.get_tasks(state=TaskState.READY)
    assert [task.data["item"] for task in workflow.tasks.values() if "item" in task.data] == SEATS[1:]
    assert workflow.tasks.get("no such task") is None
