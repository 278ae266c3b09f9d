"""Texts that write a file where they are run as Python."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def payload(file: Path) -> str:
    """Python that writes a file, and is no FEEL."""
    return f"__import__('pathlib').Path(r'{file}').write_text('x')"


def disguised(file: Path) -> str:
    """Python that writes a file, and is FEEL too: the invocation of a function that nobody defined."""
    return f'open("{file}", "w")'


DISGUISES: dict[str, Callable[[Path], str]] = {
    "plain": payload,
    "as FEEL": disguised,
    "behind an equals sign": lambda file: f"={disguised(file)}",
    "JUEL": lambda file: f"${{{payload(file)}}}",
    "in a choice": lambda file: f'if {disguised(file)} = null then 1 else {disguised(file)}',
    "in a filter": lambda file: f"[1, 2][{disguised(file)} != 1]",
    "as a function": lambda file: f'(function(f) f("{file}", "w"))(open)',
    "by attributes": lambda file: f'"x".__class__.__base__.__subclasses__()[{disguised(file)}]',
    "from Java": lambda file: f'(function(a) external {{java: {{class: "{file}", '
    'method signature: "write(java.lang.String)"}})("x")',
}  # fmt: skip
