"""In which order steps come: what of it two diagrams share, and what one has turned round."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from workflows.studio.diagram_model import Diagram

Graph = Mapping[str, Collection[str]]


def forward(diagram: Diagram) -> dict[str, set[str]]:
    """Each node to those it leads to; the flows that close a loop are left out."""
    follows: dict[str, list[str]] = {
        key: [] for key, each in diagram.elements.items() if each.kind != "sequenceFlow"
    }
    for element in diagram.elements.values():
        if element.kind == "sequenceFlow" and element.source in follows and element.target in follows:
            follows[str(element.source)].append(str(element.target))
    for event, host in diagram.attached.items():
        if host in follows and event in follows:
            follows[host].append(event)
    targets = {target for every in follows.values() for target in every}
    kept: dict[str, set[str]] = {key: set() for key in follows}
    done: set[str] = set()
    for start in sorted(
        follows, key=lambda key: (key in targets, diagram.elements[key].kind != "startEvent")
    ):
        _walk(start, follows, kept, done)
    return kept


def _walk(start: str, follows: Mapping[str, list[str]], kept: dict[str, set[str]], done: set[str]) -> None:
    if start in done:
        return
    open_, stack = {start}, [(start, iter(follows[start]))]
    while stack:
        node, ahead = stack[-1]
        target = next(ahead, None)
        if target is None:
            stack.pop()
            open_.discard(node)
            done.add(node)
        elif target not in open_:
            kept[node].add(target)
            if target not in done:
                open_.add(target)
                stack.append((target, iter(follows[target])))


def next_among(graph: Graph, chosen: Collection[str]) -> dict[str, set[str]]:
    """Each chosen node to the chosen ones it leads to with no chosen one between."""
    return {key: _reach(graph, key, stop_at=set(chosen)) & set(chosen) for key in chosen if key in graph}


def after(graph: Graph, chosen: Collection[str]) -> dict[str, set[str]]:
    """Each chosen node to all the chosen ones that come after it."""
    return {key: _reach(graph, key, stop_at=set()) & set(chosen) for key in chosen if key in graph}


def _reach(graph: Graph, start: str, *, stop_at: Collection[str]) -> set[str]:
    seen: set[str] = set()
    ahead = list(graph.get(start, ()))
    while ahead:
        node = ahead.pop()
        if node in seen:
            continue
        seen.add(node)
        if node not in stop_at:
            ahead.extend(graph.get(node, ()))
    return seen


def turned(old: Graph, new: Graph, steps: Collection[str]) -> list[tuple[str, str, str]]:
    """What changed in the order of the steps both have: (`after`, `before` or `freed`, step, other step).

    `("after", x, y)`: x now comes after y. `("before", x, y)`: x now comes before y, and it is x that moved.
    `("freed", x, y)`: x came directly after y and does not any more.
    """
    was, now = after(old, steps), after(new, steps)
    moved = {
        step: sum(other in was.get(step, ()) and step in now.get(other, ()) for other in steps)
        + sum(step in was.get(other, ()) and other in now.get(step, ()) for other in steps)
        for step in steps
    }
    said: list[tuple[str, str, str]] = []
    for first, nexts in next_among(new, steps).items():
        for then in sorted(nexts):
            if then in was.get(first, ()) or then == first:
                continue
            mover = "before" if moved[first] > moved[then] else "after"
            said.append((mover, first, then) if mover == "before" else (mover, then, first))
    for first, nexts in next_among(old, steps).items():
        for then in sorted(nexts):
            if then != first and then not in now.get(first, ()) and first not in now.get(then, ()):
                said.append(("freed", then, first))
    return said
