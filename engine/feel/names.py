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


@lru_cache(maxsize=512)
def pattern(names: frozenset[str]) -> re.Pattern[str] | None:
    """A pattern that matches the longest of the names that need declaring, or None where none does."""
    special = sorted(
        (name for name in names if needs_declaring(name) and _is_name(name)), key=len, reverse=True
    )
    if not special:
        return None
    return re.compile("|".join(map(_one, special)))


def special(names: Iterable[str]) -> frozenset[str]:
    """Those of `names` that need declaring."""
    return frozenset(name for name in names if needs_declaring(name))


def _is_name(name: str) -> bool:
    return re.fullmatch(rf"[{START}][{PART}\s{re.escape(SYMBOLS)}]*", name) is not None


def _one(name: str) -> str:
    """White space is free around an operator in a name, and needed between words."""
    pieces = _PIECES.findall(name)
    out = []
    for before, piece in zip(["", *pieces], pieces, strict=False):
        if before:
            out.append(r"\s+" if _is_word(before) and _is_word(piece) else r"\s*")
        out.append(re.escape(piece))
    if _is_word(pieces[-1]):
        out.append(f"(?![{PART}])")
    return "".join(out)


def _is_word(piece: str) -> bool:
    return re.fullmatch(f"[{PART}]+", piece) is not None


def canonical(found: str, names: frozenset[str]) -> str:
    """The declared name that the text `found` is a spelling of."""
    if found in names:
        return found
    squeezed = _SPACES.sub("", found)
    for name in names:
        if _SPACES.sub("", name) == squeezed:
            return name
    return plain(found)
