"""The assessment scales of NIST SP 800-30r1: levels, semi-quantitative bands, and Table I-2, "
"level of risk."""

from __future__ import annotations

from enum import StrEnum


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


def level_of_risk(likelihood: Level, impact: Level) -> Level:
    """The level of risk for a likelihood and an impact: Table I-2 of NIST SP 800-30r1."""
    return _TABLE_I_2[likelihood][impact.rank]


def levels_apart(one: Level, other: Level) -> int:
    """Distance of two levels, 0 to 4."""
    return abs(one.rank - other.rank)
