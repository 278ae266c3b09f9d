"""The engine can read the diagram and begin a case of it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import DefinitionRefused
from engine.lint.subject import Fault, Rule, Subject
from engine.spiff.compile import compile_bundle
from engine.spiff.rehearsal import RehearsalStopped, rehearse
from engine.types import Bundle


def check(subject: Subject) -> Iterator[Fault]:
    """The last trial, after all other rules: whatever the engine stumbles over."""
    at = subject.main
    if at is None:
        return
    try:
        rehearse(compile_bundle(Bundle("", subject.files), subject.key))
    except DefinitionRefused as error:
        yield Fault(at, str(error))
    except RehearsalStopped:
        return


RULE = Rule("can-be-run", check)
