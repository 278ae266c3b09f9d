"""Call activities: what they hand over, where it stands, and what happens where it cannot be worked out."""

from __future__ import annotations

from decimal import Decimal

from tests.engine.drawing import Drawing, again
from tests.engine.playing import Stage
from tests.engine.running import Run, compiled


def hearing(process: str = "hearing") -> Drawing:
    """A process that may be called: its start event has a form."""
    drawing = Drawing(process).start("referred").user("hear").service("rule", days="referred.days + 1")
    return drawing.end("closed").path("referred hear rule closed")


def calling(**parameters: str) -> Drawing:
    """A case that calls the hearing in each round."""
    return again("decide").call("arbitration", hearing(), **parameters).path("merge arbitration decide")


def test_what_is_handed_over_stands_under_the_called_start_event(fresh: Stage) -> None:
    fresh.release(calling(days="start.days * 2", why='"late"'))
    fresh.start(days=Decimal(10))
    task = fresh.task("hear")
    seen = fresh.read(lambda c: fresh.engine.tasks.data(c, task))
    assert seen["referred"] == {"days": 20, "why": "late"}
    fresh.do("hear", "carla", said="yes")
    assert fresh.data["arbitration"] == {
        "referred": {"days": 20, "why": "late"},
        "hear": {"said": "yes"},
        "rule": {"days": 21},
    }
    assert "referred" not in fresh.data


def test_each_round_is_handed_what_holds_then(fresh: Stage) -> None:
    fresh.release(calling(days="if decide = null then 1 else decide.days"))
    fresh.start()
    for number in (1, 2, 3):
        fresh.do("hear", "carla")
        assert fresh.data["arbitration"]["rule"] == {"days": number + 1}
        fresh.do("decide", "carla", again=number < 3, days=Decimal(number + 1))
    assert fresh.instance.state == "completed"


def test_a_called_process_hands_on_from_its_own_scope(fresh: Stage) -> None:
    inner = hearing("inner")
    outer = Drawing("outer").start("asked").call("inner_call", inner, days="asked.days").end("answered")
    drawing = Drawing().start().call("outer_call", outer.path("asked inner_call answered"), days="start.days")
    fresh.release(drawing.user("after").end().path("start outer_call after end"))
    fresh.start(days=Decimal(4))
    fresh.do("hear", "carla")
    assert fresh.data["outer_call"]["inner_call"]["rule"] == {"days": 5}


def test_two_calls_of_one_process_are_handed_their_own(fresh: Stage) -> None:
    called = hearing()
    drawing = again("decide").parallel("both", "join").call("first", called, days="1")
    drawing.call("second", called, days="2").path("merge both first join decide", "both second join")
    drawing._others.pop()
    fresh.release(drawing)
    fresh.start()
    for _ in range(2):
        fresh.do("hear", "carla")
    assert (fresh.data["first"]["rule"], fresh.data["second"]["rule"]) == ({"days": 2}, {"days": 3})


def test_what_cannot_be_worked_out_is_an_incident_before_the_call(fresh: Stage) -> None:
    drawing = again("decide").user("ask").path("merge ask")
    drawing.call("arbitration", hearing(), days='if ask.days = "none" then duration("P1D") else ask.days')
    fresh.release(drawing.path("ask arbitration decide"))
    fresh.start()
    fresh.do("ask", "carla", days="none")
    assert fresh.open == []
    (incident,) = fresh.incidents
    assert incident.element_id == "arbitration"
    assert fresh.instance.state == "running"
    assert not fresh.retry(), "nothing has changed"
    assert [each.element_id for each in fresh.incidents] == ["arbitration"]
    assert fresh.faults() == []


def test_a_value_that_cannot_be_kept_is_refused_before_the_call() -> None:
    case = Run(compiled(calling(days='duration("P1D")')))
    assert [(each.element_id, "cannot be kept" in each.cause) for each in case.troubles] == [
        ("arbitration", True)
    ]
    assert case.open == []
    case.retry()
    assert [each.element_id for each in case.troubles] == ["arbitration"]


def test_a_mended_call_goes_on() -> None:
    drawing = Drawing().start().user("ask").user("mend").parallel("both", "join").end()
    drawing.call("arbitration", hearing(), days='if mend = null then duration("P1D") else 3')
    case = Run(compiled(drawing.path("start both ask arbitration join end", "both mend join")))
    case.complete("ask")
    assert [each.element_id for each in case.troubles] == ["arbitration"]
    case.complete("mend")
    case.retry()
    assert case.troubles == []
    assert case.open == ["hear"]
    assert case.data()["mend"] == {}
    case.complete("hear")
    assert case.ended


def test_a_start_event_within_a_subprocess_is_not_the_one_that_is_called(fresh: Stage) -> None:
    inside = Drawing("part").start("begin", form=None).user("hear").end("heard").path("begin hear heard")
    called = Drawing("hearing").sub("part", inside).start("referred").end("closed")
    called.path("referred part closed")
    drawing = Drawing().start().call("arbitration", called, days="7").user("after").end()
    fresh.release(drawing.path("start arbitration after end"))
    fresh.start()
    fresh.do("hear", "carla")
    assert fresh.data["arbitration"]["referred"] == {"days": 7}


def test_blind_answers_are_not_handed_over(fresh: Stage) -> None:
    drawing = Drawing().start().parallel("split", "join").user("one", parley_blind="both")
    drawing.user("two", parley_blind="both").user("ask").call("call", hearing(), days="one.days").end()
    fresh.release(drawing.path("start split one join end", "split two join", "split ask call join"))
    fresh.start()
    fresh.do("one", "carla", days=Decimal(9))
    fresh.do("ask", "carla")
    assert fresh.open == ["hear", "two"]
    seen = fresh.read(lambda c: fresh.engine.tasks.data(c, fresh.task("hear")))
    assert seen["referred"] == {"days": None}
