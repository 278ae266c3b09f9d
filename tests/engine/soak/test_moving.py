"""A shorter run of the soak's moving test."""

from __future__ import annotations

from benchmarks import _soak_moving

SEED = 20_260_301


def test_a_plan_goes_on_where_it_was_killed_and_moves_each_case_once(database_url: str) -> None:
    result = _soak_moving.run(database_url, cases=60, kills=2, seed=SEED)
    assert result.faults == ()
    assert result.kills == 2
