"""There is no complex gateway."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Gateways whose condition no engine reads alike."""
    for node in subject.of("complexGateway"):
        yield Fault(
            node,
            f"{node} is a complex gateway, which cannot be run. Draw exclusive, inclusive or parallel "
            "gateways, or a vote with a quorum.",
        )


RULE = Rule("complex-gateway", check)
