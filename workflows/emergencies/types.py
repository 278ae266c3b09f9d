"""Views of emergencies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workflows.exemptions.types import Exemption

LONGEST = 14
"""Days that an emergency may last at most."""
AGAIN_WITHIN = 90
"""Days within which a second one of the same weakness goes to the chief risk officer."""


@dataclass(frozen=True, slots=True)
class EmergencyStep:
    """What became of an emergency at a moment."""

    kind: str
    """`begun`, `approved`, `denied`, `stopped`, `resumed`, `refused` or `ended`."""
    at: datetime
    by: str
    by_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Emergency:
    """A decision to go ahead at once."""

    id: str
    """A human key: `M-0001`."""
    risk_id: str
    risk_title: str
    case_id: str
    declared_at: datetime
    declared_by: str
    declared_by_name: str
    what: str
    reason: str
    containment: str
    conditions: str
    days: int
    roll_back: str
    why_above: str
    """Why the chief risk officer was asked first; empty where the CIO went ahead."""
    steps: tuple[EmergencyStep, ...]
    """Oldest first."""
    exemption: Exemption | None
    """The exemption that carries it; the latest one, where a ruling brought it back."""

    @property
    def state(self) -> str:
        """Where it stands, in a word or two."""
        words = {
            "begun": "awaiting review",
            "approved": "approved",
            "denied": "denied",
            "stopped": "being rolled back",
            "resumed": "let stand by a ruling",
            "refused": "refused",
            "ended": "over",
        }
        return words[self.steps[-1].kind] if self.steps else "awaiting the chief risk officer"


@dataclass(frozen=True, slots=True)
class RiskChoice:
    """A risk for which an emergency can be declared."""

    id: str
    title: str
