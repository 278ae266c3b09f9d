"""Cases that go round hundreds of times: state, depth and the work of a step stay as they were."""

from __future__ import annotations

import sys

import orjson

from engine.spiff.fold import fold
from tests.engine.drawing import Drawing, instances
from tests.engine.playing import Stage
from tests.engine.running import Run, compiled

ROUNDS = 300


def rework() -> Drawing:
    """Two branches, a vote of sorts, a subprocess and a reminder in every round of rework."""
    inner = (
        Drawing("phase").start("begin", form=None).user("check").end("checked").path("begin check checked")
    )
    drawing = Drawing().start().exclusive("merge", "more").parallel("split", "join")
    drawing.user("a").user("b").user("each", inner=instances("start.people")).sub("phase", inner)
    drawing.user("decide").boundary("remind", "decide", "Cycle", "R/P1D", interrupting=False).user("nudge")
    drawing.end("nudged").end()
    drawing.path(
        "start merge split a join", "split b join", "join each phase decide more", "remind nudge nudged"
    )
    return drawing.when("more", "merge", "decide.again").default("more", "end")


def one_round(case: Run, number: int, *, again: bool) -> None:
    case.complete("a" if number % 2 else "b", n=number)
    case.complete("b" if number % 2 else "a", n=number)
    for _ in range(2):
        case.complete("each", n=number)
    case.complete("check", n=number)
    case.fire("remind")
    case.complete("nudge", n=number)
    case.complete("decide", again=again)


def rows(case: Run) -> list[list[object]]:
    found: list[list[object]] = orjson.loads(case.state)["tree"]["rows"]
    return found


def depth(case: Run) -> int:
    depths: list[int] = []
    for row in rows(case):
        parent = row[1]
        assert isinstance(parent, int)
        depths.append(0 if parent < 0 else depths[parent] + 1)
    return max(depths)


def test_after_three_hundred_rounds_the_state_is_as_small_and_flat_as_after_three() -> None:
    case = Run(compiled(rework()), people=["x", "y"])
    sizes, depths, tasks = {}, {}, {}
    for number in range(1, ROUNDS + 1):
        one_round(case, number, again=True)
        sizes[number], depths[number], tasks[number] = len(case.state), depth(case), len(rows(case))
    assert not case.ended
    assert case.completed["decide"] == ROUNDS
    assert set(list(depths.values())[2:]) == {depths[3]}
    assert set(list(tasks.values())[2:]) == {tasks[3]}
    # Only the numbers in it grow: 3, 30, 300.
    assert sizes[ROUNDS] <= sizes[3] + 60
    assert sizes[ROUNDS] < 4_000
    assert depths[ROUNDS] < sys.getrecursionlimit() / 20
    one_round(case, ROUNDS + 1, again=False)
    assert case.ended
    assert case.troubles == []


def test_rounds_that_follow_one_another_without_a_pause_stay_flat_too() -> None:
    drawing = Drawing().start().exclusive("merge", "more").parallel("split", "join").user("a").user("b").end()
    drawing.boundary("remind", "a", "Cycle", "R/P1D", interrupting=False).user("nudge").end("nudged")
    drawing.path("start merge split a join more", "split b join", "remind nudge nudged")
    drawing.when("more", "merge", "b.again").default("more", "end")
    case = Run(compiled(drawing))
    shapes = []
    for _ in range(60):
        case.fire("remind")
        case.complete("nudge")
        case.complete("a")
        case.complete("b", again=True)
        shapes.append((depth(case), len(rows(case))))
    assert set(shapes[2:]) == {shapes[2]}
    case.complete("b", again=False)
    case.complete("a")
    assert case.ended


def test_the_rounds_number_is_kept_though_the_past_is_folded() -> None:
    case = Run(compiled(rework()), people=["x"])
    for number in range(1, 4):
        assert {task.round for task in case.tasks} == {number}
        case.complete("a")
        case.complete("b")
        assert {task.round for task in case.tasks} == {number}
        case.complete("each")
        case.complete("check")
        case.complete("decide", again=True)


def test_folding_twice_changes_nothing_more() -> None:
    case = Run(compiled(rework()), people=["x", "y"])
    for number in range(1, 4):
        one_round(case, number, again=True)
    workflow = case._running()._workflow
    before = len(workflow.tasks)
    assert fold(workflow) == 0
    assert len(workflow.tasks) == before


def test_a_fork_that_stays_open_beside_a_branch_that_goes_round_stays_small() -> None:
    drawing = (
        Drawing()
        .start()
        .parallel("split", "join")
        .user("stays")
        .exclusive("merge", "more")
        .user("round")
        .end()
    )
    drawing.path("start split stays join end", "split merge round more")
    drawing.when("more", "merge", "round.again").default("more", "join")
    case = Run(compiled(drawing))
    sizes = []
    for _ in range(200):
        case.complete("round", again=True)
        sizes.append(len(case.state))
    assert max(sizes[2:]) - min(sizes[2:]) <= 8
    case.complete("round", again=False)
    assert case.open == ["stays"]
    case.complete("stays")
    assert case.ended


def test_a_join_that_has_waited_through_many_rounds_beside_it_still_counts_what_came_first() -> None:
    drawing = (
        Drawing().start().parallel("split", "join").user("early").exclusive("merge", "more").user("round")
    )
    drawing.user("after").end().path("start split early join after end", "split merge round more")
    drawing.when("more", "merge", "round.again").default("more", "join")
    case = Run(compiled(drawing))
    case.complete("early")
    for _ in range(100):
        case.complete("round", again=True)
    case.complete("round", again=False)
    assert case.open == ["after"]


def test_a_case_of_forty_rounds_on_the_database_is_whole(stage: Stage) -> None:
    drawing = Drawing().start().exclusive("merge", "more").user("decide").user("respond", role="ciso").end()
    drawing.path("start merge decide respond more").when("more", "merge", "respond.again").default(
        "more", "end"
    )
    stage.release(drawing)
    stage.start()
    for number in range(40):
        stage.do("decide", "carla", n=number)
        stage.do("respond", "igor", again=number < 39)
    assert stage.instance.state == "completed"
    assert stage.path.completed["decide"] == 40
    rounds = stage.read(lambda c: stage.engine.tasks.of_instance(c, stage.instance_id))
    assert max(task.round for task in rounds) == 40
