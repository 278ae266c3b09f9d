"""A case can be begun within the limits of time, memory, steps and tasks."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import DefinitionRefused
from engine.lint.subject import Fault, Rule, Subject
from engine.spiff.compile import compile_bundle
from engine.spiff.rehearsal import RehearsalStopped, rehearse
from engine.types import Bundle


def check(subject: Subject) -> Iterator[Fault]:
    """Steps and tasks are counted here; time and memory end the process that runs this."""
    at = subject.main
    if at is None:
        return
    try:
        rehearse(
            compile_bundle(Bundle("", subject.files), subject.key), subject.limits.tasks, subject.limits.steps
        )
    except RehearsalStopped as stopped:
        yield Fault(at, f"{stopped} Draw less at once, or let a person or a timer act within each loop.")
    except DefinitionRefused:
        return


RULE = Rule("within-limits", check)
