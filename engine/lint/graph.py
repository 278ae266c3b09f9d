"""Questions about how nodes are connected. Every walk is iterative: diagrams may be of any depth."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.document import Container, Node

DECIDING = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"})
"""Gateways after which a flow may or may not be taken."""

UNCOUNTED = 1_000_000
"""From here on it is not counted further."""


def following(node: Node) -> Iterator[Node]:
    """Nodes that come after it: by its flows, and by the events attached to it."""
    yield from (flow.target for flow in node.outgoing if flow.target is not None)
    yield from node.boundary


def reached(container: Container) -> set[int]:
    """`id()` of the nodes that can be reached from the container's start events."""
    pending: list[Node] = container.starts()
    seen = {id(node) for node in pending}
    while pending:
        for after in following(pending.pop()):
            if id(after) not in seen:
                seen.add(id(after))
                pending.append(after)
    return seen


def certain(node: Node) -> list[Node]:
    """Nodes that certainly come after it, once each: none after a gateway that decides."""
    if node.kind in DECIDING:
        return []
    return list({id(f.target): f.target for f in node.outgoing if f.target is not None}.values())


def from_last_to_first(container: Container) -> tuple[list[Node], list[Node]]:
    """Nodes so ordered that whatever certainly follows a node comes before it, and those that lie on, or
    lead into, a circle of certain flows, for which there is no such order.
    """
    nodes = container.nodes
    members = {id(node) for node in nodes}
    waits = {id(node): 0 for node in nodes}
    before: dict[int, list[Node]] = {}
    for node in nodes:
        for after in certain(node):
            if id(after) in members:
                waits[id(node)] += 1
                before.setdefault(id(after), []).append(node)
    ready = [node for node in nodes if not waits[id(node)]]
    order: list[Node] = []
    while ready:
        node = ready.pop()
        order.append(node)
        for earlier in before.get(id(node), ()):
            waits[id(earlier)] -= 1
            if not waits[id(earlier)]:
                ready.append(earlier)
    return order, [node for node in nodes if waits[id(node)]]


def foreseen(container: Container) -> dict[int, int]:
    """`id()` of each node to how many tasks are laid out ahead when the flow comes to it.

    What certainly follows is laid out branch by branch, so that a join and all that follows it is there once
    for each way to it.
    """
    order, _ = from_last_to_first(container)
    sizes: dict[int, int] = {}
    for node in order:
        sizes[id(node)] = min(1 + sum(sizes.get(id(after), 1) for after in certain(node)), UNCOUNTED)
    return sizes


def longest_row(container: Container) -> tuple[int, Node | None]:
    """How many nodes deep a reader goes that follows each flow as far as it can, and the deepest node."""
    deepest, at = 0, None
    seen: set[int] = set()
    for start in container.starts():
        if id(start) in seen:
            continue
        seen.add(id(start))
        stack = [(start, following(start))]
        while stack:
            if len(stack) > deepest:
                deepest, at = len(stack), stack[-1][0]
            after = next((n for n in stack[-1][1] if id(n) not in seen), None)
            if after is None:
                stack.pop()
            else:
                seen.add(id(after))
                stack.append((after, following(after)))
    return deepest, at
