"""Who does a task is said by its lane alone."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject

OWNERS = ("potentialOwner", "humanPerformer", "performer", "resourceRole")


def check(subject: Subject) -> Iterator[Fault]:
    """Owners named in the diagram, who would be passed over."""
    for node in subject.nodes:
        if any(node.parts(tag) for tag in OWNERS):
            yield Fault(
                node,
                f"{node} names its owner in the diagram, which would be passed over: people hold roles by "
                "appointment. Remove the owner, and put the task into the lane of the role.",
            )


RULE = Rule("potential-owner", check)
