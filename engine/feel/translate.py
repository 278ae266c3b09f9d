"""From the conditions that other tools write to FEEL: simple JUEL (`${…}`) and simple Python comparisons.

Only what surely means the same is translated: comparisons, `and`, `or`, `not`, `in` a list of literals,
arithmetic, paths and literals. The text is read, never run; anything else gives None, and a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .errors import FeelError
from .expression import compile_expression
from .formatting import quoted
from .limits import MAX_DEPTH
from .names import KEYWORDS

_MAX_TEXT = 2_000
_WRAPPED = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d+)?(?![\w.]))
    | (?P<text>"(?:[^"\\\n]|\\["'\\])*"|'(?:[^'\\\n]|\\["'\\])*')
    | (?P<name>[A-Za-z_]\w*)
    | (?P<sign>==|!=|<=|>=|&&|\|\||[-+*/<>!().,\[\]])
    )""",
    re.VERBOSE | re.ASCII,
)
_COMPARISONS = {
    "==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
    "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
}  # fmt: skip
_CONSTANTS = {
    "true": "true",
    "True": "true",
    "false": "false",
    "False": "false",
    "null": "null",
    "None": "null",
}
_WORDS = frozenset(
    ("and", "or", "not", "in", "is", "if", "else", "for", "lambda", "empty", "div", "mod", "instanceof")
)

_OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _ATOM = range(7)
_Part = tuple[str, int]


class _NotSimpleError(ValueError):
    """The condition is of a form that is not translated."""


def translate(text: str) -> str | None:
    """The FEEL text that means the same as a condition in JUEL or Python; None where that is not simple."""
    wrapped = _WRAPPED.fullmatch(text)
    source = wrapped[1] if wrapped else text
    if len(source) > _MAX_TEXT or "${" in source or "#{" in source:
        return None
    try:
        made = _Translation(source).whole()
        compile_expression(made)
    except (_NotSimpleError, FeelError):
        return None
    return made


class _Translation:
    """Recursive descent over the tokens; each method gives FEEL text and how tightly it binds."""

    def __init__(self, source: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.at = 0
        self.depth = 0
        place = 0
        source = source.rstrip()
        while place < len(source):
            match = _TOKEN.match(source, place)
            if not match or match.lastgroup is None:
                raise _NotSimpleError
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            place = match.end()

    def whole(self) -> str:
        """All of the text."""
        text, _ = self._or()
        if self.at < len(self.tokens):
            raise _NotSimpleError
        return text

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def _take(self, *texts: str) -> str | None:
        kind, text = self._peek()
        if kind in ("sign", "name") and text in texts:
            self.at += 1
            return text
        return None

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise _NotSimpleError

    def _or(self) -> _Part:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _NotSimpleError
        parts = [self._and()]
        while self._take("or", "||"):
            parts.append(self._and())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else (" or ".join(_within(part, _OR) for part in parts), _OR)

    def _and(self) -> _Part:
        parts = [self._not()]
        while self._take("and", "&&"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else (" and ".join(_within(part, _AND) for part in parts), _AND)

    def _not(self) -> _Part:
        if self._take("not"):
            return self._negated(self._not())
        return self._comparison()

    def _negated(self, part: _Part) -> _Part:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _NotSimpleError
        return f"not({part[0]})", _ATOM

    def _comparison(self) -> _Part:
        left = self._sum()
        parts: list[str] = []
        while True:
            op = self._take(*_COMPARISONS)
            if op:
                right = self._sum()
                parts.append(f"{_within(left, _ADD)} {_COMPARISONS[op]} {_within(right, _ADD)}")
            elif self._take("is"):
                sign = "!=" if self._take("not") else "="
                if not self._take("None"):
                    raise _NotSimpleError
                right = ("null", _ATOM)
                parts.append(f"{_within(left, _ADD)} {sign} null")
            elif self._peek() == ("name", "in") or self.tokens[self.at : self.at + 2] == [
                ("name", "not"),
                ("name", "in"),
            ]:
                if parts:
                    raise _NotSimpleError
                return self._membership(left)
            else:
                break
            left = right
        if not parts:
            return left
        return (parts[0], _COMPARE) if len(parts) == 1 else (" and ".join(parts), _AND)

    def _membership(self, left: _Part) -> _Part:
        negated = self._take("not") is not None
        self._expect("in")
        closing = "]" if self._take("[") else ")" if self._take("(") else None
        if closing is None:
            raise _NotSimpleError
        items: list[str] = []
        while not self._take(closing):
            if items:
                self._expect(",")
                if self._take(closing):
                    break
            kind, _ = self._peek()
            if kind not in ("text", "number"):
                raise _NotSimpleError
            items.append(self._atom()[0])
        if not items:
            raise _NotSimpleError
        text = f"{_within(left, _ADD)} in ({', '.join(items)})"
        return self._negated((text, _COMPARE)) if negated else (text, _COMPARE)

    def _sum(self) -> _Part:
        return self._chain(self._product, ("+", "-"), _ADD)

    def _product(self) -> _Part:
        return self._chain(self._sign, ("*", "/"), _MULTIPLY)

    def _chain(self, operand: Callable[[], _Part], signs: tuple[str, ...], level: int) -> _Part:
        first = operand()
        text = None
        while sign := self._take(*signs):
            text = f"{text or _within(first, level)} {sign} {_within(operand(), level + 1)}"
        return (text, level) if text else first

    def _sign(self) -> _Part:
        if self._take("!"):
            return self._negated(self._sign())
        if self._take("-"):
            part = self._sign()
            return f"-{_within(part, _ATOM)}", _MULTIPLY
        return self._atom()

    def _atom(self) -> _Part:
        kind, text = self._peek()
        self.at += 1
        if kind == "number":
            return text, _ATOM
        if kind == "text":
            return quoted(re.sub(r"\\(.)", r"\1", text[1:-1])), _ATOM
        if kind == "name":
            return self._path(text), _ATOM
        if (kind, text) == ("sign", "("):
            part = self._or()
            self._expect(")")
            return part
        raise _NotSimpleError

    def _path(self, name: str) -> str:
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name in _WORDS or name in KEYWORDS:
            raise _NotSimpleError
        path = name
        while True:
            if self._take("."):
                kind, part = self._peek()
            elif self._take("["):
                kind, part = self._peek()
                if kind != "text" or not re.fullmatch(r"[A-Za-z_]\w*", part[1:-1], re.ASCII):
                    raise _NotSimpleError
                kind, part = "name", part[1:-1]
                self.at += 1
                self._expect("]")
                self.at -= 1
            else:
                break
            if kind != "name" or part in KEYWORDS:
                raise _NotSimpleError
            self.at += 1
            path += f".{part}"
        if self._peek() == ("sign", "("):  # a call
            raise _NotSimpleError
        return path


def _within(part: _Part, level: int) -> str:
    """The text, in brackets where it binds less tightly than its surroundings."""
    return part[0] if part[1] >= level else f"({part[0]})"
