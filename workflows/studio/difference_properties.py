"""The rules of a step, one by one, and how a change of each reads."""

from __future__ import annotations

from collections.abc import Callable

from engine.types import Element
from workflows.studio import spoken


def _due(name: str, was: object, now: object) -> str:
    before, after = str(was or ""), str(now or "")
    if not before:
        return f"{name} is now due after {spoken.duration(after)}; before, it had no due time."
    if not after:
        return f"{name} has no due time any more (before: {spoken.duration(before)})."
    return f"{name} is now due after {spoken.duration(after)} instead of {spoken.duration(before)}."


def _plain(label: str, say: Callable[[str], str] = str) -> Callable[[str, object, object], str]:
    def words(name: str, was: object, now: object) -> str:
        before, after = str(was or ""), str(now or "")
        if not before:
            return f"{name}: {label} is now {say(after)}; before, there was none."
        if not after:
            return f"{name}: {label} is gone (before: {say(before)})."
        return f"{name}: {label} is now {say(after)} instead of {say(before)}."

    return words


PROPERTIES: tuple[tuple[Callable[[Element], object], Callable[[str, object, object], str]], ...] = (
    (lambda each: each.due, _due),
    (lambda each: each.remind, _plain("the time of the reminder before it is due", spoken.duration)),
    (lambda each: each.form, _plain("the form")),
    (lambda each: each.performer, _plain("the person who performs it")),
    (
        lambda each: " ".join(sorted(each.separate_from)),
        _plain("the list of steps whose performers may not do it"),
    ),
    (lambda each: each.blind, _plain("the group of answers that stay sealed")),
    (lambda each: each.operation, _plain("what the software does")),
    (
        lambda each: "; ".join(f"{p.name} = {p.value}" for p in each.parameters),
        _plain("what the software is given"),
    ),
    (lambda each: spoken.vote(each.vote) if each.vote else "", _plain("the rule of the vote")),
    (lambda each: each.decision, _plain("the decision table")),
    (lambda each: each.correlation, _plain("how a message finds its case")),
    (lambda each: each.milestone, _plain("the milestone")),
    (lambda each: each.documentation, _plain("the explanation", lambda text: f"“{text}”")),
)
"""What is read of an element, and the sentence where it differs: (its name, before, after) to words."""
