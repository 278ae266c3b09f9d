"""Every sequence flow leads from a node to a node."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Flows with a loose end."""
    for flow in subject.flows:
        for end, ref, node in (
            ("source", flow.source_ref, flow.source),
            ("target", flow.target_ref, flow.target),
        ):
            if node is None:
                why = f"“{ref}” is no node of the diagram" if ref else f"it has no {end}"
                yield Fault(flow, f"{flow} has a loose end: {why}. Connect it, or delete it.")


RULE = Rule("flow-connected", check)
