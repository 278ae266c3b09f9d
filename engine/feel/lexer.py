"""Reading tokens from an expression's text, one at a time and where the parser asks for them.

Whether characters form a name depends on the names in scope, so there is no separate pass over the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from . import names
from .errors import FeelSyntaxError

Kind = Literal["number", "string", "name", "keyword", "operator", "at", "end"]

_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/|\ufeff)+", re.DOTALL)
_NUMBER = re.compile(r"(?:\d+(?:\.(?!\.)\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_OPERATOR = re.compile(r"\.\.|\*\*|<=|>=|!=|->|[-+*/<>=()\[\]{},:.@]")
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|([nrt\'"\\]))')
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "'": "'", '"': '"', "\\": "\\"}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HALF = re.compile("[\ud800-\udfff]")
"""Half of a pair, which is no character: it becomes the replacement character U+FFFD."""
_INSTANCE_OF = re.compile(rf"instance\s+of(?![{names.PART}])")
_OF = re.compile(rf"\s+of(?![{names.PART}])")


@dataclass(slots=True)
class Token:
    """One token: its kind, its text (a name's canonical spelling, a string's content), where it begins
    and ends.
    """

    kind: Kind
    text: str
    start: int
    end: int


def unescape(raw: str) -> str:
    r"""A string literal's content with its escapes (`\n`, `\"`, `\u20AC`, `\U01F40E`) resolved; others
    stay.
    """
    if "\\" not in raw:
        return raw

    def one(match: re.Match[str]) -> str:
        if match[3]:
            return _ESCAPED[match[3]]
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= 0x10FFFF else match[0]

    text = _ESCAPE.sub(one, raw)
    text = _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return _HALF.sub("\ufffd", text)


class Lexer:
    """The text and the names in scope; `token(pos)` reads the token that begins at or after `pos`."""

    __slots__ = ("_declared", "_scope", "text")

    def __init__(self, text: str, declared: frozenset[str]) -> None:
        self.text = text
        self._scope = declared
        self._declared = names.declared(declared) if declared else None

    @property
    def scope(self) -> frozenset[str]:
        """The names in scope that have operators or keywords in them."""
        return self._scope

    def declare(self, scope: frozenset[str]) -> None:
        """Make `scope` the declared names from here on."""
        if scope != self._scope:
            self._scope = scope
            self._declared = names.declared(scope) if scope else None

    def skip(self, pos: int) -> int:
        """The offset of the next thing that is neither white space nor a comment."""
        match = _SPACE.match(self.text, pos)
        return match.end() if match else pos

    def token(self, pos: int) -> Token:
        """The token at or after `pos`; raises FeelSyntaxError where no token can begin."""
        start = self.skip(pos)
        if start >= len(self.text):
            return Token("end", "", start, start)
        char = self.text[start]
        if char == '"':
            return self._string(start)
        if "0" <= char <= "9" or (char == "." and self.text[start + 1 : start + 2].isdecimal()):
            match = _NUMBER.match(self.text, start)
            if match:
                return Token("number", match[0], start, match.end())
        found = self._name(start)
        if found:
            return found
        match = _OPERATOR.match(self.text, start)
        if match:
            return Token("operator", match[0], start, match.end())
        raise FeelSyntaxError(f"The character “{char}” has no meaning here", self.text, start)

    def key(self, pos: int) -> Token | None:
        """A context entry's key or an argument's name at `pos`, its colon included in its extent; None
        if none.
        """
        start = self.skip(pos)
        if self.text[start : start + 1] == '"':
            token = self._string(start)
            end = self.skip(token.end)
            if self.text[end : end + 1] == ":":
                return Token("string", token.text, start, end + 1)
            return None
        match = names.KEY.match(self.text, start)
        return Token("name", names.plain(match[1]), start, match.end()) if match else None

    def type_name(self, pos: int) -> Token:
        """A type's name at `pos`: a built-in one with keywords in it, or an ordinary name."""
        start = self.skip(pos)
        match = names.TYPE_NAMES.match(self.text, start)
        if match:
            return Token("name", names.plain(match[0]), start, match.end())
        return self.token(start)

    def _string(self, start: int) -> Token:
        match = _STRING.match(self.text, start)
        if not match:
            raise FeelSyntaxError("A text begins here with a quotation mark and never ends", self.text, start)
        return Token("string", unescape(match[1]), start, match.end())

    def _name(self, start: int) -> Token | None:
        text = self.text
        if self._declared:
            found = self._declared.find(text, start)
            if found:
                return Token("name", found[0], start, found[1])
        match = names.WORD.match(text, start)
        if not match:
            return None
        if match[0] in names.KEYWORDS:
            called = names.CALLED_NAMES.match(text, start)
            if not called:
                return Token("keyword", match[0], start, match.end())
        called = names.CALLED_NAMES.match(text, start)
        if called:
            return Token("name", names.plain(called[0]), start, called.end())
        instance = _INSTANCE_OF.match(text, start)
        if instance:
            return Token("keyword", "instance of", start, instance.end())
        return self._words(match[0], start, match.end())

    def _words(self, first: str, start: int, end: int) -> Token:
        """Join the words that follow, up to a keyword, an operator or a built-in name that is called."""
        words = [first]
        if first in ("?", "not"):  # the input of unary tests and the function never begin a longer name
            return Token("name", first, start, end)
        while True:
            match = names.NEXT_WORD.match(self.text, end)
            if not match or match[1] in names.KEYWORDS:
                break
            if match[1] == "instance" and _OF.match(self.text, match.end()):
                break
            words.append(match[1])
            end = match.end()
        return Token("name", " ".join(words), start, end)
