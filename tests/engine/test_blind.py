"""Blind positions: until all of a group are in, nobody but its author can learn anything of one. Anywhere."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import LargeBinary, select

from engine.db.base import metadata
from engine.ports import OperationContext, OperationResult
from engine.testing import FakeForms
from tests.engine.drawing import Drawing
from tests.engine.playing import Stage

SECRET = "the supplier is about to fail"


def rounds() -> Drawing:
    """Two blind positions beside a task that may look at the case's data meanwhile; again if wanted."""
    return (
        Drawing()
        .start()
        .exclusive("again", "enough")
        .parallel("ask", "both_in")
        .user("one", parley_blind="positions")
        .user("two", role="ciso", parley_blind="positions")
        .user("decide")
        .end()
        .path("start again ask one both_in decide enough", "ask two both_in")
        .when("enough", "again", "decide.again")
        .default("enough", "end")
    )


def beside(expression: str) -> Drawing:
    """A diagram that wants to act on a position while the other is out."""
    return (
        Drawing()
        .start()
        .parallel("ask", "both_in")
        .user("one", parley_blind="positions")
        .user("two", role="ciso", parley_blind="positions")
        .user("clerk")
        .service("peek", seen=expression)
        .end()
        .path("start ask one both_in end", "ask two both_in", "ask clerk peek both_in")
    )


def everything_stored(stage: Stage) -> str:
    """All that is stored but what holds blind answers: their submissions and the sealed state."""
    found = []
    with stage.database.reading() as connection:
        for table in metadata.sorted_tables:
            columns = [c for c in table.c if not isinstance(c.type, LargeBinary)]
            if table.name == "submissions":
                columns = [c for c in columns if c.name != "answers"]
            found += [repr(row) for row in connection.execute(select(*columns))]
    return "\n".join(found)


def seen_by(stage: Stage, reader: str | None) -> list[tuple[str, dict[str, Any], bool]]:
    found = stage.read(lambda c: stage.engine.instances.submissions(c, stage.instance_id, reader=reader))
    return [(s.element_id, dict(s.answers), s.sealed) for s in found]


def test_one_position_alone_is_seen_by_its_author_and_by_nobody_else(stage: Stage) -> None:
    stage.release(rounds())
    stage.start(title="A risk")
    stage.do("one", "carla", say=SECRET)
    for reader in ("igor", "ray", "auditor", "governor", "", None):
        assert seen_by(stage, reader) == [("start", {"title": "A risk"}, False), ("one", {}, True)]
    assert seen_by(stage, "carla")[1] == ("one", {"say": SECRET}, False)
    assert stage.data == {"start": {"title": "A risk"}}
    two = stage.task("two")
    assert stage.read(lambda c: stage.engine.tasks.data(c, two)) == {"start": {"title": "A risk"}}
    journal = stage.read(lambda c: stage.engine.instances.journal(c, stage.instance_id))
    entries = stage.read(lambda c: stage.engine.audit.entries(c, stage.instance_id))
    assert SECRET not in repr((journal, entries, stage.path, stage.instance, stage.open_tasks()))
    assert SECRET not in everything_stored(stage)


def test_both_are_revealed_together(stage: Stage) -> None:
    stage.release(rounds())
    stage.start()
    stage.do("two", "igor", say="igor's")
    stage.do("one", "carla", say="carla's")
    for reader in ("igor", "carla", "ray", None):
        assert seen_by(stage, reader)[1:] == [
            ("two", {"say": "igor's"}, False),
            ("one", {"say": "carla's"}, False),
        ]
    assert stage.data["one"] == {"say": "carla's"}
    assert stage.data["two"] == {"say": "igor's"}
    events = [e.event for e in stage.read(lambda c: stage.engine.audit.entries(c, stage.instance_id))]
    assert events.count("positions:revealed") == 1


def test_the_second_round_is_blind_again_and_the_first_stays_seen(stage: Stage) -> None:
    stage.release(rounds())
    stage.start()
    stage.do("one", "carla", say="first of one")
    stage.do("two", "igor", say="first of two")
    stage.do("decide", "carla", again=True)
    stage.do("two", "igor", say=SECRET)
    assert seen_by(stage, "carla")[1:] == [
        ("one", {"say": "first of one"}, False),
        ("two", {"say": "first of two"}, False),
        ("decide", {"again": True}, False),
        ("two", {}, True),
    ]
    assert SECRET not in repr(stage.data)
    assert "two" not in stage.data
    stage.do("one", "carla", say="second of one")
    assert [sealed for _, _, sealed in seen_by(stage, None)] == [False] * 6
    assert stage.data["two"] == {"say": SECRET}


@pytest.mark.parametrize(
    "expression", ["one", "one.say", "one_rounds", "one_rounds[1].say", "[one]", "{a: one.say}"]
)
def test_no_expression_sees_a_position_before_its_time(stage: Stage, expression: str) -> None:
    seen: list[Any] = []

    def peek(parameters: Any, context: OperationContext) -> OperationResult:
        seen.append((dict(parameters), dict(context.data)))
        return OperationResult(None)

    stage.operations._operations["do"] = peek
    stage.release(beside(expression))
    stage.start()
    stage.do("one", "carla", say=SECRET)
    stage.do("clerk", "carla", n=1)
    assert len(seen) == 1
    assert SECRET not in repr(seen)
    assert SECRET not in everything_stored(stage)


def test_a_form_sees_no_position_before_its_time(stage: Stage) -> None:
    shown: list[dict[str, Any]] = []

    class Noting(FakeForms):
        def check(self, bundle: Any, form: str, answers: Any, data: Any, now: Any) -> Any:
            shown.append(dict(data))
            return super().check(bundle, form, answers, data, now)

    stage.forms = Noting()
    stage.release(beside("1"))
    stage.start()
    stage.do("one", "carla", say=SECRET)
    stage.do("clerk", "carla", n=1)
    stage.do("two", "igor", say="mine")
    assert len(shown) == 4
    assert SECRET not in repr(shown)


def test_the_result_of_a_called_process_gives_no_position_away(stage: Stage) -> None:
    hearing = Drawing("hearing").start("opened", form=None).end("closed")
    hearing.user("one", parley_blind="positions").user("minute").path("opened one minute closed")
    drawing = Drawing().start().parallel("ask", "both_in").call("hearing_of_one", hearing)
    drawing.user("two", role="ciso", parley_blind="positions").user("clerk").end()
    drawing.path("start ask hearing_of_one clerk both_in end", "ask two both_in")
    stage.release(drawing)
    stage.start()
    stage.do("one", "carla", say=SECRET)
    stage.do("minute", "carla", n=1)
    assert stage.open == ["clerk", "two"]
    assert stage.data["hearing_of_one"] == {"minute": {"n": 1}}
    stage.do("two", "igor", say="mine")
    assert stage.data["hearing_of_one"] == {"one": {"say": SECRET}, "minute": {"n": 1}}


def test_what_is_answered_after_the_reveal_is_open(stage: Stage) -> None:
    stage.release(rounds())
    stage.start()
    stage.do("one", "carla", say="mine")
    stage.do("two", "igor", say="his")
    stage.do("decide", "carla", again=False)
    assert stage.instance.state == "completed"
    assert [sealed for _, _, sealed in seen_by(stage, None)] == [False] * 4
    assert stage.faults() == []
