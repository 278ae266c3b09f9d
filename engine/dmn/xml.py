"""Reading XML elements by local name: DMN files use many prefixes, and hold other tools' elements besides."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree


def local(node: etree._Element) -> str:
    """The element's name without its namespace."""
    return etree.QName(node).localname


def children(node: etree._Element, name: str | None = None) -> Iterator[etree._Element]:
    """The child elements in the element's own namespace, those of one name if it is given."""
    namespace = etree.QName(node).namespace
    for part in node.iterchildren("{*}*"):  # elements alone: no comments, no entity references
        found = etree.QName(part)
        if found.namespace == namespace and (name is None or found.localname == name):
            yield part


def child(node: etree._Element, name: str) -> etree._Element | None:
    """The first child element of that name, or None."""
    return next(children(node, name), None)


def text_of(node: etree._Element | None) -> str:
    """The element's text without white space around it; empty where there is no element."""
    return "" if node is None else "".join(str(part) for part in node.itertext()).strip()


def attribute(node: etree._Element | None, name: str) -> str | None:
    """An attribute's value, or that of a child element of the name (as DMN 1.1 wrote type references),
    or None.
    """
    if node is None:
        return None
    value = node.get(name)
    if value is None:
        value = text_of(child(node, name))
    return str(value) or None
