"""Nothing is compensated by itself."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.xml import local
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Compensation events, and activities that are drawn for compensation."""
    for node in subject.nodes:
        if any(local(part) == "compensateEventDefinition" for part in node.definitions()):
            yield Fault(
                node,
                f"{node} is a compensation event, which would silently do nothing. Draw the steps that put "
                "things right after a gateway.",
            )
        elif node.xml.get("isForCompensation") == "true":
            yield Fault(
                node,
                f"{node} is drawn for compensation, which never happens. Draw it into the flow, after a "
                "gateway.",
            )


RULE = Rule("compensation", check)
