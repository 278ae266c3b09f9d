"""Taking over files of other tools: what they say is offered as Parley's own, the rest is listed, and nothing
of a file is lost."""

from __future__ import annotations

from workflows.studio.takeover.reading import read_takeover
from workflows.studio.takeover.taking import taken
from workflows.studio.takeover.types import KINDS, Choice, Kept, Left, Offer, Takeover, TakeoverPage

__all__ = ["KINDS", "Choice", "Kept", "Left", "Offer", "Takeover", "TakeoverPage", "read_takeover", "taken"]
