"""A task that people do has a form."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.rules.performer_known import HUMAN
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Tasks at which nobody could say anything. Nothing is said where forms are not known, or not needed."""
    for node in subject.of(*HUMAN) if subject.known.forms_needed else ():
        if node.own("form") is None:
            yield Fault(
                node,
                f"{node} has no form, so whoever does it is asked nothing, and nothing of what they decide "
                "is kept. Choose its form, or draw one.",
            )


RULE = Rule("form-given", check)
