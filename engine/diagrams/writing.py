"""Writing new elements into a file in its own hand: its prefixes, its line ends, its indentation."""

from __future__ import annotations

import re

from engine.diagrams.source import XML, Node

_XSI_TYPE = ("http://www.w3.org/2001/XMLSchema-instance", "type")
_LINE = re.compile(r"\r?\n[ \t]*\Z")


class Writer:
    """Writes elements of another text as parts of a file; namespaces it lacks are declared at its root."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._declared: dict[str, str] = {}

    def with_namespaces(self, body: str) -> str:
        """The root as written, with what had to be declared."""
        at = 1 + len(self._root.written)
        added = "".join(f' xmlns:{prefix}="{escaped(uri)}"' for uri, prefix in self._declared.items())
        return body[:at] + added + body[at:]

    def name(self, name: tuple[str, str], scope: Node, origin: Node) -> str:
        """An element's name as the file writes it within `scope`; `origin` is where it comes from."""
        uri, local = name
        if scope.prefixes.get("", "") == uri:
            return local
        return f"{self._prefix(uri, scope, origin)}:{local}"

    def attribute(self, name: tuple[str, str], scope: Node, origin: Node) -> str:
        """An attribute's name as the file writes it."""
        uri, local = name
        return f"{self._prefix(uri, scope, origin)}:{local}" if uri else local

    def qualified(self, value: str, origin: Node, scope: Node) -> str:
        """A value that is a name with a prefix, with the file's own prefix."""
        prefix, _, local = value.rpartition(":")
        uri = origin.prefixes.get(prefix)
        return value if uri is None else self.name((uri, local), scope, origin)

    def element(self, node: Node, scope: Node, line: str) -> str:
        """An element of the other text with all it holds, to stand after `line` (line's end and indent)."""
        name = self.name(node.name, scope, node)
        start = f"<{name}"
        for key, attribute in node.attributes.items():
            value = self.qualified(attribute.value, node, scope) if key == _XSI_TYPE else attribute.value
            start += f' {self.attribute(key, scope, node)}="{escaped(value)}"'
        if node.children:
            below = line + unit(self._root) if line else ""
            inner = "".join(below + self.element(child, scope, below) for child in node.children)
            return f"{start}>{inner}{line}</{name}>"
        text = escaped(node.text, "")
        return f"{start}>{text}</{name}>" if text else f"{start} />"

    def _prefix(self, uri: str, scope: Node, origin: Node) -> str:
        if uri == XML:
            return "xml"
        for prefix, known in scope.prefixes.items():
            if known == uri and prefix:
                return prefix
        if uri not in self._declared:
            wished = next(
                (prefix for prefix, each in origin.prefixes.items() if each == uri and prefix), "ns"
            )
            taken = {prefix for node in self._root.walk() for prefix in node.prefixes}
            taken |= set(self._declared.values())
            prefix, count = wished, 1
            while prefix in taken:
                count += 1
                prefix = f"{wished}{count}"
            self._declared[uri] = prefix
        return self._declared[uri]


def escaped(text: str, quote: str = '"') -> str:
    """Text as XML writes it; for an attribute's value, in its quotes."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not quote:
        return text
    text = text.replace(quote, "&quot;" if quote == '"' else "&apos;")
    return text.replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#9;")


def line_before(node: Node) -> str:
    """The line's end and the indent before an element; empty where it stands behind something else."""
    found = _LINE.search(node.source[max(0, node.start - 400) : node.start])
    return found[0] if found else ""


def line_within(node: Node) -> str:
    """The line's end and the indent of what stands in an element."""
    if node.children:
        return line_before(node.children[0])
    line = line_before(node)
    root = node
    while root.parent is not None:
        root = root.parent
    return line + unit(root) if line else ""


def unit(root: Node) -> str:
    """One step of a file's indentation."""
    return line_before(root.children[0]).strip("\r\n") if root.children else ""
