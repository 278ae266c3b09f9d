"""Whatever people do or leave undone, no risk is accepted by silence, by a tie, or by somebody not
entitled."""

from __future__ import annotations

import pytest

from tests.workflows.histories.playing import History
from tests.workflows.world import World

SEEDS = range(3)
TURNS = 80


@pytest.mark.parametrize("seed", SEEDS)
def test_no_history_accepts_by_silence_or_leaves_a_case_with_nobody(small_world: World, seed: int) -> None:
    history = History(small_world, seed)
    history.play(TURNS)
    assert history.turns["wait"] > 5
    assert sum(history.acted.values()) > TURNS / 4, "people were refused more often than they acted"
    assert {"decide", "declare_interest"} <= set(history.acted), "the history went nowhere"
