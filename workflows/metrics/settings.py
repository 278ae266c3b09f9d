"""The thresholds of the measures, in one place. Each is said on the page beside the figure it shapes."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

EXPIRES_SOON = timedelta(days=30)
"""An exemption with less time than this left counts as expiring soon."""

ONE_SIDED = Fraction(80, 100)
"""One side making more than this share of all moves is warned of."""

TOO_QUIET = Fraction(10, 100)
"""Blind positions that differ in less than this share of all pairs are warned of."""

FEWEST = 10
"""Cases below which no warning is given: a share of fewer says little."""

RENEWED_OFTEN = 3
"""Grants for the same weakness on the same asset from which on an exemption counts as renewed more than
once."""

PERIODS = 12
"""Periods shown."""
