r"""From XPath's regular expressions (XML Schema's, with F&O §5.6.1's additions) to those of the `regex`
package.

Only what XPath has is let through: no look-around, no named groups, no inline flags, no possessive or atomic
parts.
"""

from __future__ import annotations

import re

_SIMPLE = {"n": r"\n", "r": r"\r", "t": r"\t"}
_ESCAPABLE = frozenset("\\|.?*+(){}-[]^$")
_CLASSES = {
    "s": r"[ \t\n\r]",
    "S": r"[^ \t\n\r]",
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": r"[^\p{P}\p{Z}\p{C}]",
    "W": r"[\p{P}\p{Z}\p{C}]",
    "i": r"[\p{L}_:]",
    "I": r"[^\p{L}_:]",
    "c": r"[\p{L}\p{Nd}\p{M}\-._:\xB7]",
    "C": r"[^\p{L}\p{Nd}\p{M}\-._:\xB7]",
}
_CATEGORY = re.compile(r"[A-Z][a-z]?|Is[A-Za-z0-9-]+")
_QUANTIFIER = re.compile(r"(?:[?*+]|\{(\d+)(?:(,)(\d*))?\})\??", re.ASCII)
_MAX_REPEAT = 1_000


class BadPatternError(ValueError):
    """The text is no regular expression of XPath's."""


def translate(pattern: str, *, dot_all: bool, multiline: bool) -> str:
    """The pattern in the dialect of `regex` (version 1). Raises BadPatternError."""
    return _Translation(pattern, dot_all, multiline).whole()


def without_spaces(pattern: str) -> str:
    """The pattern as the flag `x` reads it: no white space but inside classes in square brackets."""
    out: list[str] = []
    depth = at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            out.append(pattern[at : at + 2])
            if pattern[
                at + 1 : at + 2
            ].isspace():  # the space goes, and the backslash escapes what follows it
                out[-1] = "\\"
            at += 2
            continue
        depth += (char == "[") - (char == "]")
        if depth or char not in " \t\r\n":
            out.append(char)
        at += 1
    return "".join(out)


class _Translation:
    def __init__(self, pattern: str, dot_all: bool, multiline: bool) -> None:
        self.pattern = pattern
        self.at = 0
        self.dot_all = dot_all
        self.multiline = multiline
        self.groups = 0
        self.closed: set[int] = set()

    def whole(self) -> str:
        out: list[str] = []
        opened: list[int] = []
        quantifiable = False
        while self.at < len(self.pattern):
            char = self.pattern[self.at]
            if char == "(":
                quantifiable = False
                out.append(self._open(opened))
                continue
            if char == ")":
                if not opened:
                    raise BadPatternError("a bracket closes that was not opened")
                self.closed.add(opened.pop())
                self.at += 1
                out.append(")")
                quantifiable = True
                continue
            if char in "?*+{":
                if not quantifiable:
                    raise BadPatternError("a quantifier follows nothing")
                out.append(self._quantifier())
                quantifiable = False
                continue
            out.append(self._atom(char))
            quantifiable = char not in "|^"
        if opened:
            raise BadPatternError("a bracket is not closed")
        return "".join(out)

    def _open(self, opened: list[int]) -> str:
        if self.pattern.startswith("(?:", self.at):
            self.at += 3
            opened.append(0)
            return "(?:"
        if self.pattern.startswith("(?", self.at):
            raise BadPatternError("a group of a kind XPath does not have")
        self.at += 1
        self.groups += 1
        opened.append(self.groups)
        return "("

    def _quantifier(self) -> str:
        match = _QUANTIFIER.match(self.pattern, self.at)
        if not match:
            raise BadPatternError("a brace begins no quantifier")
        if any(int(bound) > _MAX_REPEAT for bound in (match[1], match[3]) if bound):
            raise BadPatternError("a quantifier is too large")
        self.at = match.end()
        return match[0]

    def _atom(self, char: str) -> str:
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape(in_class=False)
        self.at += 1
        if char == ".":
            return "." if self.dot_all else r"[^\n\r]"
        if char == "^":
            return "^" if self.multiline else r"\A"
        if char == "$":
            return "$" if self.multiline else r"\Z"
        if char in "]}":
            raise BadPatternError("a bracket closes that was not opened")
        return "|" if char == "|" else re.escape(char)

    def _escape(self, *, in_class: bool) -> str:
        char = self.pattern[self.at + 1 : self.at + 2]
        self.at += 2
        if char in _SIMPLE:
            return _SIMPLE[char]
        if char in _CLASSES:
            return _CLASSES[char]
        if char in ("p", "P"):
            return self._category(char)
        if char and char in _ESCAPABLE:
            return "\\" + char
        if not in_class and "1" <= char <= "9":
            number = int(char)
            digits = self.pattern[self.at : self.at + 1]
            if "0" <= digits <= "9" and int(char + digits) <= self.groups:
                number = int(char + digits)
                self.at += 1
            if number not in self.closed:
                raise BadPatternError("a reference to a group that is not there")
            return rf"(?:\{number})"
        raise BadPatternError("an escape that XPath does not have")

    def _category(self, char: str) -> str:
        end = self.pattern.find("}", self.at)
        name = self.pattern[self.at + 1 : end] if end > 0 else ""
        if self.pattern[self.at : self.at + 1] != "{" or not _CATEGORY.fullmatch(name):
            raise BadPatternError("a category of characters that is not there")
        self.at = end + 1
        if name.startswith("Is"):
            name = f"Block={name[2:]}"
        return f"\\{char}{{{name}}}"

    def _class(self, depth: int = 0) -> str:
        if depth > 5:
            raise BadPatternError("classes of characters are nested too deep")
        self.at += 1
        out = "["
        if self._next() == "^":
            self.at += 1
            out += "^"
        first = True
        while True:
            char = self._next()
            if not char:
                raise BadPatternError("a class of characters is not closed")
            if char == "]" and not first:
                self.at += 1
                return out + "]"
            if char == "-" and self.pattern[self.at + 1 : self.at + 2] == "[" and not first:
                self.at += 1
                inner = self._class(depth + 1)
                if self._next() != "]":
                    raise BadPatternError("a subtraction must end its class")
                self.at += 1
                return f"{out}--{inner}]"
            out += self._class_part(char)
            first = False

    def _class_part(self, char: str) -> str:
        """One character, escape or range of characters of a class."""
        start = self._class_char(char)
        if self._next() != "-" or self.pattern[self.at + 1 : self.at + 2] in ("]", "[", ""):
            return start
        if char == "\\" and len(start) > 2:
            return start  # a class such as \d begins no range: the hyphen stands for itself
        mark = self.at
        self.at += 1
        if self._next() == "-" or char == "-":
            self.at = mark
            return start
        end_char = self._next()
        end = self._class_char(end_char)
        low, high = start.removeprefix("\\")[-1], end.removeprefix("\\")[-1]
        if end_char == "\\" and len(end) > 2:
            raise BadPatternError("a range ends in a class")
        if char != "\\" and end_char != "\\" and low > high:
            raise BadPatternError("a range runs backwards")
        return f"{start}-{end}"

    def _class_char(self, char: str) -> str:
        if char == "\\":
            return self._escape(in_class=True)
        if char == "[":
            raise BadPatternError("a bracket inside a class must be escaped")
        self.at += 1
        return "\\" + char if char in "-^&~|]\\[" else char

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]
