"""Data drawn at a task is for readers."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject
from engine.lint.types import Severity


def check(subject: Subject) -> Iterator[Fault]:
    """Tasks with associations to data, which are shown and not followed."""
    for node in subject.nodes:
        if node.parts("dataInputAssociation") or node.parts("dataOutputAssociation"):
            yield Fault(
                node,
                f"{node} is connected to data by an arrow. It is shown, and moves nothing: every answer "
                "stands under its task's id for all later steps.",
                Severity.INFO,
            )


RULE = Rule("data-association", check)
