"""BPMN's constructs one by one, on both databases, each act with an engine of its own."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine.testing import START
from tests.engine.drawing import Drawing, again, extended
from tests.engine.playing import Stage
from tests.engine.running import Run, compiled


def test_a_parallel_join_waits_in_every_round_and_loses_no_answer(fresh: Stage) -> None:
    drawing = again("decide").parallel("split", "join").user("a").user("b").user("c")
    drawing.path("merge split a join decide", "split b join", "split c join")
    fresh.release(drawing)
    fresh.start()
    for number, order in enumerate(("abc", "cba", "bca"), start=1):
        assert fresh.open == ["a", "b", "c"]
        for count, element in enumerate(order, start=1):
            assert fresh.task(element).round == number
            fresh.do(element, "carla", n=number, shared=element)
            assert len(fresh.open) == (3 - count or 1)
        assert fresh.open == ["decide"]
        # Each branch answers under its own name: the join overwrites nothing.
        assert {e: fresh.data[e] for e in order} == {e: {"n": number, "shared": e} for e in order}
        fresh.do("decide", "carla", again=number < 3)
    assert fresh.instance.state == "completed"
    assert [answer["n"] for answer in fresh.answers("b")] == [1, 2, 3]
    assert fresh.path.completed["join"] == 3
    assert fresh.path.flows["b_to_join"] == 3


def test_a_join_in_a_loop_that_comes_round_within_one_act_waits_all_the_same(fresh: Stage) -> None:
    drawing = Drawing().start().exclusive("merge", "which", "met", "more").parallel("split", "join")
    drawing.user("a").user("b").user("last").end()
    # In the first round somebody acts in both branches, in the second only in one.
    drawing.path("start merge split which", "split b join", "a met join more", "last end")
    drawing.when("which", "a", "a = null").default("which", "met")
    drawing.when("more", "merge", "count(b_rounds) < 2").default("more", "last")
    fresh.release(drawing)
    fresh.start()
    fresh.do("b", "carla", n=1)
    fresh.do("a", "carla", n=1)
    assert fresh.open == ["b"], "the second round waits for the second answer"
    fresh.do("b", "carla", n=2)
    assert fresh.open == ["last"]


def test_a_case_that_can_never_go_on_says_so() -> None:
    # The release gate refuses this; should such a diagram ever run, it does not wait in silence.
    drawing = Drawing().start().user("one").user("left").user("right").end()
    drawing.exclusive("either").when("either", "left", "one.n = 1").parallel("join")
    drawing.path("start one either", "left join end", "right join")
    case = Run(compiled(drawing.default("either", "right")))
    case.complete("one", n=1)
    assert case.troubles == []
    case.complete("left")
    assert [(t.element_id, "cannot go on" in t.cause) for t in case.troubles] == [("join", True)]
    assert not case.ended


def test_two_tokens_on_one_flow_into_a_join_are_two_tokens(fresh: Stage) -> None:
    drawing = (
        Drawing().start().user("host").boundary("again", "host", "Cycle", "R2/P1D", interrupting=False).end()
    )
    drawing.parallel("split", "join").user("a").user("b").user("after").end("over")
    fresh.release(drawing.path("start host end", "again split a join after over", "split b join"))
    fresh.start()
    for day in (1, 2):
        fresh.clock.time = START + timedelta(days=day)
        assert fresh.engine.timers.fire(fresh.timers[0].id)
    fresh.do("a", "carla")
    fresh.do("a", "carla")
    assert fresh.open == ["b", "b", "host"]
    fresh.do("b", "carla")
    assert fresh.open == ["after", "b", "host"]
    fresh.do("after", "carla")
    fresh.do("b", "carla")
    fresh.do("host", "carla")
    assert fresh.open == ["after"]
    fresh.do("after", "carla")
    assert fresh.instance.state == "completed"
    assert fresh.path.completed["join"] == 2


@pytest.mark.parametrize(
    ("picked", "opened"),
    [(["x"], ["x"]), (["x", "y"], ["x", "y"]), (["x", "y", "z"], ["x", "y", "z"]), ([], ["rest"])],
)
def test_an_inclusive_gateway_takes_every_way_that_holds(
    fresh: Stage, picked: list[str], opened: list[str]
) -> None:
    drawing = again("decide").user("ask").inclusive("split", "join").user("rest")
    drawing.path("merge ask split", "rest join decide")
    for key in "xyz":
        drawing.user(key).when("split", key, f'list contains(ask.picked, "{key}")').path(f"{key} join")
    drawing.default("split", "rest")
    fresh.release(drawing)
    fresh.start()
    for again_ in (True, False):
        fresh.do("ask", "carla", picked=picked)
        assert fresh.open == opened
        for key in opened:
            assert fresh.path.completed.get("join", 0) == (0 if again_ else 1)
            fresh.do(key, "carla")
        assert fresh.open == ["decide"]
        fresh.do("decide", "carla", again=again_)
    assert fresh.instance.state == "completed"
    assert fresh.path.completed["join"] == 2


def test_an_embedded_subprocess_works_on_the_cases_data(fresh: Stage) -> None:
    inner = (
        Drawing("review")
        .start("begin", form=None)
        .user("check")
        .service("note", what="check.say")
        .end("checked")
    )
    drawing = (
        again("decide").sub("review", inner.path("begin check note checked")).path("merge review decide")
    )
    fresh.release(drawing)
    fresh.start(title="A risk")
    for number in (1, 2):
        fresh.do("check", "carla", say=number)
        assert fresh.data["check"] == {"say": number}
        assert fresh.data["note"] == {"what": number}
        fresh.do("decide", "carla", again=number < 2)
    assert fresh.instance.state == "completed"
    assert {k: fresh.path.completed[k] for k in ("review", "check", "note", "checked")} == dict.fromkeys(
        ("review", "check", "note", "checked"), 2
    )


def test_a_call_activitys_result_stands_under_its_id_and_nowhere_else(fresh: Stage) -> None:
    called = Drawing("hearing").start("opened", form=None).user("hear").user("minute").end("closed")
    called.path("opened hear minute closed")
    drawing = again("decide").parallel("both", "join").call("first", called)
    drawing.call("second", called).path("merge both first join decide", "both second join")
    drawing._others.pop()
    fresh.release(drawing)
    fresh.start()
    for number in (1, 2):
        assert fresh.open == ["hear", "hear"]
        for _ in range(2):
            fresh.do("hear", "carla", n=number)
        assert "hear" not in fresh.data
        for task in fresh.open_tasks():
            seen = fresh.read(lambda c, task=task: fresh.engine.tasks.data(c, task))
            assert seen["hear"] == {"n": number}
        for _ in range(2):
            fresh.do("minute", "carla", said=number)
        result = {"hear": {"n": number}, "minute": {"said": number}}
        assert (fresh.data["first"], fresh.data["second"]) == (result, result)
        fresh.do("decide", "carla", again=number < 2)
    assert fresh.instance.state == "completed"
    assert fresh.path.completed["first"] == 2


def test_a_terminate_end_withdraws_everything(fresh: Stage) -> None:
    drawing = Drawing().start().parallel("split").user("a").user("b").end("done").end("stop", terminate=True)
    drawing.timer("wait", "Duration", "P1D").path("split wait done", "start split a done", "split b stop")
    fresh.release(drawing)
    fresh.start()
    fresh.do("b", "carla")
    assert (fresh.instance.state, fresh.open, fresh.timers) == ("completed", [], [])
    assert fresh.instance.outcome == "stop"


def test_a_terminate_end_inside_a_subprocess_ends_that_alone(fresh: Stage) -> None:
    inner = Drawing("inner").start("begin", form=None).parallel("split").user("a").user("b").end("done")
    inner.end("stop", terminate=True).path("begin split a done", "split b stop")
    drawing = Drawing().start().sub("inner", inner).user("after").end().path("start inner after end")
    fresh.release(drawing)
    fresh.start()
    fresh.do("b", "carla")
    assert (fresh.instance.state, fresh.open) == ("running", ["after"])
    fresh.do("after", "carla")
    assert fresh.instance.state == "completed"


@pytest.mark.parametrize(("days", "taken"), [(1, "soon"), (5, "soon")])
def test_an_event_based_gateway_goes_the_way_of_the_first_event(fresh: Stage, days: int, taken: str) -> None:
    drawing = again("decide").node("eventBasedGateway", "first").timer("soon", "Duration", "P1D")
    drawing.timer("late", "Duration", "P3D").user("early").user("tardy").exclusive("met")
    drawing.path("merge first soon early met decide", "first late tardy met")
    fresh.release(drawing)
    fresh.start()
    for number in (1, 2):
        assert [t.element_id for t in fresh.timers] == ["soon", "late"]
        fresh.clock.advance(days=days)
        for timer in fresh.timers[:1]:
            assert fresh.engine.timers.fire(timer.id)
        assert fresh.timers == []
        assert fresh.open == ["early"]
        fresh.do("early", "carla")
        fresh.do("decide", "carla", again=number < 2)
    assert fresh.path.completed[taken] == 2
    assert "late" not in fresh.path.completed
    assert fresh.instance.state == "completed"


def test_a_boundary_timer_comes_with_each_round_and_goes_with_it(fresh: Stage) -> None:
    drawing = again("decide").user("a").boundary("late", "a", "Duration", "P2D").exclusive("met")
    drawing.user("excuse").path("merge a met decide", "late excuse met")
    fresh.release(drawing)
    fresh.start()
    for number, is_late in enumerate((False, True, False), start=1):
        assert [(t.element_id, t.due_at) for t in fresh.timers] == [
            ("late", fresh.clock.time + timedelta(days=2))
        ]
        fresh.clock.advance(days=1)
        if is_late:
            fresh.clock.advance(days=1)
            assert fresh.engine.timers.fire(fresh.timers[0].id)
            fresh.do("excuse", "carla")
        else:
            fresh.do("a", "carla")
        assert fresh.timers == []
        fresh.do("decide", "carla", again=number < 3)
    assert {k: fresh.path.completed[k] for k in ("a", "late", "decide")} == {"a": 2, "late": 1, "decide": 3}
    assert fresh.clock.time == START + timedelta(days=4)


def test_documented_rounds_are_read_by_conditions(fresh: Stage) -> None:
    drawing = Drawing().start().exclusive("merge", "more").user("a").end().path("start merge a more")
    drawing.when("more", "merge", "count(a_rounds) < 3 and a_rounds[-1].n = a.n").default("more", "end")
    fresh.release(drawing)
    fresh.start()
    for number in range(3):
        assert fresh.instance.state == "running"
        fresh.do("a", "carla", n=number)
    assert fresh.instance.state == "completed"


def test_a_diagram_whose_flows_have_no_ids_runs_as_drawn(fresh: Stage) -> None:
    drawing = Drawing().start().user("a").user("b").end().path("start a b end")
    bundle = drawing.files()
    bundle["p.bpmn"] = re.sub(rb'<bpmn:sequenceFlow id="[^"]+"', b"<bpmn:sequenceFlow", bundle["p.bpmn"])
    fresh.release(bundle)
    fresh.start()
    fresh.do("a", "carla")
    assert fresh.open == ["b"]
    fresh.do("b", "carla")
    assert fresh.instance.state == "completed"
    assert sum(fresh.path.flows.values()) == 3


def test_a_performers_name_in_the_answers_is_nobodys_authority(fresh: Stage) -> None:
    inner = extended("<parley:parameters/>")
    drawing = Drawing().start().user("a", inner=inner).end().path("start a end")
    fresh.release(drawing)
    fresh.start(by="ray", starter="carla", actor="carla")
    assert fresh.instance.started_by == "ray"
    fresh.do("a", "carla")
    assert fresh.instance.state == "completed"
