"""Safe reading of XML that anybody may have drawn, in whatever encoding."""

from __future__ import annotations

import codecs
import re
from typing import Any

from lxml import etree

from engine.errors import EngineError

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
PARLEY = "urn:parley:bpmn:1"

LARGEST_FILE_BYTES = 20_000_000
"""Larger files are refused before they are parsed."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WITHOUT_BOM = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"))
_NO_ENCODINGS = frozenset(
    {
        "idna",
        "punycode",
        "undefined",
        "unicode-escape",
        "raw-unicode-escape",
        "utf-7",
        "unicode-1-1-utf-7",
        "u7",
    }
)
"""What can be decoded too, and is no encoding of documents: it hides text from whoever looks at the file."""
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*?\?>\s*")
_DECLARED = re.compile(rb"""\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._:-]{1,60})["']""")
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_PROLOG_CHARACTERS = 100_000


class DiagramUnreadable(EngineError):
    """The file cannot be read as a diagram. `rule` names the rule of docs/rules that it breaks."""

    def __init__(self, message: str, rule: str = "well-formed") -> None:
        self.rule = rule
        super().__init__(message)


def read_xml(data: bytes) -> etree._Element:
    """Parse bytes, in whatever encoding they declare, without entities, network or DTD.

    Comments and processing instructions are left out of the tree: the bytes are what is kept of a file.

    Raises:
        DiagramUnreadable: with a sentence that says why and where.
    """
    if len(data) > LARGEST_FILE_BYTES:
        raise DiagramUnreadable(
            f"The file has {len(data):,} bytes; at most {LARGEST_FILE_BYTES:,} are read. Nothing was stored."
        )
    if not data.strip():
        raise DiagramUnreadable("The file is empty. Nothing was stored; export the diagram once more.")
    try:
        root = _parse(data)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        if _DOCTYPE.search(_prolog(data)):
            raise _with_doctype() from error
        reason = str(error).replace(" (<string>, line", " (line").rstrip(". \n")
        raise DiagramUnreadable(f"The file is not well-formed XML: {reason}. Nothing was stored.") from error
    document: Any = root.getroottree().docinfo
    if document.doctype or document.internalDTD is not None:
        raise _with_doctype()
    return root


def read_text(data: bytes) -> tuple[str, str]:
    """The file's text, and the encoding it came in.

    The text is what a browser may be given as UTF-8: its XML declaration says so, and nothing else differs.

    Raises:
        DiagramUnreadable: where the bytes are not in the encoding they declare.
    """
    encoding = "an encoding of its own"
    try:
        encoding = encoding_of(data)
        text = data.decode(encoding)
    except (UnicodeError, LookupError) as error:
        raise DiagramUnreadable(
            f"The file says it is written in {encoding}, but its bytes are not. "
            "Nothing was stored; export the diagram once more, as UTF-8."
        ) from error
    body = _DECLARATION.sub("", text.removeprefix("\ufeff"), count=1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', encoding


def encoding_of(data: bytes) -> str:
    """Python's name of the encoding of an XML file: by its byte order mark, else as declared, else UTF-8.

    Raises:
        LookupError: where what it declares is no encoding of documents.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    for start, name in _WITHOUT_BOM:
        if data.startswith(start):
            return name
    declared = _DECLARED.match(data[:1000])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name.replace("_", "-") in _NO_ENCODINGS:
        raise LookupError(f"unknown encoding: {name}")
    # Bytes of one width that say UTF-16 are UTF-8, saved under a declaration that was not mended.
    return "utf-8" if name.startswith(("utf-16", "utf-32", "ucs-")) else name


def _parser(encoding: str | None = None) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding=encoding,
    )


def _parse(data: bytes) -> etree._Element:
    name = encoding_of(data)
    try:
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError:
        # libxml2 knows fewer encodings than Python, and believes a declaration that its file contradicts.
        declared = _DECLARED.match(data[:1000])
        if declared is None or declared[1].decode("ascii").lower() in ("utf-8", "us-ascii", "ascii"):
            raise
        text = _DECLARATION.sub("", data.decode(name).removeprefix("\ufeff"), count=1)
        return etree.fromstring(text.encode(), _parser("utf-8"))


def _prolog(data: bytes) -> str:
    """The part before the first element, for looking at files that cannot be parsed."""
    try:
        text = data[:_PROLOG_CHARACTERS].decode(encoding_of(data), "replace")
    except (LookupError, UnicodeError):
        text = data[:_PROLOG_CHARACTERS].decode("latin-1")
    match = re.search(r"<[A-Za-z_]", text)
    return text if match is None else text[: match.start()]


def _with_doctype() -> DiagramUnreadable:
    return DiagramUnreadable(
        "The file has a DOCTYPE, which can carry harmful definitions. "
        "Remove that line and load it again; nothing was stored.",
        "no-doctype",
    )


def local(node: etree._Element) -> str:
    """The tag without its namespace; empty for comments and processing instructions."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def is_bpmn(node: etree._Element) -> bool:
    """Whether the node is in BPMN's model namespace."""
    return isinstance(node.tag, str) and etree.QName(node).namespace == BPMN
