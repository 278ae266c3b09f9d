"""Multi-instances and votes on both databases, also in a second and a third round."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.drawing import Drawing, again, extended, instances, seated_vote
from tests.engine.playing import Stage


@pytest.mark.parametrize("sequential", [True, False])
def test_a_multi_instance_starts_anew_in_every_round(fresh: Stage, sequential: bool) -> None:
    drawing = (
        again("decide").user("invite").user("each", inner=instances("invite.people", sequential=sequential))
    )
    fresh.release(drawing.path("merge invite each decide"))
    fresh.start()
    for number, people in enumerate((["x", "y", "z"], ["x"], []), start=1):
        fresh.do("invite", "carla", people=people)
        for count in range(len(people)):
            left = len(people) - count
            assert fresh.open == ["each"] * (1 if sequential else left)
            assert {task.round for task in fresh.open_tasks()} == {number}
            assert len(fresh.data["each"]) == count
            fresh.do("each", "carla", n=number * 10 + count)
        assert fresh.open == ["decide"]
        assert sorted(answer["n"] for answer in fresh.data["each"]) == [
            number * 10 + n for n in range(len(people))
        ]
        fresh.do("decide", "carla", again=number < 3)
    assert fresh.instance.state == "completed"
    assert len(fresh.answers("each")) == 4
    assert fresh.path.completed["each"] == 3


def test_each_instance_has_an_item_of_its_own(fresh: Stage) -> None:
    drawing = Drawing().start().user("each", inner=instances("start.people")).end().path("start each end")
    fresh.release(drawing)
    fresh.start(people=["x", "y"])
    items = {
        fresh.read(lambda c, task=task: fresh.engine.tasks.data(c, task))["item"]
        for task in fresh.open_tasks()
    }
    assert items == {"x", "y"}


@pytest.mark.parametrize("sequential", [True, False])
def test_a_completion_condition_sees_the_answers_given_so_far(fresh: Stage, sequential: bool) -> None:
    inner = instances("start.people", sequential=sequential, until="count(each[ok = true]) >= 2")
    drawing = Drawing().start().user("each", inner=inner).user("after").end().path("start each after end")
    fresh.release(drawing)
    fresh.start(people=["a", "b", "c", "d"])
    fresh.do("each", "carla", ok=True)
    fresh.do("each", "carla", ok=False)
    assert fresh.open == ["each"] * (1 if sequential else 2)
    fresh.do("each", "carla", ok=True)
    assert fresh.open == ["after"]
    assert [answer["ok"] for answer in fresh.data["each"]] == [True, False, True]


def vote(close: str = "all", **rule: Any) -> Drawing:
    inner = seated_vote(over="start.seats", close=close, **rule)
    drawing = again("decide").user("vote", role="committee", inner=inner, parley_performer="seat")
    return drawing.path("merge vote decide")


def seat(stage: Stage, count: int) -> list[str]:
    seats = [f"s{n}" for n in range(count)]
    stage.directory.seats = {key: f"m{n}" for n, key in enumerate(seats)}
    return seats


def cast(stage: Stage, *choices: str) -> None:
    for number, choice in enumerate(choices):
        stage.do("vote", f"m{number}", seat=f"s{number}", choice=choice)


def test_a_vote_waits_for_all_and_is_counted_anew_in_each_round(fresh: Stage) -> None:
    fresh.release(vote())
    fresh.start(seats=seat(fresh, 3))
    for number, choices in enumerate(
        (("exempt",) * 3, ("exempt", "refuse", "abstain"), ("refuse",) * 3), start=1
    ):
        cast(fresh, *choices[:2])
        assert "vote_tally" not in fresh.data
        fresh.do("vote", "m2", seat="s2", choice=choices[2])
        tally = fresh.data["vote_tally"]
        assert tally["outcome"] == {1: "exempt", 2: None, 3: "refuse"}[number]
        assert [v["seat"] for v in fresh.data["vote"]] == ["s0", "s1", "s2"]
        fresh.do("decide", "carla", again=number < 3)
    tallied = [
        e.payload["tally"]["reason"]
        for e in fresh.read(lambda c: fresh.engine.audit.entries(c, fresh.instance_id))
        if e.event == "vote:tallied" and e.payload
    ]
    assert tallied == ["majority", "tie", "majority"]


def test_a_vote_that_closes_when_certain_withdraws_the_votes_still_out(fresh: Stage) -> None:
    fresh.release(vote("certain"))
    fresh.start(seats=seat(fresh, 5))
    cast(fresh, "exempt", "exempt")
    assert fresh.open == ["vote"] * 3
    fresh.do("vote", "m2", seat="s2", choice="exempt")
    assert fresh.open == ["decide"]
    assert fresh.data["vote_tally"]["outcome"] == "exempt"
    states = [t.state for t in fresh.read(lambda c: fresh.engine.tasks.of_instance(c, fresh.instance_id))]
    assert sorted(states) == ["completed"] * 3 + ["open"] + ["withdrawn"] * 2


def test_a_vote_with_nobody_seated_is_tallied_and_goes_on_without_an_outcome(fresh: Stage) -> None:
    fresh.release(vote())
    fresh.start(seats=[])
    assert fresh.open == ["decide"]
    assert fresh.data["vote_tally"]["reason"] == "no quorum"
    assert fresh.data["vote_tally"]["outcome"] is None


def test_a_seat_belongs_to_its_holder_at_the_time_of_the_act(fresh: Stage) -> None:
    fresh.release(vote())
    fresh.start(seats=seat(fresh, 3))
    fresh.directory.seats["s1"] = "alternate"
    fresh.do("vote", "alternate", seat="s1", choice="refuse")
    assert fresh.data["vote"] == [{"choice": "refuse", "seat": "s1"}]


@pytest.mark.parametrize("sequential", [False, True])
def test_a_round_that_could_not_begin_and_is_broken_off_leaves_no_tally(
    fresh: Stage, sequential: bool
) -> None:
    """What an earlier round gave must not be read as this one's."""
    rule = extended(
        '<parley:vote field="choice" quorum="2" majority="half" close="all" abstain="a" recuse="r"/>'
    )
    over = "if decide = null then start.seats else decide.seats"
    inner = rule + instances(over, sequential=sequential)
    drawing = again("decide").user("vote", inner=inner, parley_performer="seat").user("late")
    drawing.boundary("closes", "vote", "Duration", "P2D").path("merge vote decide", "closes late")
    fresh.release(drawing.end("over").path("late over"))
    fresh.start(seats=seat(fresh, 2))
    cast(fresh, "exempt", "exempt")
    assert fresh.data["vote_tally"]["outcome"] == "exempt"
    fresh.do("decide", "carla", again=True, seats="nobody's list")
    assert [each.element_id for each in fresh.incidents] == ["vote"]
    fresh.clock.advance(days=3)
    fresh.sweep()
    assert fresh.open == ["late"]
    assert "vote_tally" not in fresh.data
    assert fresh.data["vote"] == []
