"""What stands on a risk today beside its status: a dispute, and the envelope of a class and who signed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Dispute:
    """A challenge that is not settled: nothing is in force meanwhile, and the containment applies."""

    case_id: str
    """The case that settles it."""
    by_name: str
    at: datetime
    ground: str
    argument: str
    new_evidence: str
    containment: str
    """What the CISO named; empty where nothing was."""
    to: str
    """`cio`, or `cro` or `sponsor` where the CISO went there directly."""
    challenged_case: str | None = None
    """The case whose decision was in force; None where the challenge was made before it was."""
    status_before: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The conditions under which teams may go ahead, while the decision on the class is in force."""

    decision_id: str
    scope: str
    conditions: str


@dataclass(frozen=True, slots=True)
class Signature:
    """An asset whose team has accepted the conditions."""

    asset_id: str
    asset_name: str
    conditions: str
    authority: str
    by_name: str
    at: datetime
