"""There is no event subprocess."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Subprocesses that an event begins."""
    for node in subject.of("subProcess", "transaction", "adHocSubProcess"):
        if node.xml.get("triggeredByEvent") == "true":
            yield Fault(
                node,
                f"{node} is an event subprocess: it would not interrupt what it should, and keep the case "
                "from ending. Put the steps it guards into a subprocess, and attach the event to its "
                "edge.",
            )


RULE = Rule("event-subprocess", check)
