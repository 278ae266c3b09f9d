"""A vote is held by the seats of a committee."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.xml import BPMN, PARLEY
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Votes without seats, and seats without a list of them."""
    for node in subject.nodes:
        votes = node.xml.find(f"{{{BPMN}}}extensionElements/{{{PARLEY}}}vote") is not None
        seated = node.own("performer") == "seat"
        loops = node.parts("multiInstanceLoopCharacteristics")
        if votes and not seated:
            yield Fault(node, f"{node} is a vote, so its performer must be “seat”. Set parley:performer.")
        elif (votes or seated) and not any(
            loop.find(f"{{{BPMN}}}loopDataInputRef") is not None for loop in loops
        ):
            yield Fault(
                node,
                f"{node} is for the seats of a committee, but runs over no list of them. Mark it as "
                "parallel multi-instance over the result of the service task that seats the committee.",
            )


RULE = Rule("vote-seated", check)
