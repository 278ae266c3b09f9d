"""An error or escalation that is thrown is caught."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.xml import local
from engine.lint.document import Container, Node
from engine.lint.subject import Fault, Rule, Subject, called_process


def check(subject: Subject) -> Iterator[Fault]:
    """Errors that nobody waits for: the case would end as if nothing had happened."""
    callers: dict[str, list[Node]] = {}
    for node in subject.of("callActivity"):
        callers.setdefault(called_process(node), []).append(node)
    for node in subject.of("endEvent", "intermediateThrowEvent"):
        for part in node.definitions():
            kind = local(part).removesuffix("EventDefinition")
            if kind not in ("error", "escalation"):
                continue
            if not _is_caught(node.container, kind, part.get(f"{kind}Ref"), callers):
                yield Fault(
                    node,
                    f"{node} throws an {kind} that nobody catches. Attach {kind} events to the subprocess "
                    "or call activity around it, or end in a plain end event.",
                )


def _is_caught(container: Container, kind: str, ref: str | None, callers: dict[str, list[Node]]) -> bool:
    pending = [container]
    seen: set[int] = set()
    while pending:
        current = pending.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        holders = [current.holder] if current.holder is not None else callers.get(current.id, [])
        for holder in holders:
            if any(_catches(event, kind, ref) for event in holder.boundary):
                return True
            pending.append(holder.container)
    return False


def _catches(event: Node, kind: str, ref: str | None) -> bool:
    parts = [part for part in event.definitions() if local(part) == f"{kind}EventDefinition"]
    return any(part.get(f"{kind}Ref") in (None, ref) for part in parts)


RULE = Rule("error-caught", check)
