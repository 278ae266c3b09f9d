"""Playing a process with tokens, without data: which joins can be reached by all of their flows.

Every flow has one target, so nodes do not compete for tokens: it is enough to let one node act at a time and
to follow each of its choices. Only inclusive joins look beyond their own flows; they act when nothing else
can.
A flow holds two tokens at most: more would make the play endless, and change no answer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import combinations

from engine.diagrams.xml import local
from engine.lint.document import Container, Flow, Node

MOST_MARKINGS = 5_000
"""Situations that are looked at; of a process with more nothing is said."""
MOST_TOKENS = 200
"""Tokens that lie about at once; of a process with more nothing is said."""
MOST_SUBSETS = 5
"""Ways of an inclusive gateway whose combinations are all followed; of more, each alone and all together."""

Marking = tuple[int, ...]
"""The places of the flows on which tokens lie, in order; twice where two lie there."""


class Play:
    """All situations a container can come to."""

    def __init__(self, container: Container) -> None:
        members = {id(node) for node in container.nodes}
        self.flows = [f for f in container.flows if {id(f.source), id(f.target)} <= members]
        self._place = {id(flow): place for place, flow in enumerate(self.flows)}
        self._into = {
            id(node): [self._place[id(f)] for f in node.incoming if id(f) in self._place]
            for node in container.nodes
        }
        self.acted: set[int] = set()
        """`id()` of the nodes that act in some situation."""
        self.stuck: list[Marking] = []
        """Situations in which tokens are left and nothing can act."""
        self.complete = self._explore(container)
        """Whether all situations were looked at."""

    def waiting(self, node: Node) -> list[Flow]:
        """Flows into a node on which no token lies in a situation where it waits for ever."""
        into = self._into[id(node)]
        for marking in self.stuck:
            if any(place in marking for place in into):
                return [self.flows[place] for place in into if place not in marking]
        return []

    def _explore(self, container: Container) -> bool:
        pending: deque[Marking] = deque()
        seen: set[Marking] = set()
        for start in container.starts()[:1]:
            pending.extend(self._produce((), choice) for choice in self._choices(start))
        while pending:
            marking = pending.popleft()
            if marking in seen:
                continue
            seen.add(marking)
            if len(seen) > MOST_MARKINGS or len(marking) > MOST_TOKENS:
                return False
            node = self._enabled(marking)
            if node is None:
                if marking:
                    self.stuck.append(marking)
                continue
            self.acted.add(id(node))
            if not _terminates(node):
                left = self._consume(marking, node)
                pending.extend(self._produce(left, choice) for choice in self._choices(node))
        return True

    def _enabled(self, marking: Marking) -> Node | None:
        later: Node | None = None
        for place in marking:
            node = self.flows[place].target
            if node is None:
                continue
            into = self._into[id(node)]
            if node.kind == "parallelGateway" and not all(each in marking for each in into):
                continue
            if node.kind == "inclusiveGateway" and len(into) > 1:
                later = later or node
                continue
            return node
        return later

    def _consume(self, marking: Marking, node: Node) -> Marking:
        left = list(marking)
        into = [place for place in self._into[id(node)] if place in left]
        joins = node.kind in ("parallelGateway", "inclusiveGateway")
        for place in into if joins else into[:1]:
            left.remove(place)
        return tuple(left)

    def _produce(self, marking: Marking, flows: Iterable[Flow]) -> Marking:
        made = list(marking)
        for flow in flows:
            place = self._place.get(id(flow))
            if place is not None and made.count(place) < 2:
                made.append(place)
        return tuple(sorted(made))

    def _choices(self, node: Node) -> list[tuple[Flow, ...]]:
        """The sets of flows that a node may send tokens along."""
        out = tuple(node.outgoing)
        if node.kind in ("exclusiveGateway", "eventBasedGateway", "complexGateway") and out:
            return [(flow,) for flow in out]
        if node.kind == "inclusiveGateway" and len(out) > 1:
            return _subsets(out)
        choices = [out]
        for event in node.boundary:
            sent = tuple(event.outgoing)
            interrupts = event.xml.get("cancelActivity", "true") != "false"
            choices.append(sent if interrupts else out + sent)
        return choices


def _subsets(out: tuple[Flow, ...]) -> list[tuple[Flow, ...]]:
    if len(out) > MOST_SUBSETS:
        return [*((flow,) for flow in out), out]
    return [chosen for size in range(1, len(out) + 1) for chosen in combinations(out, size)]


def _terminates(node: Node) -> bool:
    return any(local(part) == "terminateEventDefinition" for part in node.definitions())
