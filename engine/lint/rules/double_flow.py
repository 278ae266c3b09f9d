"""No two flows lead from one node to the same next one."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Flows drawn twice: the second would be followed as the first."""
    seen: set[tuple[str, str]] = set()
    for flow in subject.flows:
        if flow.source is None or flow.target is None:
            continue
        ends = (flow.source_ref, flow.target_ref)
        if ends in seen:
            yield Fault(
                flow,
                f"{flow} is drawn twice, and the two could not be told apart. Delete one; where both "
                "conditions count, join them with “or”.",
            )
        seen.add(ends)


RULE = Rule("double-flow", check)
