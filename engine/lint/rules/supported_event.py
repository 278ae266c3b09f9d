"""An event waits for, or does, something that can be run where it is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.xml import local
from engine.lint.document import words
from engine.lint.subject import Fault, Rule, Subject

SUPPORTED: dict[str, frozenset[str]] = {
    "startEvent": frozenset(),
    "intermediateCatchEvent": frozenset({"timer", "message", "signal"}),
    "intermediateThrowEvent": frozenset({"message", "signal", "escalation"}),
    "boundaryEvent": frozenset({"timer", "message", "signal", "error", "escalation"}),
    "endEvent": frozenset({"message", "signal", "error", "escalation", "terminate"}),
}
"""What each kind of event may be of, besides none at all."""
ELSEWHERE = frozenset({"link", "compensate"})
"""Refused by rules of their own."""
NEEDS_ONE = frozenset({"intermediateCatchEvent", "boundaryEvent"})


def check(subject: Subject) -> Iterator[Fault]:
    """Events of a kind that cannot be run yet, of several kinds at once, or of none where one is needed."""
    for node in subject.of(*SUPPORTED):
        kinds = [local(part).removesuffix("EventDefinition") for part in node.definitions()]
        if len(kinds) > 1:
            yield Fault(
                node,
                f"{node} is of several kinds at once ({', '.join(kinds)}). Draw an event for each, after "
                "an event-based gateway or attached beside one another.",
            )
            continue
        if not kinds and node.kind in NEEDS_ONE:
            yield Fault(
                node, f"{node} does not say what it waits for. Make it a timer, a message or a signal."
            )
        for kind in kinds:
            if kind in SUPPORTED[node.kind] | ELSEWHERE:
                continue
            able = (
                ", ".join(sorted(SUPPORTED[node.kind]))
                or "none: a case is started by a person or an operation"
            )
            yield Fault(
                node,
                f"{node} is a {kind} event, which cannot be run as {_article(node.kind)}. What can be run "
                f"there: {able}.",
            )


def _article(kind: str) -> str:
    name = words(kind)
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


RULE = Rule("supported-event", check)
