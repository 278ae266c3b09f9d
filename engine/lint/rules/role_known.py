"""A lane names a role that exists."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.xml import PARLEY
from engine.lint.document import title_of
from engine.lint.lanes import lanes_of
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Roles that nobody could be appointed to."""
    known = subject.known.roles
    if known is None:
        return
    there = f"There are: {', '.join(sorted(known))}."
    for container in subject.containers:
        if container.is_process:
            for lane in lanes_of(container):
                role = (lane.get(f"{{{PARLEY}}}role") or "").strip()
                if role and role not in known:
                    yield Fault(
                        container,
                        f"The lane “{title_of(lane)}” names the role “{role}”, which does not exist. {there}",
                        element_id=lane.get("id", ""),
                    )
        for node in container.nodes:
            role = node.own("role") or ""
            if role and role not in known:
                yield Fault(node, f"{node} names the role “{role}”, which does not exist. {there}")


RULE = Rule("role-known", check)
