"""Safe reading of XML that anybody may have drawn."""

from __future__ import annotations

from typing import Any

from lxml import etree

from engine.errors import EngineError

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
PARLEY = "urn:parley:bpmn:1"

LARGEST_FILE_BYTES = 20_000_000
"""Larger files are refused before they are parsed."""


class DiagramUnreadable(EngineError):
    """The file is not well-formed XML, is too large, or carries a DOCTYPE."""


def read_xml(data: bytes) -> etree._Element:
    """Parse bytes, in whatever encoding they declare, without entities, network or DTD.

    Raises:
        DiagramUnreadable: with a sentence that says why and where.
    """
    if len(data) > LARGEST_FILE_BYTES:
        raise DiagramUnreadable(
            f"The file has {len(data):,} bytes; at most {LARGEST_FILE_BYTES:,} are read. Nothing was stored."
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise DiagramUnreadable(f"The file is not well-formed XML: {error}. Nothing was stored.") from error
    document: Any = root.getroottree().docinfo
    if document.doctype:
        raise DiagramUnreadable(
            "The file has a DOCTYPE, which can carry harmful definitions. "
            "Remove that line and load it again; nothing was stored."
        )
    return root


def local(node: etree._Element) -> str:
    """The tag without its namespace; empty for comments and processing instructions."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def is_bpmn(node: etree._Element) -> bool:
    """Whether the node is in BPMN's model namespace."""
    return isinstance(node.tag, str) and etree.QName(node).namespace == BPMN
