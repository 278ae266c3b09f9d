"""The file is a BPMN 2.0 diagram."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """What reading the file ended with."""
    for path, error in subject.unreadable.items():
        if error.rule == "bpmn-file":
            yield Fault(path, str(error))


RULE = Rule("bpmn-file", check)
