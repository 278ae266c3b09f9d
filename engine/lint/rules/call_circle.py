"""No process calls itself, directly or through others."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.document import Node
from engine.lint.subject import Fault, Rule, Subject, called_process


def check(subject: Subject) -> Iterator[Fault]:
    """Calls that come back to where they began: a case would grow until it is stopped."""
    calls: dict[str, list[Node]] = {}
    for node in subject.of("callActivity"):
        calls.setdefault((node.container.process or node.container).id, []).append(node)
    for process, nodes in calls.items():
        for node in nodes:
            if process in _reached_from(called_process(node), calls):
                yield Fault(
                    node,
                    f"{node} leads back to “{process}”, the process it is drawn in: it would call itself "
                    "without end. Draw a loop inside the process instead.",
                )


def _reached_from(process: str, calls: dict[str, list[Node]]) -> set[str]:
    seen = {process}
    pending = [process]
    while pending:
        for node in calls.get(pending.pop(), ()):
            called = called_process(node)
            if called not in seen:
                seen.add(called)
                pending.append(called)
    return seen


RULE = Rule("call-circle", check)
