"""An event-based gateway leads to events that it can wait for."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Event-based gateways before anything but waiting events."""
    for node in subject.of("eventBasedGateway"):
        if len(node.outgoing) < 2:
            yield Fault(node, f"{node} offers no choice. Lead it to two events or more.")
        if node.xml.get("instantiate") == "true":
            yield Fault(
                node, f"{node} is to begin a case, which only a start event does. Draw a start event."
            )
        for flow in node.outgoing:
            target = flow.target
            if target is None:
                continue
            if target.kind not in ("intermediateCatchEvent", "receiveTask"):
                yield Fault(
                    flow,
                    f"{node} leads to {target}, which is no event to wait for. Put a timer, message or "
                    "signal event between the two.",
                )
            elif len(target.incoming) > 1:
                yield Fault(
                    target, f"{target} follows {node}, so no other flow may lead to it. Draw it once more."
                )


RULE = Rule("event-gateway", check)
