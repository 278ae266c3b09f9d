"""What differs between two diagrams: steps, who does them, their rules, their order, the ways between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.diagrams.elements import EVENTS, GATEWAYS
from engine.types import Element
from workflows.studio import spoken
from workflows.studio.diagram_model import Diagram
from workflows.studio.difference_properties import PROPERTIES
from workflows.studio.order import forward, next_among, turned


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs."""

    kind: str
    """`added`, `removed`, `changed` or `moved`."""
    path: str
    element_id: str | None
    sentence: str


Told = tuple[str, str | None, str]
"""Kind, element and sentence."""


def diagram_changes(path: str, old: Diagram, new: Diagram) -> list[Change]:
    """Everything that differs but the layout, most telling first."""
    told: list[Told] = [*_lanes(old, new), *_added_and_removed(old, new)]
    for key in _common(old, new):
        told += _element(key, old, new)
    told += _order(old, new)
    settled = {key for _, *pair in _turned(old, new) for key in pair}
    told += _ways(old, new, settled)
    told += _conditions(old, new)
    told += _defaults(old, new)
    spoken_of = {key for _, key, _ in told}
    for key in sorted({*old.content} & {*new.content}):
        if old.content[key] != new.content[key] and key not in spoken_of and not _only_wiring(key, old, new):
            told.append(("changed", key, f"{_name(key, new)}: settings that are not told here changed."))
    if not told and (old.rest, old.content) != (new.rest, new.content):
        told.append(("changed", None, "Settings of the process as a whole changed."))
    return [Change(kind, path, key, sentence) for kind, key, sentence in told]


def _nodes(diagram: Diagram) -> dict[str, Element]:
    return {key: each for key, each in diagram.elements.items() if each.kind != "sequenceFlow"}


def _common(old: Diagram, new: Diagram) -> list[str]:
    return [key for key in _nodes(new) if key in _nodes(old)]


def _name(key: str | None, diagram: Diagram) -> str:
    element = diagram.elements.get(key or "")
    if element is None:
        return f"“{key}”"
    if element.name:
        return f"“{element.name}”"
    what = "gateway" if element.kind in GATEWAYS else spoken.kind(element.kind)
    before = _named_before(element.id, diagram)
    return f"the {what} after “{before}”" if before else f"the {what} “{element.id}”"


def _named_before(key: str, diagram: Diagram) -> str:
    """The name of the nearest named element before this one; empty where there is none."""
    seen, ahead = {key}, [key]
    while ahead:
        here = ahead.pop(0)
        back = [each.source for each in diagram.elements.values() if each.target == here and each.source]
        for source in [*back, *([diagram.attached[here]] if here in diagram.attached else [])]:
            if source in seen or source not in diagram.elements:
                continue
            if diagram.elements[source].name:
                return diagram.elements[source].name
            seen.add(source)
            ahead.append(source)
    return ""


def _initial(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lanes(old: Diagram, new: Diagram) -> Iterator[Told]:
    for key, lane in new.lanes.items():
        before = old.lanes.get(key)
        if before is None:
            yield "added", key, f"New lane “{lane.name}”, for the role {spoken.role(lane.role)}."
            continue
        if before.name != lane.name:
            yield "changed", key, f"The lane “{before.name}” is now called “{lane.name}”."
        if before.role != lane.role:
            yield (
                "changed", key,
                f"What lies in the lane “{lane.name}” is now done by {spoken.role(lane.role)} "
                f"instead of {spoken.role(before.role)}.",
            )  # fmt: skip
    for key, lane in old.lanes.items():
        if key not in new.lanes:
            yield "removed", key, f"The lane “{lane.name}” was removed."


def _added_and_removed(old: Diagram, new: Diagram) -> Iterator[Told]:
    for key, element in _nodes(new).items():
        if key in old.elements:
            continue
        by = f", done by {spoken.doer(element)}" if element.kind in ("userTask", "manualTask") else ""
        before = _named_before(key, new)
        place = f", after “{before}”" if before else ""
        what = f"New: {_name(key, new)}{by}" if element.name else f"New {spoken.kind(element.kind)}"
        yield "added", key, f"{what}{place}."
    for key in _nodes(old):
        if key not in new.elements:
            yield "removed", key, f"{_initial(_name(key, old))} was removed."


def _element(key: str, old: Diagram, new: Diagram) -> Iterator[Told]:
    was, now = old.elements[key], new.elements[key]
    name = _initial(_name(key, new))
    if was.name != now.name:
        sentence = f"“{was.name}” is now called “{now.name}”." if was.name else f"{name} has a name now."
        yield "changed", key, sentence if now.name else f"“{was.name}” has no name any more."
    if was.kind != now.kind:
        yield "changed", key, f"{name} is now a {spoken.kind(now.kind)} instead of a {spoken.kind(was.kind)}."
    yield from _who(key, name, old, new)
    for read, words in PROPERTIES:
        before, after = read(was), read(now)
        if before != after:
            yield "changed", key, words(name, before, after)
    if old.timers.get(key, "") != new.timers.get(key, ""):
        yield (
            "changed", key,
            _instead(f"{name} waits", old.timers.get(key, ""), new.timers.get(key, ""), spoken.duration),
        )  # fmt: skip
    if old.attached.get(key) != new.attached.get(key):
        yield "moved", key, f"{name} now belongs to {_name(new.attached.get(key), new)}."


def _who(key: str, name: str, old: Diagram, new: Diagram) -> Iterator[Told]:
    was, now = old.elements[key], new.elements[key]
    lanes = old.lane_of.get(key), new.lane_of.get(key)
    if was.role != now.role:
        if lanes[0] == lanes[1] and lanes[0] is not None:
            whole = old.lanes[lanes[0]].role != new.lanes[lanes[0]].role
            if whole and (was.role, now.role) == (old.lanes[lanes[0]].role, new.lanes[lanes[0]].role):
                return
        if now.kind in GATEWAYS or now.kind in EVENTS:
            if lanes[0] != lanes[1]:
                yield "moved", key, f"{name} now lies in the lane “{now.lane or ''}”."
            return
        yield (
            "moved" if lanes[0] != lanes[1] else "changed", key,
            f"{name} is now done by {spoken.doer(now)} instead of {spoken.doer(was)}.",
        )  # fmt: skip
    elif lanes[0] != lanes[1] and was.lane != now.lane:
        yield "moved", key, f"{name} now lies in the lane “{now.lane or ''}” instead of “{was.lane or ''}”."


def _instead(what: str, was: str, now: str, say: Callable[[str], str] = str) -> str:
    if not was:
        return f"{what}: now {say(now)}."
    if not now:
        return f"{what}: no longer {say(was)}."
    return f"{what} {say(now)} instead of {say(was)}."


def _turned(old: Diagram, new: Diagram) -> list[tuple[str, str, str]]:
    unordered = GATEWAYS | {"boundaryEvent", "startEvent", "endEvent"}
    steps = [key for key in _common(old, new) if new.elements[key].kind not in unordered]
    return turned(forward(old), forward(new), steps)


def _order(old: Diagram, new: Diagram) -> Iterator[Told]:
    words = {"after": "now comes after", "before": "now comes before", "freed": "no longer comes after"}
    for how, step, other in _turned(old, new):
        yield "moved", step, f"{_initial(_name(step, new))} {words[how]} {_name(other, new)}."


def _leads(diagram: Diagram) -> dict[str, set[str]]:
    leads: dict[str, set[str]] = {key: set() for key in _nodes(diagram)}
    for each in diagram.elements.values():
        if each.source in leads and each.target in leads:
            leads[str(each.source)].add(str(each.target))
    return leads


def _ways(old: Diagram, new: Diagram, settled: set[str]) -> Iterator[Told]:
    """Ways between what both have; what was added, removed or moved between them is looked through."""
    common = set(_common(old, new)) - settled
    was, now = next_among(_leads(old), common), next_among(_leads(new), common)
    for source in sorted(common):
        for target in sorted(now[source] - was[source]):
            sentence = f"After {_name(source, new)}, a way now leads to {_name(target, new)}."
            yield "changed", source, sentence
        for target in sorted(was[source] - now[source]):
            sentence = f"After {_name(source, old)}, no way leads to {_name(target, old)} any more."
            yield "changed", source, sentence


def _flows(old: Diagram, new: Diagram) -> Iterator[tuple[Element, Element]]:
    """The same flow on both sides: by id, else by its two ends."""
    ends: Mapping[tuple[str | None, str | None], Element] = {
        (each.source, each.target): each for each in old.elements.values() if each.kind == "sequenceFlow"
    }
    for key, flow in new.elements.items():
        if flow.kind == "sequenceFlow":
            before = old.elements.get(key) or ends.get((flow.source, flow.target))
            if before is not None and before.kind == "sequenceFlow":
                yield before, flow


def _conditions(old: Diagram, new: Diagram) -> Iterator[Told]:
    for was, now in _flows(old, new):
        way = f"The way from {_name(now.source, new)} to {_name(now.target, new)}"
        before, after = was.condition or "", now.condition or ""
        if before and after and before != after:
            yield "changed", now.id, f"{way} is now taken when {after}; before, when {before}."
        elif after and not before:
            yield "changed", now.id, f"{way} now has a condition: {after}."
        elif before and not after:
            yield "changed", now.id, f"{way} has no condition any more (before: {before})."
        if was.name != now.name and (was.name or now.name):
            yield "changed", now.id, f"{way} is now labelled “{now.name}” instead of “{was.name}”."


def _defaults(old: Diagram, new: Diagram) -> Iterator[Told]:
    for key in _common(old, new):
        before, after = old.defaults.get(key), new.defaults.get(key)
        was = old.elements[before].target if before and before in old.elements else None
        now = new.elements[after].target if after and after in new.elements else None
        if was == now:
            continue
        where = f"At {_name(key, new)}, where no condition holds"
        if now is None:
            yield "changed", key, f"{where}, no way is taken any more; before, it led to {_name(was, old)}."
        else:
            yield "changed", key, f"{where}, the way now leads to {_name(now, new)}."


def _only_wiring(key: str, old: Diagram, new: Diagram) -> bool:
    """Whether a flow's ends alone differ: these are told as ways and as the order of steps."""
    was, now = old.elements[key], new.elements[key]
    if was.kind != "sequenceFlow" or now.kind != "sequenceFlow":
        return False
    if (was.source, was.target) == (now.source, now.target):
        return False
    stripped = [
        content.replace(repr(("sourceRef", each.source)), "").replace(repr(("targetRef", each.target)), "")
        for content, each in ((old.content[key], was), (new.content[key], now))
    ]
    return stripped[0] == stripped[1]
