"""An exclusive or inclusive gateway says of each of its flows when it is taken."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Flows without a condition, defaults that are none."""
    for node in subject.of("exclusiveGateway", "inclusiveGateway"):
        default = node.xml.get("default")
        if not node.outgoing:
            yield Fault(node, f"{node} leads nowhere. Draw the flows between which it decides.")
        if default and default not in {flow.id for flow in node.outgoing}:
            yield Fault(
                node,
                f"{node} names “{default}” as its default flow, which is none of its flows. Choose the "
                "default anew.",
            )
        for flow in node.outgoing:
            if default and flow.id == default:
                if flow.condition_text:
                    yield Fault(
                        flow,
                        f"{flow} is the default and has a condition too, which would never be looked at. "
                        "Remove one of the two.",
                    )
            elif len(node.outgoing) > 1 and not flow.condition_text:
                yield Fault(
                    flow,
                    f"{flow} has no condition, and is not the default. Write when it is taken, or mark it "
                    "as the default flow.",
                )


RULE = Rule("gateway-decides", check)
