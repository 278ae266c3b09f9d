"""What an expression finds around it besides its data: the names, types and functions that a model
declares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from . import names as naming
from .types import FeelType


class TypeTable:
    """A model's own types by name. Compared and hashed by identity, so that compiled expressions can be
    kept by it.
    """

    __slots__ = ("_types",)

    def __init__(self, types: Mapping[str, FeelType]) -> None:
        self._types = dict(types)

    def get(self, name: str) -> FeelType | None:
        """The type of that name, or None."""
        return self._types.get(name)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is declared around an expression.

    `names`: the variables in scope whose names need declaring (those with operators or keywords in them);
    `members`: such names of entries, found after a dot and in filters; `functions`: names that stand for the
    model's own functions even where a built-in function has the same; `types`: the model's own types.
    """

    names: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    types: TypeTable | None = None

    @classmethod
    def of(cls, names: Iterable[str]) -> Surroundings:
        """Surroundings that declare these variables and nothing else."""
        special = naming.special(names)
        return cls(special) if special else NOTHING


NOTHING = Surroundings()
"""No names that need declaring, no types, no functions."""
