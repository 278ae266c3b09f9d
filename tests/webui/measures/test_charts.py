"""Where the parts of a chart stand: within the drawing, as tall as their values, upon each other."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webui.charts import BOTTOM, HEIGHT, LEFT, TOP, WIDTH, Chart, Part, columns, rows, ticks

VALUES = st.lists(st.lists(st.integers(0, 5000), min_size=3, max_size=3), min_size=1, max_size=14)


def drawn(values: list[list[int]], *, stacked: bool) -> Chart:
    parts = [Part(f"part {at}", at + 1, [each[at] for each in values]) for at in range(3)]
    return columns("Title", "Said", [str(at) for at in range(len(values))], parts, stacked=stacked)


@given(values=VALUES, stacked=st.booleans())
def test_every_part_lies_within_the_drawing(values: list[list[int]], stacked: bool) -> None:
    chart = drawn(values, stacked=stacked)
    assert len(chart.boxes) == sum(each > 0 for column in values for each in column)
    for box in chart.boxes:
        assert box.x >= LEFT - 0.1
        assert box.x + box.width <= WIDTH + 0.1
        assert box.y >= TOP - 1.1
        assert box.y + box.height <= HEIGHT - BOTTOM + 1.1
        assert box.height >= 0


def test_parts_stand_upon_each_other_in_the_order_of_the_legend() -> None:
    low, middle, top = drawn([[2, 3, 5]], stacked=True).boxes
    assert low.y > middle.y > top.y
    assert low.height < middle.height < top.height


@given(highest=st.floats(0, 1e7))
def test_the_scale_reaches_the_highest_in_round_steps(highest: float) -> None:
    lines = ticks(highest)
    assert lines[0] == 0
    assert lines[-1] >= highest
    assert 2 <= len(lines) <= 6
    steps = {after - before for before, after in pairwise(lines)}
    assert len(steps) == 1
    assert str(steps.pop()).rstrip("0") in ("1", "2", "5")


@pytest.mark.parametrize("values", [[0, 0], [0, 7]])
def test_a_row_without_a_value_has_no_bar_and_still_its_number(values: list[int]) -> None:
    chart = rows("Title", "Said", [(f"row {at}", 1, value, str(value)) for at, value in enumerate(values)])
    assert len(chart.boxes) == sum(value > 0 for value in values)
    assert [mark.text for mark in chart.scale] == [str(value) for value in values]
