"""What people write about a draft."""

from __future__ import annotations

from workflows.errors import RuleBroken

LONGEST = 10_000
"""Characters of a comment, a note or a reason."""


def said(text: str, missing: str) -> str:
    """What somebody wrote, cut at the limit. Raises `RuleBroken` with a sentence where it is nothing."""
    if not text.strip():
        raise RuleBroken(missing)
    return text.strip()[:LONGEST]
