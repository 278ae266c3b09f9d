"""A diagram holds a process."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Files without a process: collaborations, choreographies, or only shapes."""
    for document in subject.documents:
        if not document.is_too_large and not any(each.nodes for each in document.processes):
            yield Fault(
                document,
                "The diagram holds no process with anything in it: nothing could be run. Draw a process "
                "with a start event, or export the file once more with its process.",
            )


RULE = Rule("has-process", check)
