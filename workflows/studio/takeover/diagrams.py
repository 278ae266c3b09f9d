"""A diagram of another tool as it is read here: its elements, and each setting that is no part of BPMN."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.diagrams.importing import read_definitions
from engine.diagrams.xml import BPMN, is_bpmn, local
from workflows.studio import spoken
from workflows.studio.takeover.dialects import BIZAGI, JUEL_FAMILY, PREFIXES, STANDARD, TOOLS, ZEEBE

LONGEST_VALUE = 160
_TRANSPARENT = frozenset(
    {
        "BizagiExtensions",
        "BizagiProperties",
        "formData",
        "inputOutput",
        "ioMapping",
        "properties",
        "taskHeaders",
    }
)
"""Elements that only hold others: each of those is a setting."""
_SPLIT = frozenset({(ZEEBE, "assignmentDefinition"), (ZEEBE, "taskSchedule")})
"""Elements of which each attribute is a setting."""
_NAMED_BY = ("id", "name", "target", "key", "metaKey")
_NAMED_ALONE = ("variables", "businessKey")
_OTHER_KINDS = {
    "lane": "lane",
    "process": "process",
    "participant": "pool",
    "message": "message",
    "definitions": "file",
    "collaboration": "collaboration",
}


@dataclass(slots=True, eq=False)
class Setting:
    """An attribute or an element of another tool at an element of BPMN or of its drawing."""

    owner: etree._Element
    namespace: str
    name: str
    value: str
    node: etree._Element | None
    """The element itself; None for an attribute."""
    ident: str = ""
    """What tells it from others of the same name."""
    said: str = ""
    """Its name with the tool's prefix, and what tells it apart."""


@dataclass(slots=True)
class Diagram:
    """One file, read."""

    path: str
    root: etree._Element
    nodes: list[etree._Element] = field(init=False)
    settings: list[Setting] = field(init=False)
    _places: dict[etree._Element, int] = field(init=False)
    _names: dict[str, etree._Element] = field(init=False)
    _at_owner: dict[etree._Element, list[Setting]] = field(init=False)
    starters: frozenset[str] = field(init=False)
    """Names of the variables that hold who began a case."""

    def __post_init__(self) -> None:
        self.nodes = list(self.root.iter("*"))
        self._places = {node: place for place, node in enumerate(self.nodes)}
        self._names = {node.get("id", ""): node for node in self.nodes if is_bpmn(node)}
        self.settings = list(self._settings())
        self._at_owner = {}
        for each in self.settings:
            self._at_owner.setdefault(each.owner, []).append(each)
        self.starters = frozenset(
            each.value for each in self.settings if each.namespace in JUEL_FAMILY and each.name == "initiator"
        )

    @property
    def tools(self) -> list[str]:
        """Names of the tools that wrote it or left settings in it, in the order of `TOOLS`."""
        spaces = {each.namespace for each in self.settings}
        exporter = " ".join(self.root.get("exporter", "").split())
        written = exporter.lower()
        target = self.root.get("targetNamespace", "")
        found = [
            each.name
            for each in TOOLS
            if spaces.intersection(each.namespaces)
            or written.startswith(each.exporters)
            or (not written and target.startswith(each.targets))
        ]
        if not found and exporter and not written.startswith("parley"):
            found = [exporter[:80]]
        return found

    def at(self, node: etree._Element) -> int:
        """Which element of the file it is."""
        return self._places[node]

    def by_id(self, key: str | None) -> etree._Element | None:
        """The element of BPMN with an id."""
        return self._names.get(key or "")

    def every(self, *tags: str) -> Iterator[etree._Element]:
        """Elements of BPMN with one of the names, in the order of the file."""
        return (node for node in self.nodes if is_bpmn(node) and local(node) in tags)

    def of(self, owner: etree._Element, spaces: Iterable[str], *names: str) -> list[Setting]:
        """Settings of an element by namespace and name."""
        wanted = frozenset(spaces)
        return [
            each for each in self._at_owner.get(owner, ()) if each.namespace in wanted and each.name in names
        ]

    def process_of(self, node: etree._Element) -> etree._Element | None:
        """The process that holds an element."""
        current: etree._Element | None = node
        while current is not None and not (is_bpmn(current) and local(current) == "process"):
            current = current.getparent()
        return current

    def spoken(self, node: etree._Element) -> str:
        """An element in plain words: its name in quotes, or what it is."""
        title = " ".join((node.get("name") or "").split())
        kind = local(node)
        if kind == "sequenceFlow":
            ends = [self.by_id(node.get(each)) for each in ("sourceRef", "targetRef")]
            whole = " → ".join(self.spoken(each) for each in ends if each is not None)
            return f"the flow {whole}"
        what = _OTHER_KINDS.get(kind) or spoken.kind(kind)
        if title:
            return f"“{title}”"
        return f"the {what} {node.get('id', '')}".rstrip()

    def _settings(self) -> Iterator[Setting]:
        owner: etree._Element = self.root
        inside: set[etree._Element] = set()
        for node in self.nodes:
            parent = node.getparent()
            if parent in inside:
                inside.add(node)
                continue
            if _foreign(node):
                if local(node) in _TRANSPARENT:
                    continue
                inside.add(node)
                yield from self._of_node(node, _owner(node))
                continue
            owner = _owner(node)
            for name, value in node.attrib.items():
                space = etree.QName(str(name)).namespace or ""
                if space not in STANDARD:
                    yield self._named(owner, space, etree.QName(str(name)).localname, str(value), None)

    def _of_node(self, node: etree._Element, owner: etree._Element) -> Iterator[Setting]:
        name = etree.QName(node)
        space = name.namespace or ""
        if (space, name.localname) in _SPLIT:
            for key, value in node.attrib.items():
                yield self._named(owner, space, str(key), str(value), node)
            return
        values = [f'{etree.QName(str(key)).localname}="{value!s}"' for key, value in node.attrib.items()]
        text = " ".join(text_in(node).split())
        if not values and not text:
            values = [str(value) for part in node.iter("*") for value in part.attrib.values() if value]
        made = self._named(owner, space, name.localname, " ".join([*values, text]).strip(), node)
        if space == BIZAGI and node.get("value") is not None:
            made.value = node.get("value", "")
        for key in _NAMED_ALONE:
            made.ident = key if node.get(key) is not None else made.ident
        for key in _NAMED_BY:
            made.ident = made.ident or node.get(key, "")
        made.said = f"{made.said} {made.ident}".strip()
        yield made

    @staticmethod
    def _named(
        owner: etree._Element, space: str, name: str, value: str, node: etree._Element | None
    ) -> Setting:
        prefix = PREFIXES.get(space) or next(
            (str(each) for each, uri in owner.nsmap.items() if uri == space and each), ""
        )
        if not prefix and node is not None:
            prefix = node.prefix or ""
        said = f"{prefix}:{name}" if prefix else name
        return Setting(owner, space, name, value, node, said=said)


def read(path: str, data: bytes) -> Diagram:
    """A file's diagram. Raises `DiagramUnreadable`."""
    return Diagram(path, read_definitions(data))


def shortened(text: str) -> str:
    """A value as a list shows it."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_VALUE else f"{plain[: LONGEST_VALUE - 1]}…"


def text_in(node: etree._Element) -> str:
    """All that is written in an element."""
    return "".join(str(each) for each in node.itertext())


def child(node: etree._Element, tag: str) -> etree._Element | None:
    """The first child of BPMN with a name."""
    return node.find(f"{{{BPMN}}}{tag}")


def _foreign(node: etree._Element) -> bool:
    return (etree.QName(node).namespace or "") not in STANDARD or _in_no_namespace(node)


def _in_no_namespace(node: etree._Element) -> bool:
    return etree.QName(node).namespace is None


def _is_part(node: etree._Element) -> bool:
    return local(node) in _PARTS or local(node).endswith("EventDefinition")


def _owner(node: etree._Element) -> etree._Element:
    """The element that a setting is about: the nearest with an id that is no part of another one."""
    current: etree._Element | None = node
    while current is not None:
        if not _foreign(current) and current.get("id") and not _is_part(current):
            return current
        parent = current.getparent()
        if parent is None:
            return current
        current = parent
    return node


_PARTS = frozenset(
    {
        "conditionExpression",
        "documentation",
        "extensionElements",
        "multiInstanceLoopCharacteristics",
        "script",
    }
)
