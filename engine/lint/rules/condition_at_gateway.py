"""A condition stands on a flow out of an exclusive or inclusive gateway."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.document import words
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Conditions that would be passed over."""
    for flow in subject.flows:
        if not flow.condition_text or flow.source is None:
            continue
        if flow.source.kind not in ("exclusiveGateway", "inclusiveGateway", "complexGateway"):
            yield Fault(
                flow,
                f"{flow} has a condition, but {words(flow.source.kind)}s do not decide: it would be passed "
                "over. Put an exclusive gateway there and the condition on its flow.",
            )


RULE = Rule("condition-at-gateway", check)
