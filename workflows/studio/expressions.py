"""An expression checked while it is typed, within the limits that hold wherever one is read."""

from __future__ import annotations

from engine.feel import FeelError, compile_expression

LONGEST = 4_000
"""Characters that are looked at; who writes more is told so."""


def mistake(text: str) -> str | None:
    """What is wrong with an expression, in a sentence; None where it can be read or is empty."""
    if not text.strip():
        return None
    if len(text) > LONGEST:
        return f"More than {LONGEST:,} characters are not read here. Put part of it into a decision table."
    try:
        compile_expression(text)
    except FeelError as error:
        return str(error)
    return None
