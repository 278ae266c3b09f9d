"""Shorter runs of the soak (`./run soak`): killed processes, and many acting on the same cases at once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from benchmarks._soak_acts import Log, read_log, unacknowledged
from benchmarks._soak_checks import faults
from benchmarks._soak_collision import CollisionTest
from benchmarks._soak_kill import KillTest
from benchmarks._soak_world import SoakWorld

SEED = 20_260_301
KILLS = 6


def test_whatever_is_killed_nothing_acknowledged_is_lost_and_nothing_happens_twice(
    database_url: str, tmp_path: Path
) -> None:
    result = KillTest(database_url, tmp_path, seed=SEED).run(KILLS)
    assert result.faults == ()
    assert result.kills == KILLS
    assert result.acknowledged > 0


def test_nobody_is_refused_without_a_true_conflict_and_votes_cast_at_once_all_count(
    database_url: str, tmp_path: Path
) -> None:
    result = CollisionTest(database_url, tmp_path, seed=SEED).run(2.0, votes=3)
    assert result.faults == ()
    assert result.votes_at_once == 15
    assert result.acts["done"] > result.votes_at_once


def test_the_checks_notice_what_is_lost_doubled_or_left_behind(sqlite_url: str, tmp_path: Path) -> None:
    """The soak's own checks: a record that is wrong must not pass for a good one."""
    world = SoakWorld(sqlite_url, began=time.time(), seed=SEED)
    case = world.prepare(1)[0]
    page = {"token": "page-lost", "task_id": "t", "person": "c1", "revision": 1, "answers": {}}
    lines = [
        {"what": "try", "submission": page},
        {"what": "done", "token": "page-lost", "task": "t", "repeated": False},
        {"what": "fault", "error": "Collision: again"},
        {"what": "started", "case": "nowhere"},
        {"what": "sent", "token": "page-unsent"},
    ]
    for statement in (
        "INSERT INTO soak_effects (instance_id, element_id) VALUES (:case, 'seat')",
        "UPDATE tasks SET state = 'withdrawn' WHERE instance_id = :case AND element_id = 'work'",
    ):
        with world.database.unit_of_work() as uow:
            uow.connection.exec_driver_sql(statement, {"case": case})
    found = " ".join(faults(world, lines))
    for said in ("page-lost is not stored", "Collision", "nowhere is not there", "page-unsent is not stored"):
        assert said in found
    for said in ("passed 1 times with 2 effects", "5 tasks; 6 wait", "at tick still waits"):
        assert said in found
    world.close()


@pytest.mark.parametrize(
    ("lines", "token"),
    [(["try"], "page-1"), (["try", "done"], None), (["try", "refused"], None), ([], None)],
)
def test_a_page_without_an_answer_is_known_from_the_log(
    lines: list[str], token: str | None, tmp_path: Path
) -> None:
    log = Log(tmp_path / "log")
    page = {"token": "page-1", "task_id": "t", "person": "c1", "revision": 1, "answers": {}}
    for what in lines:
        log.write(what, submission=page) if what == "try" else log.write(what, token="page-1")
    with (tmp_path / "log").open("ab") as file:
        file.write(b'{"what": "tr')  # cut off by the kill
    found = unacknowledged(tmp_path / "log")
    assert (found.token if found else None) == token
    assert len(read_log(tmp_path / "log")) == len(lines)
