"""The file has no DOCTYPE."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """What reading the file ended with."""
    for path, error in subject.unreadable.items():
        if error.rule == "no-doctype":
            yield Fault(path, str(error))


RULE = Rule("no-doctype", check)
