"""Texts of a form: plain words with values of the case put in by FEEL, never HTML.

form-js lets a text be an expression (`= expression`) or hold `{{expression}}` between plain words, and
renders static text components as Markdown. Of Markdown, headings, paragraphs and lists are understood here,
as structure; what would need raw markup is refused when the form is read, so that nothing a person typed can
ever become a tag or a link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import Expression, FeelError, compile_expression
from forms.errors import FormError

_TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_HTML = re.compile(r"<[A-Za-z/!?]")
_INLINE = re.compile(r"\*\*|__|`|!?\[[^\]]*\]\(|^\s*>|^\s*\|", re.MULTILINE)
_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
_BULLET = re.compile(r"\s*[-*+]\s+(\S.*)")
_NUMBERED = re.compile(r"\s*\d{1,3}[.)]\s+(\S.*)")
_MONTHS = "January February March April May June July August September October November December".split()
NOTHING = "—"
"""Shown where a value is not there."""


@dataclass(frozen=True, slots=True)
class Template:
    """Words and expressions in turn."""

    parts: tuple[str | Expression, ...]

    @property
    def names(self) -> frozenset[str]:
        """Names the expressions read."""
        return frozenset().union(*(part.names for part in self.parts if not isinstance(part, str)))

    def render(self, context: Mapping[str, object], now: datetime) -> str:
        """The text with its values put in. An expression that fails or has no value shows as a dash."""
        return "".join(
            part if isinstance(part, str) else _value(part, context, now) for part in self.parts
        ).strip()


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`h1` … `h6` as the form wrote it), a paragraph `p`, or a list `ul`, `ol`."""

    kind: str
    lines: tuple[Template, ...]


def template(text: str, where: str) -> Template:
    """Read a label, description or line. Raises FormError, naming `where`, for bad expressions and HTML."""
    if text.lstrip().startswith("="):
        return Template((expression(text, where),))
    if _HTML.search(_TEMPLATE.sub("", text)):
        raise FormError(f"{where} holds HTML tags, which are never shown; write plain words.")
    parts: list[str | Expression] = []
    end = 0
    for found in _TEMPLATE.finditer(text):
        inside = found.group(1).strip()
        if not inside or inside[0] in "#/^>!&{":
            raise FormError(
                f"{where} uses the template tag {found.group(0)!r}; only {{{{expression}}}} is supported, "
                "without loops or blocks."
            )
        parts += [text[end : found.start()], expression(inside, where)]
        end = found.end()
    rest = text[end:]
    if "{{" in rest or "}}" in rest:
        raise FormError(f"{where} opens or closes a {{{{ }}}} without its counterpart.")
    parts.append(rest)
    return Template(tuple(part for part in parts if not isinstance(part, str) or part))


def blocks(text: str, where: str) -> tuple[Block, ...]:
    """Read a static text into blocks. Raises FormError for Markdown that would need raw markup."""
    if text.lstrip().startswith("="):
        return (Block("p", (template(text, where),)),)
    if found := _INLINE.search(_TEMPLATE.sub("", text)):
        raise FormError(
            f"{where} uses Markdown that is not supported ({found.group(0).strip()!r}): only headings, "
            "paragraphs and lists are; write the rest as plain words."
        )
    out: list[tuple[str, list[str]]] = []
    joining = False
    for line in text.splitlines():
        kind, words = _line(line)
        if not words:
            joining = False
        elif joining and out and out[-1][0] == kind and kind in ("ul", "ol"):
            out[-1][1].append(words)
        elif joining and out and out[-1][0] == kind == "p":
            out[-1][1][-1] += " " + words
        else:
            out.append((kind, [words]))
            joining = True
    return tuple(Block(kind, tuple(template(words, where) for words in lines)) for kind, lines in out)


def expression(text: str, where: str) -> Expression:
    """Compile a FEEL expression. Raises FormError with the place of the fault."""
    try:
        return compile_expression(text)
    except FeelError as error:
        raise FormError(f"{where} has an expression that cannot be read: {error}") from error


def human(value: Any) -> str:
    """A value as a person reads it: yes, 12,500.5, 3 March 2026, 3 March 2026 14:30 UTC, a list by commas."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal):
        return f"{Decimal(value):,f}"
    if isinstance(value, datetime):
        value = value.astimezone(UTC) if value.tzinfo else value
        return f"{human(value.date())} {value:%H:%M} {'UTC' if value.tzinfo else ''}".strip()
    if isinstance(value, date):
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    if isinstance(value, timedelta) and not value.seconds and not value.microseconds:
        return f"{value.days:,} day{'' if value.days == 1 else 's'}"
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ", ".join(human(each) for each in value) or NOTHING
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {human(each)}" for key, each in value.items()) or NOTHING
    return str(value)


def _line(line: str) -> tuple[str, str]:
    if heading := _HEADING.match(line):
        return f"h{len(heading.group(1))}", heading.group(2).strip()
    if bullet := _BULLET.match(line):
        return "ul", bullet.group(1).strip()
    if numbered := _NUMBERED.match(line):
        return "ol", numbered.group(1).strip()
    return "p", line.strip()


def _value(part: Expression, context: Mapping[str, object], now: datetime) -> str:
    try:
        return human(part.evaluate(context, now=now))
    except FeelError:
        return NOTHING
