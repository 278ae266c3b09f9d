"""A timer says one time, in a form that can be worked out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from engine.diagrams.xml import local
from engine.lint.document import Node, text_of
from engine.lint.subject import Fault, Rule, Subject
from engine.spiff.timing import add_duration, is_iso_cycle

NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""Any time: only whether one can be worked out from it is asked."""


TAGS = ("timeDate", "timeDuration", "timeCycle")
LOOKS_ISO = re.compile(r"(?:R\d*/)?P(?=[\dT])|\d{4}-\d\d|R\d*/")
LOOKS_CRON = re.compile(r"[\d*?/,\-]+(?:\s+[\d*?/,\-A-Za-z#]+){4,6}")


def check(subject: Subject) -> Iterator[Fault]:
    """Timers without a time, with two, or with one that is none."""
    for node in subject.nodes:
        for definition in node.definitions():
            if local(definition) != "timerEventDefinition":
                continue
            given = [
                (local(part), text_of(part)) for part in definition if local(part) in TAGS and text_of(part)
            ]
            if len(given) != 1:
                yield Fault(
                    node,
                    f"{node} is a timer {'with several times' if given else 'without a time'}. Write one: "
                    "a duration such as P7D, or a date such as “grant.expires”.",
                )
                continue
            reason = _why_not(node, *given[0])
            if reason:
                yield Fault(node, f"{node} waits for “{given[0][1][:80]}”, {reason}")


def _why_not(node: Node, tag: str, text: str) -> str:
    """What is wrong with a time; empty where it is one, or an expression, whose own rule looks at it."""
    repeats = tag == "timeCycle"
    if repeats and (node.kind != "boundaryEvent" or node.xml.get("cancelActivity") != "false"):
        return (
            "a repetition. Only a boundary event that does not interrupt can happen again; write a duration."
        )
    if LOOKS_CRON.fullmatch(text):
        return "a cron pattern. Write a repeated duration such as R/P7D."
    if not LOOKS_ISO.match(text):
        return ""
    try:
        due = _first_due(text, repeats)
    except (ValueError, OverflowError) as error:
        return f"which is no time: {error}. Write a duration such as P7D, a cycle such as R3/P7D, or a date."
    if repeats and due <= NOW:
        return "which takes no time: it would happen without end. Write a duration such as R3/P7D."
    return ""


def _first_due(text: str, repeats: bool) -> datetime:
    if repeats:
        if not is_iso_cycle(text):
            raise ValueError(f"{text[:80]!r} is no cycle such as R3/P7D")
        return add_duration(NOW, text.partition("/")[2])
    if text[0] == "P":
        return add_duration(NOW, text)
    date.fromisoformat(text[:10])
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


RULE = Rule("timer-valid", check)
