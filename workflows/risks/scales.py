"""The assessment scales of NIST SP 800-30r1: levels, semi-quantitative bands, and Table I-2, level of
risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise


class Level(StrEnum):
    """Qualitative values of Tables D-2 to I-3 of SP 800-30r1, lowest first."""

    VERY_LOW = "very low"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    VERY_HIGH = "very high"

    @property
    def rank(self) -> int:
        """0 for very low to 4 for very high."""
        return _ORDER.index(self)

    @property
    def label(self) -> str:
        """The level as a page names it."""
        return self.value.capitalize()

    @property
    def band(self) -> tuple[int, int]:
        """Lowest and highest semi-quantitative value, 0 to 100 (SP 800-30r1, appendix D to I)."""
        return _BANDS[self]

    @classmethod
    def read(cls, text: str) -> Level:
        """A level from a form, a file or a person: letter case, `_` and `-` do not matter.

        Raises `ValueError`, with a sentence, for anything else.
        """
        plain = " ".join(str(text).replace("_", " ").replace("-", " ").split()).lower()
        try:
            return cls(plain)
        except ValueError:
            known = ", ".join(level.value for level in cls)
            raise ValueError(f"{text!r} is no level of the scale; use one of {known}.") from None


_ORDER = tuple(Level)
_BANDS: dict[Level, tuple[int, int]] = {
    Level.VERY_LOW: (0, 4),
    Level.LOW: (5, 20),
    Level.MODERATE: (21, 79),
    Level.HIGH: (80, 95),
    Level.VERY_HIGH: (96, 100),
}

_VL, _L, _M, _H, _VH = _ORDER
# Columns are the level of impact, very low to very high.
_TABLE_I_2: dict[Level, tuple[Level, ...]] = {
    _VH: (_VL, _L, _M, _H, _VH),
    _H: (_VL, _L, _M, _H, _VH),
    _M: (_VL, _L, _M, _M, _H),
    _L: (_VL, _L, _L, _L, _M),
    _VL: (_VL, _VL, _VL, _L, _L),
}


Matrix = Mapping[Level, tuple[Level, ...]]
"""Level of risk by likelihood, then by the rank of the impact."""

SP_800_30: Matrix = _TABLE_I_2
"""Table I-2 of NIST SP 800-30r1: what holds where an organisation has set no table of its own."""


def level_of_risk(likelihood: Level, impact: Level, matrix: Matrix = SP_800_30) -> Level:
    """The level of risk for a likelihood and an impact, by Table I-2 of NIST SP 800-30r1 or by the
    organisation's own table (`workflows.risks.appetite.matrix_at`)."""
    return matrix[likelihood][impact.rank]


def read_matrix(cells: Sequence[Sequence[str]]) -> Matrix:
    """A table as it is written down: a row for each likelihood, a column for each impact, both lowest first.

    Raises `ValueError`, with a sentence, where it is not five by five levels, or where a higher likelihood or
    impact would make the risk lower.
    """
    if len(cells) != len(_ORDER) or any(len(row) != len(_ORDER) for row in cells):
        raise ValueError("The table needs a level for each of five likelihoods and five impacts.")
    rows = [tuple(Level.read(cell) for cell in row) for row in cells]
    falls = any(
        low.rank > high.rank for line in (*rows, *zip(*rows, strict=True)) for low, high in pairwise(line)
    )
    if falls:
        raise ValueError("A higher likelihood or impact can never make the risk lower in the table.")
    return dict(zip(_ORDER, rows, strict=True))


def levels_apart(one: Level, other: Level) -> int:
    """Distance of two levels, 0 to 4."""
    return abs(one.rank - other.rank)
