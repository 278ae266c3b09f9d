"""A case moves only where the new version has all that it stands at; nothing stale is ever left to be run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.moving.types import MoveItem
from engine.testing import START
from engine.types import Actor
from tests.engine.drawing import Drawing, instances
from tests.engine.playing import Stage

BY = Actor("governor")


def row(*steps: str, **due: str) -> Drawing:
    """Start, user tasks one after the other, end."""
    drawing = Drawing().start()
    for step in steps:
        drawing.user(step, parley_due=due.get(step))
    return drawing.end().path(" ".join(("start", *steps, "end")))


def moved(stage: Stage, drawing: Drawing, *, restart: bool = False) -> MoveItem:
    """Release another version under the same key, and move the one open case to it."""
    stage.release(drawing, key=stage.key)
    latest = stage.read(lambda c: stage.engine.definitions.latest(c, stage.key))
    plan = stage.engine.moving.plan(BY, stage.key, latest.hash, reason="better", restart_timers=restart)
    assert [each.instance_id for each in plan.items] == [stage.instance_id]
    [item] = stage.engine.moving.carry_out(BY, plan.id).items
    assert (stage.instance.version_hash == latest.hash) == (item.state == "moved")
    return item


def test_a_case_whose_task_the_new_version_lacks_stays_with_its_task(fresh: Stage) -> None:
    fresh.release(row("approve", "review"))
    fresh.start()
    before = fresh.instance.version_hash
    item = moved(fresh, row("review"))
    assert (item.kind, item.state) == ("cannot", "stayed")
    assert item.sentence == "The case stands at “approve”; the new version no longer has it."
    assert fresh.instance.version_hash == before
    fresh.do("approve", "carla")
    assert fresh.open == ["review"], "it goes on as its own version has it"
    fresh.do("review", "carla")
    assert fresh.instance.state == "completed"


def test_what_was_only_foreseen_is_foreseen_anew(fresh: Stage) -> None:
    """The library keeps tasks it predicted under the old version, and would run the deleted ones."""
    fresh.release(row("approve", "review", "publish"))
    fresh.start()
    assert moved(fresh, row("approve", "sign")).state == "moved"
    fresh.do("approve", "carla")
    assert fresh.open == ["sign"]
    fresh.do("sign", "carla")
    assert fresh.instance.state == "completed"
    assert fresh.path.completed.keys() == {"start", "approve", "sign", "end"}


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (
            Drawing().start().service("approve").end().path("start approve end"),
            "“approve” is another kind of element there.",
        ),
        (
            Drawing()
            .start()
            .sub(
                "part",
                Drawing().start("begun", form=None).user("approve").end("done").path("begun approve done"),
            )
            .end()
            .path("start part end"),
            "The case stands at “approve”; the new version no longer has it.",
        ),
    ],
    ids=["another kind", "moved into a subprocess"],
)
def test_an_element_that_is_another_there_keeps_the_case(fresh: Stage, other: Drawing, sentence: str) -> None:
    fresh.release(row("approve", "review"))
    fresh.start()
    item = moved(fresh, other)
    assert (item.state, item.sentence) == ("stayed", sentence)
    assert fresh.open == ["approve"]


def waiting(text: str) -> Drawing:
    """A task with a timer on it."""
    drawing = row("approve").boundary("late", "approve", "Duration", text)
    return drawing.end("gone").path("late gone")


@pytest.mark.parametrize(("restart", "days"), [(False, 9), (True, 3)])
def test_a_timer_under_way_is_kept_or_begins_anew(fresh: Stage, restart: bool, days: int) -> None:
    fresh.release(waiting("P9D"))
    fresh.start()
    item = moved(fresh, waiting("P3D"), restart=restart)
    assert (item.state, item.changes) == ("moved", ("“late” waits for P3D instead of P9D.",))
    assert [t.due_at - START for t in fresh.timers] == [timedelta(days=days)]


def test_a_timer_under_way_that_the_new_version_lacks_keeps_the_case(fresh: Stage) -> None:
    fresh.release(waiting("P9D"))
    fresh.start()
    item = moved(fresh, row("approve"))
    assert item.state == "stayed"
    assert item.sentence.endswith("“approve”; the new version no longer has an event attached to it.")
    assert [t.element_id for t in fresh.timers] == ["late"]


def test_a_join_that_counts_other_branches_keeps_the_case(fresh: Stage) -> None:
    def branches(*more: str) -> Drawing:
        drawing = Drawing().start().parallel("split", "join").user("one").user("two").end()
        for each in more:
            drawing.user(each).path(f"split {each} join")
        return drawing.path("start split one join end", "split two join")

    fresh.release(branches())
    fresh.start()
    fresh.do("one", "carla")
    item = moved(fresh, branches("three"))
    assert (item.state, item.sentence) == ("stayed", "It waits at “join”, where other branches meet now.")
    fresh.do("two", "carla")
    assert fresh.instance.state == "completed"


def choice(*events: str) -> Drawing:
    """An event-based gateway before timers."""
    drawing = Drawing().start().node("eventBasedGateway", "which").path("start which")
    for days, event in enumerate(events, start=1):
        drawing.timer(event, "Duration", f"P{days}D").end(f"after_{event}").path(
            f"which {event} after_{event}"
        )
    return drawing


def test_an_event_that_is_drawn_where_the_case_stands_comes_too_late_for_it(fresh: Stage) -> None:
    """The library would fail over the task for good, or wait for nothing without a word."""
    fresh.release(row("before", "approve"))
    late = (
        row("before", "approve").boundary("late", "approve", "Duration", "P9D").end("gone").path("late gone")
    )
    fresh.start()
    assert moved(fresh, late).state == "moved", "before it comes there, all is well"
    fresh.do("before", "carla")
    assert [t.element_id for t in fresh.timers] == ["late"]
    later = late.boundary("later", "approve", "Duration", "P99D").path("later gone")
    item = moved(fresh, later)
    assert item.state == "stayed"
    assert item.sentence == (
        "It stands at “approve” already; there, “later” would begin with it, and come too late for this case."
    )
    fresh.release(row("approve"))
    fresh.start()
    assert "“late” would begin with it" in moved(fresh, waiting("P9D")).sentence
    fresh.do("approve", "carla")
    assert fresh.instance.state == "completed"


def test_one_more_event_to_choose_from_comes_too_late(fresh: Stage) -> None:
    fresh.release(choice("one", "two"))
    fresh.start()
    item = moved(fresh, choice("one", "two", "three"))
    assert (item.state, "“three” would begin with it" in item.sentence) == ("stayed", True)
    assert len(fresh.timers) == 2


def test_a_branch_that_begins_where_the_case_has_been_keeps_it(fresh: Stage) -> None:
    """Its join would wait for a branch that nothing begins any more."""

    def branches(*more: str, back: bool = False) -> Drawing:
        drawing = Drawing().start().user("zero").parallel("split", "join").user("one").user("two").end()
        drawing.path("start zero")
        for each in more:
            drawing.user(each).path(f"split {each} join")
        if not back:
            return drawing.path("zero split one join end", "split two join")
        drawing.exclusive("merge", "more").path("zero merge split one join more", "split two join")
        return drawing.when("more", "merge", "one.again").default("more", "end")

    fresh.release(branches())
    fresh.start()
    assert moved(fresh, branches("three")).state == "moved", "before it comes to the gateway, all is well"
    fresh.do("zero", "carla")
    assert fresh.open == ["one", "three", "two"]
    item = moved(fresh, branches("three", "four"))
    assert item.sentence == "“join” waits there for “four”, to which this case can come no more."
    item = moved(fresh, branches("three", "four", back=True))
    assert item.state == "stayed", "a later round does not help this one"
    for each in ("one", "two", "three"):
        fresh.do(each, "carla")
    assert fresh.instance.state == "completed"


def test_the_plan_says_what_changes_for_whom(fresh: Stage) -> None:
    seats = instances("start.seats", vote='field="choice" quorum="2" majority="half" close="{}"')

    def ballot(role: str, close: str, due: str) -> Drawing:
        inner = seats.replace("{}", close)
        drawing = (
            Drawing().start().user("vote", role=role, inner=inner, parley_performer="seat", parley_due=due)
        )
        return drawing.end().path("start vote end")

    fresh.directory.seats = {"a": "carla", "b": "igor"}
    fresh.release(ballot("cio", "all", "P5D"))
    fresh.start(seats=["a", "b"])
    item = moved(fresh, ballot("ciso", "due", "P7D"))
    assert item.changes == (
        "“vote” is due by P7D instead of P5D.",
        "“vote” is voted on by other rules: a quorum of 2, a majority of more than half, closed when it is "
        "due instead of a quorum of 2, a majority of more than half, closed when all are in.",
    )
    assert [t.element_id for t in fresh.timers] == ["vote"]


def test_a_moved_case_says_so_in_its_record(fresh: Stage) -> None:
    fresh.release(row("approve"))
    fresh.start()
    before = fresh.instance.version_hash
    moved(fresh, row("approve", "review"))
    entries = fresh.read(lambda c: fresh.engine.audit.entries(c, fresh.instance_id))
    [entry] = [each for each in entries if each.event == "instance:moved"]
    assert entry.actor == "governor"
    assert entry.payload is not None
    assert (entry.payload["from"], entry.payload["to"]) == (before, fresh.instance.version_hash)
    assert fresh.faults() == []
