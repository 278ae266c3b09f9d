"""The phrases that sentences of a timeline are put together from. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workflows.wording import count, sentence

Say = Callable[[str, Mapping[str, Any]], str]
"""Who, and the answers, to a sentence."""

RESPONSES = {
    "mitigate": "to mitigate the risk",
    "avoid": "to avoid the risk",
    "transfer": "to transfer the risk",
    "accept": "to accept the risk",
    "exempt": "to exempt the risk",
}


def plain(word: Any) -> str:
    """A choice's value as words: `not_defensible` is "not defensible"."""
    return str(word or "").replace("_", " ")


def days(answers: Mapping[str, Any]) -> str:
    """ " for 90 days", or nothing."""
    number = answers.get("days")
    return f" for {count(int(number), 'day')}" if number is not None else ""


def at_most(answers: Mapping[str, Any]) -> str:
    """ ", for at most 90 days", or nothing."""
    number = answers.get("days")
    return f", for at most {count(int(number), 'day')}" if number is not None else ""


def because(answers: Mapping[str, Any], key: str = "reason") -> str:
    """ ": the reason." or just the full stop."""
    words = sentence(str(answers.get(key) or ""))
    return f": {words}" if words else "."
