"""The scales of NIST SP 800-30r1, against the table as the standard prints it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from workflows.risks.scales import Level, level_of_risk, levels_apart

# Table I-2, rows as printed: likelihood, then level of risk for impact very low to very high.
TABLE_I_2 = """
very high: very low, low, moderate, high, very high
high:      very low, low, moderate, high, very high
moderate:  very low, low, moderate, moderate, high
low:       very low, low, low, low, moderate
very low:  very low, very low, very low, low, low
"""
CELLS = [
    (Level(likelihood.strip()), impact, Level(cell.strip()))
    for line in TABLE_I_2.strip().splitlines()
    for likelihood, _, cells in [line.partition(":")]
    for impact, cell in zip(Level, cells.split(","), strict=True)
]


@pytest.mark.parametrize(("likelihood", "impact", "level"), CELLS)
def test_table_i_2(likelihood: Level, impact: Level, level: Level) -> None:
    assert level_of_risk(likelihood, impact) is level


def test_the_level_never_falls_when_likelihood_or_impact_rises() -> None:
    levels = list(Level)
    for lower, higher in pairwise(levels):
        for other in levels:
            assert level_of_risk(lower, other).rank <= level_of_risk(higher, other).rank
            assert level_of_risk(other, lower).rank <= level_of_risk(other, higher).rank


def test_bands_cover_0_to_100_without_a_gap() -> None:
    covered = [number for level in Level for number in range(level.band[0], level.band[1] + 1)]
    assert covered == list(range(101))


@pytest.mark.parametrize("text", ["Very High", "very_high", "VERY-HIGH", " very  high "])
def test_levels_are_read_however_they_are_written(text: str) -> None:
    assert Level.read(text) is Level.VERY_HIGH


@pytest.mark.parametrize("text", ["", "extreme", "5", "veryhigh"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no level of the scale"):
        Level.read(text)


def test_distance() -> None:
    assert levels_apart(Level.LOW, Level.HIGH) == 2
    assert levels_apart(Level.HIGH, Level.HIGH) == 0
