"""A shipped diagram as a reader's eye sees it: boxes, lines and labels, and what can be wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"

Point = tuple[float, float]

SIZE = 11
"""Height of the type that BPMN tools set labels in, in pixels; the face is Arial or one as wide."""
WIDTHS = {
    **dict.fromkeys("ijl", 0.222),
    **dict.fromkeys(" ft.,:;I'", 0.278),
    **dict.fromkeys("r-()", 0.333),
    **dict.fromkeys("ckvxyszJ", 0.5),
    **dict.fromkeys("ABEKPSVXY", 0.667),
    **dict.fromkeys("wCDHNRU", 0.722),
    **dict.fromkeys("GOQ", 0.778),
    **dict.fromkeys("mM", 0.833),
    "W": 0.944,
}
"""Width of a character in parts of the size, from the metrics of Helvetica; of all others 0.556."""
LINE = 13
"""Height of a line of a label."""


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: Box) -> bool:
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def within(self, other: Box) -> bool:
        return (
            other.x <= self.x
            and other.y <= self.y
            and self.right <= other.right
            and self.bottom <= other.bottom
        )

    def has_on_border(self, point: Point) -> bool:
        x, y = point
        inside = self.x <= x <= self.right and self.y <= y <= self.bottom
        return inside and (x in (self.x, self.right) or y in (self.y, self.bottom))

    def is_run_over_by(self, start: Point, end: Point) -> bool:
        """Whether a horizontal or vertical line passes through the inside, borders not counted."""
        (left, right), (top, bottom) = sorted((start[0], end[0])), sorted((start[1], end[1]))
        return left < self.right and self.x < right and top < self.bottom and self.y < bottom


@dataclass(frozen=True, slots=True)
class Shape:
    id: str
    kind: str
    name: str
    box: Box
    label: Box | None
    host: str | None = None
    """The task that a boundary event sits on."""


@dataclass(frozen=True, slots=True)
class Line:
    id: str
    kind: str
    name: str
    source: str
    target: str
    points: tuple[Point, ...]
    label: Box | None

    @property
    def segments(self) -> list[tuple[Point, Point]]:
        return list(pairwise(self.points))


@dataclass(frozen=True, slots=True)
class Drawing:
    shapes: dict[str, Shape]
    """Everything with a box but pools and lanes."""
    lanes: dict[str, Box]
    members: dict[str, list[str]]
    """Lane id to the flow nodes it lists."""
    lines: dict[str, Line]
    undrawn: frozenset[str] = field(default_factory=frozenset)
    """Flow nodes, flows, notes and links of the process that have no place in the picture."""

    def labels(self) -> Iterator[tuple[str, str, Box]]:
        everything: list[Shape | Line] = [*self.shapes.values(), *self.lines.values()]
        for each in everything:
            if each.label is not None:
                yield each.id, each.name, each.label


def read(data: bytes) -> Drawing:
    root = etree.fromstring(data)
    boxes, labels, points = _places(root)
    shapes: dict[str, Shape] = {}
    lines: dict[str, Line] = {}
    undrawn = set()
    for element in root.iter(f"{{{BPMN}}}process"):
        for child in element:
            kind, key = etree.QName(child).localname, child.get("id", "")
            if kind in ("documentation", "laneSet"):
                continue
            name = child.get("name", "")
            source, target = child.get("sourceRef"), child.get("targetRef")
            if source is not None and target is not None and key in points:
                lines[key] = Line(key, kind, name, source, target, points[key], labels.get(key))
            elif source is None and key in boxes:
                shapes[key] = Shape(key, kind, name, boxes[key], labels.get(key), child.get("attachedToRef"))
            else:
                undrawn.add(key)
    lanes = list(root.iter(f"{{{BPMN}}}lane"))
    members = {
        lane.get("id", ""): [reference.text or "" for reference in lane.iter(f"{{{BPMN}}}flowNodeRef")]
        for lane in lanes
    }
    return Drawing(shapes, {key: boxes[key] for key in members}, members, lines, frozenset(undrawn))


def _places(
    root: etree._Element,
) -> tuple[dict[str, Box], dict[str, Box], dict[str, tuple[Point, ...]]]:
    boxes, labels, points = {}, {}, {}
    for shape in root.iter(f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge"):
        key = shape.get("bpmnElement", "")
        own = shape.find(f"{{{DC}}}Bounds")
        label = shape.find(f"{{{DI}}}BPMNLabel/{{{DC}}}Bounds")
        if own is not None:
            boxes[key] = _box(own)
        else:
            points[key] = tuple((float(p.get("x", "")), float(p.get("y", ""))) for p in shape.iter(WAYPOINT))
        if label is not None:
            labels[key] = _box(label)
    return boxes, labels, points


def _box(bounds: etree._Element) -> Box:
    x, y, width, height = (float(bounds.get(name, "")) for name in ("x", "y", "width", "height"))
    return Box(x, y, width, height)


def crossings(drawing: Drawing) -> list[str]:
    """Pairs of lines that share a point anywhere."""
    return [
        f"{one.id} meets {other.id}"
        for one, other in combinations(drawing.lines.values(), 2)
        if any(_meet(a, b) for a in one.segments for b in other.segments)
    ]


def _meet(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two horizontal or vertical segments share a point."""
    return all(
        min(one[0][axis], one[1][axis]) <= max(other[0][axis], other[1][axis])
        and min(other[0][axis], other[1][axis]) <= max(one[0][axis], one[1][axis])
        for axis in (0, 1)
    )


def run_over(drawing: Drawing) -> list[str]:
    """Lines that pass through a box, those of their own ends included."""
    return [
        f"{line.id} runs over {shape.id}"
        for line in drawing.lines.values()
        for shape in drawing.shapes.values()
        if any(shape.box.is_run_over_by(*segment) for segment in line.segments)
    ]


def slanted(drawing: Drawing) -> list[str]:
    """Lines with a part that is neither horizontal nor vertical, or of no length."""
    return [
        line.id
        for line in drawing.lines.values()
        if any((a[0] == b[0]) == (a[1] == b[1]) for a, b in line.segments)
    ]


def loose_ends(drawing: Drawing) -> list[str]:
    """Lines that do not begin on the border of their source, or do not end on that of their target."""
    return [
        f"{line.id} at {end}"
        for line in drawing.lines.values()
        for end, point in ((line.source, line.points[0]), (line.target, line.points[-1]))
        if not drawing.shapes[end].box.has_on_border(point)
    ]


def overlapping_shapes(drawing: Drawing) -> list[str]:
    """Pairs of boxes that overlap, but for a boundary event and its task."""
    return [
        f"{one.id} overlaps {other.id}"
        for one, other in combinations(drawing.shapes.values(), 2)
        if one.box.overlaps(other.box) and other.id != one.host and one.id != other.host
    ]


def covered_labels(drawing: Drawing) -> list[str]:
    """Labels that lie on a box, a line, another label, or the border between two lanes."""
    labels = list(drawing.labels())
    found = [
        f"{key} on {shape.id}"
        for key, _, box in labels
        for shape in drawing.shapes.values()
        if box.overlaps(shape.box)
    ]
    found += [
        f"{key} on {line.id}"
        for key, _, box in labels
        for line in drawing.lines.values()
        if any(box.is_run_over_by(*segment) for segment in line.segments)
    ]
    found += [
        f"{one[0]} on {other[0]}" for one, other in combinations(labels, 2) if one[2].overlaps(other[2])
    ]
    found += [
        f"{key} is in no lane"
        for key, _, box in labels
        if not any(box.within(lane) for lane in drawing.lanes.values())
    ]
    return found


def cramped_labels(drawing: Drawing) -> list[str]:
    """Names whose text, broken between words, does not fit into its label's box."""
    found = []
    for key, name, box in drawing.labels():
        lines = [""]
        for word in name.split():
            longer = f"{lines[-1]} {word}".strip()
            lines[-1:] = [longer] if _width(longer) <= box.width else [lines[-1], word]
        lines = [line for line in lines if line]
        if len(lines) * LINE > box.height or max(map(_width, lines)) > box.width:
            found.append(f"{key}: {lines}")
    return found


def _width(text: str) -> float:
    return SIZE * sum(WIDTHS.get(character, 0.556) for character in text)


def out_of_lane(drawing: Drawing) -> list[str]:
    """Flow nodes that are not in exactly one lane's list, or whose box is not within that lane."""
    found = []
    for shape in drawing.shapes.values():
        if shape.kind == "textAnnotation":
            continue
        lanes = [lane for lane, members in drawing.members.items() if shape.id in members]
        if len(lanes) != 1 or not shape.box.within(drawing.lanes[lanes[0]]):
            found.append(f"{shape.id}: {lanes}")
    return found
