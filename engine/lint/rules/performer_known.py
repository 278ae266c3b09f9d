"""It is clear who does each task."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.lanes import role_of, roles
from engine.lint.subject import Fault, Rule, Subject

HUMAN = ("userTask", "manualTask", "task")
PERFORMERS = ("starter", "seat")


def check(subject: Subject) -> Iterator[Fault]:
    """Tasks of nobody."""
    for container in subject.containers:
        found = roles(container.process or container)
        for node in container.nodes:
            if node.kind not in HUMAN:
                continue
            performer = node.own("performer")
            if performer is None and role_of(node, found) is None:
                yield Fault(
                    node,
                    f"{node} lies in no lane with a role, so nobody could do it. Draw it into a lane, and "
                    "give the lane a role (parley:role).",
                )
            elif performer is not None and performer not in PERFORMERS:
                yield Fault(
                    node,
                    f"{node} has the performer “{performer}”. It may be “starter”, who began the case, or "
                    "“seat”, a seat of a committee; for a role, use its lane.",
                )


RULE = Rule("performer-known", check)
