"""A vote that closes when it is due is closed by the clock: with what was cast, in every round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.spiff.moving import move
from engine.testing import START
from tests.engine.drawing import Drawing, again, instances
from tests.engine.playing import Stage
from tests.engine.running import Run, compiled

SEATS = {"a": "carla", "b": "igor", "c": "rolf"}
VOTE = 'field="choice" quorum="2" majority="half" close="{}" abstain="abstain" recuse="recuse"'


def ballot(close: str = "due", due: str | None = "P3D", *, sequential: bool = False) -> Drawing:
    """A vote of the start form's seats, and a task after it that may lead into another round."""
    inner = instances("start.seats", sequential=sequential, vote=VOTE.format(close))
    drawing = again("after").user("vote", inner=inner, parley_performer="seat", parley_due=due)
    return drawing.path("merge vote after")


def test_a_worker_closes_the_vote_and_the_case_goes_on(alone: Stage) -> None:
    alone.directory.seats = dict(SEATS)
    alone.release(ballot())
    alone.start(seats=list(SEATS))
    assert [(t.element_id, t.due_at) for t in alone.timers] == [("vote", START + timedelta(days=3))]
    assert alone.read(alone.engine.worker.next_due) == START + timedelta(days=3)
    alone.do("vote", "carla", seat="a", choice="exempt")
    alone.do("vote", "igor", seat="b", choice="exempt")
    alone.clock.advance(days=2, hours=23)
    assert (alone.sweep(), alone.open) == (0, ["vote"])
    alone.clock.advance(hours=1)
    assert alone.sweep() == 1, "it closes, and nobody is told that the vote is overdue"
    assert (alone.open, alone.timers) == (["after"], [])
    assert alone.data["vote_tally"] == {
        "outcome": "exempt",
        "reason": "majority",
        "seated": 3,
        "recused": 0,
        "voted": 2,
        "counts": {"exempt": 2},
    }
    alone.do("after", "carla", again=True)
    assert alone.open == ["vote"] * 3
    assert [t.due_at for t in alone.timers] == [START + timedelta(days=6)]
    for seat, person in SEATS.items():
        alone.do("vote", person, seat=seat, choice="refuse")
    assert (alone.open, alone.timers) == (["after"], []), "all are in, and its time is waited for no more"
    alone.clock.advance(days=30)
    assert alone.sweep() == 0
    assert alone.data["vote_tally"]["outcome"] == "refuse"
    assert (alone.incidents, alone.faults()) == ([], [])


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("alive", [False, True])
def test_what_was_cast_is_counted_and_who_did_not_vote_is_asked_no_more(
    sequential: bool, alive: bool
) -> None:
    run = Run(compiled(ballot(sequential=sequential)), alive=alive, seats=list(SEATS))
    for number in range(3):
        run.complete("vote", choice="exempt")
        run.fire("vote")
        assert (run.open, run.waiting) == (["after"], [])
        assert run.data()["vote_tally"]["reason"] == "no quorum"
        assert run.completed["vote"] == number + 1
        run.complete("after", again=number < 2)
    assert run.ended
    assert run.troubles == []


def test_nobody_votes_and_the_time_is_up() -> None:
    run = Run(compiled(ballot()), seats=list(SEATS))
    run.fire("vote")
    assert run.open == ["after"]
    assert (run.data()["vote"], run.data()["vote_tally"]["voted"]) == ([], 0)


def test_nobody_is_asked_before_it_is_known_when_the_vote_closes() -> None:
    run = Run(compiled(ballot(due="duration(start.days)")), seats=list(SEATS))
    assert run.open == []
    [trouble] = run.troubles
    assert trouble.element_id == "vote"
    assert "duration(start.days)" in trouble.cause
    run.retry()
    assert (run.open, len(run.troubles)) == ([], 1)


@pytest.mark.parametrize(
    ("close", "due", "waiting"), [("all", "P3D", []), ("certain", "P3D", []), ("due", "P3D", ["vote"])]
)
def test_only_a_vote_that_closes_when_due_waits_for_its_time(
    close: str, due: str, waiting: list[str]
) -> None:
    assert Run(compiled(ballot(close, due)), seats=list(SEATS)).waiting == waiting


def test_a_timer_attached_may_close_it_instead() -> None:
    drawing = ballot(due=None).boundary("late", "vote", "Duration", "P2D").path("late after")
    run = Run(compiled(drawing), seats=list(SEATS))
    assert run.waiting == ["late"]
    run.complete("vote", choice="exempt")
    run.fire("late")
    assert run.open == ["after"]
    assert run.data()["vote_tally"]["voted"] == 1


def moved(before: dict[str, Any], after: dict[str, Any], *, restart: bool = False) -> Run:
    """A vote under way, moved to another version of it."""
    run = Run(compiled(ballot(**before)), seats=list(SEATS))
    run.complete("vote", choice="exempt")
    version = compiled(ballot(**after))
    outcome = move(version, run.state, run.around, restart_timers=restart)
    run._version = version
    run._note(outcome)
    return run


def test_a_vote_that_moves_closes_as_its_new_version_says() -> None:
    run = moved({"close": "all"}, {"close": "due"})
    assert run.waiting == ["vote"]
    run.fire("vote")
    assert run.open == ["after"]
    assert moved({"close": "due"}, {"close": "all"}).waiting == []
    kept = moved({"close": "due"}, {"close": "due", "due": "P9D"})
    assert [timer.due_at - START for timer in kept.timers] == [timedelta(days=3)]
    anew = moved({"close": "due"}, {"close": "due", "due": "P9D"}, restart=True)
    assert [timer.due_at - START for timer in anew.timers] == [timedelta(days=9)]
