"""The demonstration: a constructed organisation, and six months of its decisions through the real engine."""

from __future__ import annotations

from workflows.demo.play import Progress, StoryDoesNotFit, fill

__all__ = ["Progress", "StoryDoesNotFit", "fill"]
