"""The story itself: thirty risks over six months, gathered by what they are about."""

from __future__ import annotations

from workflows.demo.stories import banking, information, infrastructure, open_cases, perimeter
from workflows.demo.story import Story

STORIES: tuple[Story, ...] = (
    *perimeter.STORIES,
    *infrastructure.STORIES,
    *banking.STORIES,
    *information.STORIES,
    *open_cases.STORIES,
)
