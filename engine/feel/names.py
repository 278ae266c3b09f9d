"""Names: which characters they are of, and how names with spaces, operators or keywords in them are
found in a text.

Words that only spaces part (`risk appetite`) form one name wherever they stand: FEEL has no other reading
for them.
A name with an operator or a keyword in it (`cost-benefit`, `approved or not`) is one only where the scope
declares it (DMN 1.3 §10.3.1.4); otherwise it is read as operators and keywords.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

START = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
"""Characters a name may begin with (grammar rule 28), for a regular expression's class."""
PART = START + r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
"""Characters that may follow in a name (grammar rule 29)."""
SYMBOLS = "./-’'+*"
"""Further characters a declared name may have (grammar rule 30)."""

WORD = re.compile(f"[{START}][{PART}]*")
"""The first word of a name."""
NEXT_WORD = re.compile(rf"\s+([{PART}]+)")
"""A further word of a name, which may begin with a digit."""
KEY = re.compile(rf"\s*([{START}][{PART}\s{re.escape(SYMBOLS)}]*):")
"""An entry's key or a parameter's name, up to its colon."""

KEYWORDS = frozenset(
    "if then else for in return some every satisfies and or between function true false null".split()
)
"""Words that end a name. `instance` does so only before `of`; `not` and `external` are ordinary words."""

TYPE_NAMES = re.compile(
    r"(date\s+and\s+time|days\s+and\s+time\s+duration|years\s+and\s+months\s+duration|day-time\s+duration)"
    rf"(?![{PART}])"
)
"""Built-in types' names with a keyword in them."""
CALLED_NAMES = re.compile(r"(date\s+and\s+time|years\s+and\s+months\s+duration)(?=\s*\()")
"""Built-in functions' names with a keyword in them, where they are called."""

_SPACES = re.compile(r"\s+")
_PIECES = re.compile(rf"[{PART}]+|[^{PART}\s]")
_NEXT_PIECE = re.compile(rf"\s*([{PART}]+|[^{PART}\s])")


def plain(name: str) -> str:
    """The name with each run of white space made one space."""
    return _SPACES.sub(" ", name).strip()


@lru_cache(maxsize=4096)
def needs_declaring(name: str) -> bool:
    """Whether `name` has an operator or a keyword in it and so is read as a name only where it is
    declared.
    """
    words = plain(name).split(" ")
    return not all(
        (WORD if first else re.compile(f"[{PART}]+")).fullmatch(word) and word not in KEYWORDS
        for first, word in zip([True] + [False] * len(words), words, strict=False)
    )


def special(names: Iterable[str]) -> frozenset[str]:
    """Those of `names` that need declaring."""
    return frozenset(name for name in names if needs_declaring(name))


class Declared:
    """Names that need declaring, found in a text by their pieces: words, and the symbols between them.

    White space is free around a symbol, and needed between words.
    """

    __slots__ = ("_first",)

    def __init__(self, names: Iterable[str]) -> None:
        self._first: _Branch = _Branch()
        for name in names:
            branch = self._first
            for piece in _PIECES.findall(name):
                branch = branch.following.setdefault(piece, _Branch())
            branch.name = name

    def find(self, text: str, pos: int) -> tuple[str, int] | None:
        """The longest declared name that stands at `pos`, and where it ends; None where none does."""
        branch = self._first
        found: tuple[str, int] | None = None
        while True:
            match = _NEXT_PIECE.match(text, pos)
            following = branch.following.get(match[1]) if match else None
            if match is None or following is None:
                return found
            branch, pos = following, match.end()
            if branch.name is not None:
                found = branch.name, pos


class _Branch:
    """A piece of names: what may follow it, and the name that ends with it, if one does."""

    __slots__ = ("following", "name")

    def __init__(self) -> None:
        self.following: dict[str, _Branch] = {}
        self.name: str | None = None


@lru_cache(maxsize=1024)
def declared(names: frozenset[str]) -> Declared:
    """The names as `Declared`, made once for each set of them."""
    return Declared(names)
