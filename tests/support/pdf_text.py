"""The text and the shapes of a PDF that Chromium printed, page by page: enough to see what is on paper.

Reads what Skia writes (plain objects, deflated streams, fonts with a ToUnicode map), no other PDF.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

_OBJECT = re.compile(rb"(?<!\d)(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_DRAWN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj|\[(.*?)\] TJ|/(\w+) Do\b", re.DOTALL)
_RANGE = re.compile(rb"<(\w+)> <(\w+)> <(\w+)>")
_CHAR = re.compile(rb"<(\w+)> <(\w+)>")
_SHAPE = re.compile(rb"\b(?:re|l|c)\n")


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page: how large it is in points, what can be read on it, and how many lines and curves it holds."""

    width: float
    height: float
    text: str
    shapes: int


def pages(data: bytes) -> list[PrintedPage]:
    """All pages in their order; lines follow each other without a space between them."""
    objects = {int(number): body for number, body in _OBJECT.findall(data)}
    found = []
    for body in objects.values():
        if not re.search(rb"/Type /Page\b", body):
            continue
        box = re.search(rb"/MediaBox \[([^\]]+)\]", body)
        assert box is not None
        _, _, width, height = map(float, box[1].split())
        text, shapes = _read(objects, body, _references(body, b"Contents"))
        found.append(PrintedPage(width, height, text, shapes))
    return found


def _read(objects: dict[int, bytes], resources: bytes, contents: list[int]) -> tuple[str, int]:
    parts, shapes = [], 0
    fonts = {name: _glyphs(objects, number) for name, number in _named(objects, resources, b"Font").items()}
    forms = _named(objects, resources, b"XObject")
    for number in contents:
        drawn = _content(objects[number])
        shapes += len(_SHAPE.findall(drawn))
        font: dict[int, str] = {}
        for name, plain, several, form in _DRAWN.findall(drawn):
            if name:
                font = fonts.get(name, {})
            elif form in forms and b"/Subtype /Form" in objects[forms[form]]:
                text, inside = _read(objects, objects[forms[form]], [forms[form]])
                parts.append(text)
                shapes += inside
            for piece in [plain] if plain else re.findall(rb"<([0-9A-Fa-f]+)>", several):
                codes = (int(piece[at : at + 4], 16) for at in range(0, len(piece), 4))
                parts.append("".join(font.get(code, "") for code in codes))
    return "".join(parts), shapes


def _content(body: bytes) -> bytes:
    stream = _STREAM.search(body)
    assert stream is not None
    return zlib.decompress(stream[1]) if b"/FlateDecode" in body else stream[1]


def _references(body: bytes, key: bytes) -> list[int]:
    found = re.search(rb"/" + key + rb" (\[[^\]]*\]|\d+ 0 R)", body)
    return [int(each) for each in re.findall(rb"(\d+) 0 R", found[1])] if found else []


def _named(objects: dict[int, bytes], body: bytes, kind: bytes) -> dict[bytes, int]:
    """Resources of a kind by their names, written in place or in an object of their own."""
    for number in _references(body, b"Resources"):
        body += objects[number]
    found = re.search(rb"/" + kind + rb" <<(.*?)>>", body, re.DOTALL)
    return {name: int(number) for name, number in re.findall(rb"/(\w+) (\d+) 0 R", found[1])} if found else {}


def _glyphs(objects: dict[int, bytes], font: int) -> dict[int, str]:
    """Glyph to the text it stands for."""
    found: dict[int, str] = {}
    for number in _references(objects[font], b"ToUnicode"):
        table = _content(objects[number])
        for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
            for low, high, first in _RANGE.findall(block):
                for offset in range(int(high, 16) - int(low, 16) + 1):
                    found[int(low, 16) + offset] = chr(int(first, 16) + offset)
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
            for glyph, text in _CHAR.findall(block):
                found[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return found
