"""The rating that routes a risk: pure. Each leader rates for himself; the higher rating routes, and what the
committee rated holds over both (docs/constructive-tension.md, rule 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.risks.scales import SP_800_30, Level, Matrix, level_of_risk, levels_apart

CIO = "cio_position"
ADVISERS = ("ciso_position", "deputy_advice", "cro_advice")
"""Where the CISO's advice is given: by the CISO, the deputy, or the chief risk officer instead."""
FAR_APART = 2
"""Levels between the two ratings from which a challenge is open by itself."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one side filed; `rating` and `treatment` are empty where it was silent."""

    rating: tuple[Level, Level] | None = None
    treatment: str = ""
    full: bool = False
    """Asked for the full way, where the light one was offered."""


@dataclass(frozen=True, slots=True)
class Rating:
    """What follows from both positions."""

    cio: Side
    ciso: Side
    level: Level
    gap: int
    """Levels between the two ratings; 0 where one is missing, or the committee has rated."""
    within_appetite: bool

    @property
    def treatment(self) -> str:
        """What both proposed; empty where they differ, or one is silent."""
        return self.cio.treatment if self.cio.treatment == self.ciso.treatment else ""

    @property
    def light(self) -> bool:
        """Whether no answer by the CISO need follow a decision that both proposed."""
        full = self.cio.full or self.ciso.full
        return self.within_appetite and bool(self.treatment) and self.gap < FAR_APART and not full

    def value(self) -> dict[str, Any]:
        """As expressions read it."""
        return {
            "cio_heard": self.cio.rating is not None,
            "ciso_heard": self.ciso.rating is not None,
            **_written("cio", self.cio),
            **_written("ciso", self.ciso),
            "level": self.level.value,
            "gap": self.gap,
            "within_appetite": self.within_appetite,
            "treatment": self.treatment or None,
            "light": self.light,
        }


def rate_positions(
    raised: Mapping[str, Any],
    positions: Mapping[str, Any],
    ruled: Mapping[str, Any],
    appetite: Level,
    matrix: Matrix = SP_800_30,
) -> Rating:
    """Rate by what is there: a ruling on the rating, else both positions, else what was raised.

    Args:
        raised: the answers with which the risk was raised.
        positions: answers by element; without those that were not given.
        ruled: the latest ruling; counts where its `ruling` is `rate`.
        appetite: highest level within appetite.
        matrix: table of levels.
    """
    given = [answers for key in ADVISERS if isinstance(answers := positions.get(key), Mapping)]
    cio, ciso = _side(positions.get(CIO)), _side(given[-1] if given else None)
    fixed = _levels(ruled) if ruled.get("ruling") == "rate" else None
    ratings = [fixed] if fixed else [one.rating for one in (cio, ciso) if one.rating is not None]
    if not ratings:
        # Nobody rated it yet: as it was raised; what was not rated at all is above every appetite.
        ratings = [_levels(raised) or (Level.VERY_HIGH, Level.VERY_HIGH)]
    levels = [level_of_risk(*one, matrix) for one in ratings]
    highest = max(levels, key=lambda level: level.rank)
    gap = levels_apart(levels[0], levels[1]) if len(levels) == 2 else 0
    return Rating(cio, ciso, highest, gap, highest.rank <= appetite.rank)


def _side(answers: Any) -> Side:
    if not isinstance(answers, Mapping):
        return Side()
    return Side(_levels(answers), str(answers.get("treatment") or ""), answers.get("full") is True)


def _levels(answers: Mapping[str, Any]) -> tuple[Level, Level] | None:
    try:
        return Level.read(answers["likelihood"]), Level.read(answers["impact"])
    except (KeyError, ValueError):
        return None


def _written(prefix: str, side: Side) -> dict[str, str | None]:
    """A side's rating as forms write it."""
    likelihood, impact = side.rating or (None, None)
    return {
        f"{prefix}_likelihood": likelihood.value.replace(" ", "_") if likelihood else None,
        f"{prefix}_impact": impact.value.replace(" ", "_") if impact else None,
    }
