"""Values that a diagram hands to the operations of exemptions, read strictly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.errors import OperationFailed

LONGEST_TEXT = 20_000


def whole(found: Any, what: str) -> int:
    """A whole number. Raises `OperationFailed`."""
    if isinstance(found, bool) or not isinstance(found, (int, Decimal)) or found != int(found):
        raise OperationFailed(
            f"An exemption needs a whole number of {what}. Nothing was granted; the case waits."
        )
    return int(found)


def text(found: Any, what: str) -> str:
    """A text without blanks around it; empty where there is none. Raises `OperationFailed`."""
    if found is None:
        return ""
    if not isinstance(found, str) or len(found) > LONGEST_TEXT:
        raise OperationFailed(f"The {what} are no text, or too long. Nothing was granted; the case waits.")
    return found.strip()
