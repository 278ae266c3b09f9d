"""A business rule task names a decision of the bundle."""

from __future__ import annotations

from collections.abc import Iterator

from engine.dmn import DmnError
from engine.dmn.graph import find
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Decisions that are not named, not there, or cannot be read."""
    for node in subject.of("businessRuleTask"):
        reference = node.own("decision")
        if reference is None:
            yield Fault(
                node,
                f"{node} names no decision. Set parley:decision to file and id of one, as in "
                "“appetite.dmn#level”.",
            )
            continue
        reason = _why_not(subject, reference)
        if reason:
            yield Fault(node, f"{node} names the decision “{reference}”: {reason}")


def _why_not(subject: Subject, reference: str) -> str:
    path, _, name = reference.partition("#")
    if path not in subject.files:
        return f"{path or 'the file'} is not in the bundle. Add it, or name one that is there."
    try:
        find(subject.model(path), name)
    except DmnError as error:
        return f"{str(error).rstrip('.')}. Mend the file, or name another decision."
    return ""


RULE = Rule("business-rule", check)
