"""A file's text as a tree in which every element knows where it stands, so that a part can be changed alone.

Parsers for XML give values, not places: they forget the order of attributes, entities, prefixes and spaces.
This one reads what a parser has found well-formed before, without a DOCTYPE, and keeps each thing's place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_MARKUP = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    r"|<(?P<close>/)?(?P<name>[^\s/>!?]+)(?P<rest>(?:[^>\"']|\"[^\"]*\"|'[^']*')*?)(?P<empty>/)?>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"(?P<name>[^\s=]+)\s*=\s*(?P<quote>[\"'])(?P<value>.*?)(?P=quote)", re.DOTALL)
_UNSEEN = re.compile(r"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
XML = "http://www.w3.org/XML/1998/namespace"


@dataclass(slots=True)
class Attribute:
    """An attribute: its value, and the place of the value between its quotes."""

    written: str
    value: str
    start: int
    end: int
    whole: int
    """Where it begins, with the space before it."""


@dataclass(slots=True)
class Node:
    """An element of the text. Places count characters."""

    source: str
    written: str
    """Its name as written, with the prefix."""
    name: tuple[str, str]
    """Namespace and local name."""
    prefixes: Mapping[str, str]
    """The namespaces that hold here, by prefix."""
    attributes: dict[tuple[str, str], Attribute]
    start: int
    inner: int
    """Where its start tag ends."""
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    close: int = 0
    """Where its end tag begins; that of an empty element is where its start tag ends."""
    end: int = 0
    is_empty: bool = False

    @property
    def id(self) -> str | None:
        """The attribute `id`."""
        found = self.attributes.get(("", "id"))
        return None if found is None else found.value

    @property
    def text(self) -> str:
        """What is written directly in it, entities resolved; of its children nothing."""
        parts, at = [], self.inner
        for child in self.children:
            parts.append(self.source[at : child.start])
            at = child.end
        parts.append(self.source[at : self.close])
        found: list[str] = []
        for part in parts:
            pieces = _CDATA.split(_UNSEEN.sub("", part))
            found += [piece if index % 2 else unescape(piece) for index, piece in enumerate(pieces)]
        return "".join(found)

    def walk(self) -> list[Node]:
        """The element and all within it, in the order of the text."""
        found, waiting = [], [self]
        while waiting:
            node = waiting.pop()
            found.append(node)
            waiting.extend(reversed(node.children))
        return found


def read_source(text: str) -> Node:
    """The root of a text that is well-formed XML without a DOCTYPE.

    Raises:
        ValueError: it is not.
    """
    root: Node | None = None
    here: Node | None = None
    for found in _MARKUP.finditer(text):
        if found["name"] is None:
            continue
        if found["close"]:
            if here is None or here.written != found["name"]:
                raise ValueError(f"The end of {found['name']} stands where nothing of that name is open.")
            here.close, here.end = found.start(), found.end()
            here = here.parent
            continue
        node = _node(text, found, here)
        if here is not None:
            here.children.append(node)
        elif root is None:
            root = node
        if found["empty"]:
            node.close = node.end = found.end()
            node.is_empty = True
        else:
            here = node
    if root is None or here is not None:
        raise ValueError("The text does not hold one whole element.")
    return root


def unescape(text: str) -> str:
    """Text with the entities of XML resolved."""

    def value(found: re.Match[str]) -> str:
        hexadecimal, decimal, name = found.groups()
        return _NAMED[name] if name else chr(int(hexadecimal, 16) if hexadecimal else int(decimal))

    return _ENTITY.sub(value, text)


def _node(source: str, found: re.Match[str], parent: Node | None) -> Node:
    begun = found.start("rest")
    prefixes: Mapping[str, str] = parent.prefixes if parent else {"xml": XML}
    own: dict[str, str] = {}
    written: list[Attribute] = []
    at = 0
    for each in _ATTRIBUTE.finditer(found["rest"]):
        value = unescape(each["value"])
        if each["name"] == "xmlns":
            own[""] = value
        elif each["name"].startswith("xmlns:"):
            own[each["name"].removeprefix("xmlns:")] = value
        else:
            start, end = begun + each.start("value"), begun + each.end("value")
            written.append(Attribute(each["name"], value, start, end, begun + at))
        at = each.end()
    if own:
        prefixes = {**prefixes, **own}
    attributes = {}
    for attribute in written:
        prefix, _, local = attribute.written.rpartition(":")
        attributes[(prefixes.get(prefix, prefix) if prefix else "", local)] = attribute
    prefix, _, local = found["name"].rpartition(":")
    return Node(
        source=source,
        written=found["name"],
        name=(prefixes.get(prefix, ""), local),
        prefixes=prefixes,
        attributes=attributes,
        start=found.start(),
        inner=found.end(),
        parent=parent,
    )
