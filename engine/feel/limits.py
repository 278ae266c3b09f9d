"""How large an expression and its evaluation may be, and the budget that one evaluation spends.

A diagram or a table is uploaded by people, so an expression is input like any other: every dimension in
which it could grow has a bound here, and going over it is a `FeelLimitError` that says which.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from .errors import FeelLimitError

MAX_TEXT = 20_000
"""Characters in the text of one expression."""
MAX_DEPTH = 60
"""Levels of brackets, conditionals, functions or signs inside each other."""
MAX_DATA_DEPTH = 100
"""Levels of lists and contexts inside each other in a value."""
MAX_CALLS = 60
"""Calls of the expression's own functions inside each other."""
MAX_STEPS = 250_000
"""Parts of the expression evaluated, counting each round of a loop, plus the elements and characters
handled.
"""
MAX_SECONDS = 0.5
"""Processor time of one evaluation; the backstop behind MAX_STEPS."""
MAX_LIST = 50_000
"""Elements of one list, or whole numbers or days of one range that is looped over."""
MAX_STRING = 100_000
"""Characters of one string."""
MAX_DIGITS = 34
"""Significant digits of a number (IEEE 754 decimal128, as DMN 1.3 §10.3.2.3.1 asks)."""
MAX_EXPONENT = 6144
"""Largest power of ten of a number (decimal128)."""
MAX_PATTERN = 500
"""Characters of a regular expression."""
MAX_SUBJECT = 20_000
"""Characters of a string that a regular expression is tried on."""
REGEX_SECONDS = 0.25
"""Time one regular expression may take on one string."""

_CLOCK_EVERY = 5_000


class Run:
    """The state of one evaluation: what it has spent, its clock and the lists already taken over from
    outside.
    """

    __slots__ = ("_deadline", "_next_look", "calls", "fixed_now", "lifted", "steps")

    def __init__(self, now: datetime | None = None) -> None:
        self.steps = 0
        self.calls = 0
        self.fixed_now = now
        self.lifted: dict[int, tuple[Any, list[Any]]] | None = None
        self._deadline = 0.0
        self._next_look = _CLOCK_EVERY

    def now(self) -> datetime:
        """The moment of this evaluation: the one given, else the machine's (UTC), the same all through it."""
        if self.fixed_now is None:
            self.fixed_now = datetime.now(UTC)
        return self.fixed_now

    def spend(self, steps: int) -> None:
        """Count `steps`; raises FeelLimitError once the evaluation has used up its steps or its time."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise FeelLimitError(
                f"The expression needs more than {MAX_STEPS:,} steps and was stopped: loop over fewer"
            )
        if self.steps >= self._next_look:
            self.look_at_clock()

    def spend_list(self, size: int) -> None:
        """Count the making of a list of `size` elements; raises FeelLimitError where it is too long."""
        if size > MAX_LIST:
            raise FeelLimitError(f"A list would have {size:,} elements; the limit is {MAX_LIST:,}")
        self.spend(size)

    def spend_string(self, size: int) -> None:
        """Count the making of a string of `size` characters; raises FeelLimitError where it is too long."""
        if size > MAX_STRING:
            raise FeelLimitError(f"A text would have {size:,} characters; the limit is {MAX_STRING:,}")
        self.spend(1 + size // 32)

    def enter(self) -> None:
        """Begin a call of a function of the expression's own; raises FeelLimitError where calls nest too
        deep.
        """
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise FeelLimitError(f"Functions call each other more than {MAX_CALLS} levels deep")

    def leave(self) -> None:
        """End a call begun by `enter`."""
        self.calls -= 1

    def restart_clock(self) -> None:
        """Count the evaluation's time from here on, after work that was not its own."""
        self._deadline = 0.0

    def look_at_clock(self, clock: Callable[[], float] = time.thread_time) -> None:
        """Raise FeelLimitError once the evaluation has used up its time; `spend` does it every so often."""
        at = clock()
        if not self._deadline:
            self._deadline = at + MAX_SECONDS
        elif at > self._deadline:
            raise FeelLimitError(
                f"The expression took more than {MAX_SECONDS} seconds and was stopped: loop over fewer"
            )
        self._next_look = self.steps + _CLOCK_EVERY
