"""A form of the bundle can be shown and checked."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.document import Node, lower
from engine.lint.subject import Fault, Rule, Subject
from engine.lint.types import Severity


def check(subject: Subject) -> Iterator[Fault]:
    """Forms that the server could not render or check."""
    used: dict[str, list[Node]] = {}
    for node in subject.nodes:
        used.setdefault(node.own("form") or "", []).append(node)
    for path, said in sorted(subject.known.form_faults.items()):
        reason = said.removeprefix(f"The form {path} cannot be used: ")
        for node in used.get(path, [])[:1]:
            yield Fault(node, f"The form {path} of {lower(str(node))} cannot be used: {reason}")
        if path not in used:
            yield Fault(
                path, f"The form {path}, which no task uses, could not be used: {reason}", Severity.WARNING
            )


RULE = Rule("form-readable", check)
