"""Where the parts of a chart stand, for templates that put them into SVG. Pure geometry, in units of the
drawing; colours are classes of the style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 440, 240
LEFT, TOP, BOTTOM = 34, 12, 24
ROW = 34
"""Height of a row of a chart with rows."""
NAMES = 140
"""Room for the names of rows."""
GAP = 1.5
"""Between parts of a column, so that they are told apart without colour."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is drawn of one series: its name, the number of its colour, a value for each period."""

    label: str
    tone: int
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    tone: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A text, or a line where the text is that of an axis."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of `width` by `height`."""

    title: str
    description: str
    width: int
    height: int
    boxes: tuple[Box, ...]
    names: tuple[Mark, ...]
    """Below columns, or before rows."""
    scale: tuple[Mark, ...]
    """Of columns: numbers at lines across. Of rows: each row's number after its bar."""
    legend: tuple[Part, ...] = ()


def columns(
    title: str, description: str, names: Sequence[str], parts: Sequence[Part], *, stacked: bool
) -> Chart:
    """Columns over time: the parts upon each other, or side by side."""
    tops = [
        sum(part.values[at] for part in parts) if stacked else max(part.values[at] for part in parts)
        for at in range(len(names))
    ]
    lines = ticks(max(tops, default=0))
    height = HEIGHT - TOP - BOTTOM
    unit = height / lines[-1]
    pitch = (WIDTH - LEFT) / max(len(names), 1)
    room = min(pitch * 0.68, 46)
    boxes = []
    for at in range(len(names)):
        left = LEFT + at * pitch + (pitch - room) / 2
        base = float(HEIGHT - BOTTOM)
        for number, part in enumerate(parts):
            tall = part.values[at] * unit
            if tall <= 0:
                continue
            if stacked:
                boxes.append(_box(left, base - tall, room, max(tall - GAP, 1), part.tone))
                base -= tall
            else:
                wide = room / len(parts)
                boxes.append(_box(left + number * wide, base - tall, wide - GAP, tall, part.tone))
    return Chart(
        title,
        description,
        WIDTH,
        HEIGHT,
        tuple(boxes),
        tuple(Mark(round(LEFT + (at + 0.5) * pitch, 1), HEIGHT - 7, name) for at, name in enumerate(names)),
        tuple(Mark(LEFT, round(HEIGHT - BOTTOM - line * unit, 1), f"{line:,}") for line in lines),
        tuple(parts),
    )


def rows(title: str, description: str, found: Sequence[tuple[str, int, float, str]]) -> Chart:
    """A bar for each name: (name, tone, value, the value as text)."""
    longest = max((value for _, _, value, _ in found), default=0) or 1
    unit = (WIDTH - NAMES - 48) / longest
    boxes, names, numbers = [], [], []
    for at, (name, tone, value, text) in enumerate(found):
        top, wide = at * ROW + 7, value * unit
        if value > 0:
            boxes.append(_box(NAMES, top, max(wide, 1), ROW - 14, tone))
        names.append(Mark(NAMES - 8, top + 14, name))
        numbers.append(Mark(round(NAMES + wide + 7, 1), top + 14, text))
    return Chart(
        title, description, WIDTH, max(len(found), 1) * ROW, tuple(boxes), tuple(names), tuple(numbers)
    )


def ticks(highest: float) -> list[int]:
    """Round whole numbers from 0 to at least the highest, six at the most."""
    step, factor = 1, 1
    while step * 5 < highest:
        for unit in (1, 2, 5, 10):
            step = unit * factor
            if step * 5 >= highest:
                break
        factor *= 10
    count = max(1, -(-int(-(-highest // 1)) // step))
    return [step * at for at in range(count + 1)]


def _box(x: float, y: float, width: float, height: float, tone: int) -> Box:
    return Box(round(x, 1), round(y, 1), round(width, 1), round(height, 1), tone)
