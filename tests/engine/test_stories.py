"""A long story, saved and restored between its acts: the record is that of a case that was never stored."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.drawing import Drawing, again, seated_vote
from tests.engine.playing import Stage
from tests.engine.recording import keep_alive, record
from tests.support.databases import sqlite_copy


def drawing() -> Drawing:
    """Blind positions, a call with what it is handed, a vote, a second round, reminders that go on."""
    hearing = Drawing("hearing").start("referred").user("hear").service("rule", days="referred.days * 2")
    hearing.end("heard").path("referred hear rule heard")
    drawn = again("decide").parallel("split", "join").user("left", parley_blind="both", parley_due="P2D")
    drawn.user("right", parley_blind="both").call("call", hearing, days="left.days")
    drawn.user("vote", inner=seated_vote(over="start.seats", quorum=2), parley_performer="seat")
    drawn.boundary("nudge", "decide", "Cycle", "R2/P1D", interrupting=False).service("note", said="right.say")
    drawn.end("noted").path("nudge note noted")
    return drawn.path("merge split left join call vote decide", "split right join")


def told(stage: Stage) -> list[str]:
    """Two rounds of the story; the lines of its record."""
    stage.directory.seats = {f"s{number}": f"m{number}" for number in range(3)}
    stage.release(drawing(), "told")
    stage.start(seats=["s0", "s1", "s2"])
    for number in (1, 2):
        stage.do("right", "carla", say=f"round {number}")
        stage.do("left", "carla", days=number)
        stage.do("hear", "carla")
        for seat, choice in enumerate(("yes", "yes" if number == 1 else "no", "recuse")):
            stage.do("vote", f"m{seat}", seat=f"s{seat}", choice=choice)
        stage.clock.time += timedelta(days=1)
        stage.sweep()
        stage.do("decide", "carla", again=number == 1)
    assert stage.instance.state == "completed"
    assert stage.incidents == []
    return record(stage, stage.instance_id)


def test_saving_at_every_step_leaves_the_record_of_an_uninterrupted_run(
    database_url: str, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = Stage(database_url, keep=False)
    lines = told(saved)
    assert saved.faults() == []
    assert len(lines) > 60
    keep_alive(monkeypatch)
    alive = Stage(sqlite_copy(sqlite_template, tmp_path))
    assert told(alive) == lines
    saved.close()
    alive.close()
