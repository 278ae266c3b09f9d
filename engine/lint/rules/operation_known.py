"""A service task names an operation that exists."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Service tasks without an operation, or with an unknown one."""
    known = subject.known.operations
    for node in subject.of("serviceTask"):
        operation = node.own("operation")
        there = f" There are: {', '.join(sorted(known))}." if known else ""
        if operation is None:
            yield Fault(
                node, f"{node} names no operation, so nothing would be done. Set parley:operation.{there}"
            )
        elif known is not None and operation not in known:
            yield Fault(node, f"{node} names the operation “{operation}”, which does not exist.{there}")


RULE = Rule("operation-known", check)
