"""Compiled statements, shared by all databases of one kind that a process opens.

SQLAlchemy keeps what it compiled for each of its engines alone. Here one process opens many databases that
ask the same questions (the stages of scenarios and dry runs, one after the other), and one application asks
more different ones than the 500 that SQLAlchemy keeps by itself: to compile takes several times as long as
to execute.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.util import LRUCache

MOST = 3_000
"""Statements kept for each kind of database: all of the application's, and those of its lists' filters."""
MOST_SAME = 1_000
"""Keys that are remembered as they are: in vain for those of statements built anew each time."""


class Statements(MutableMapping[Any, Any]):
    """What SQLAlchemy's option `compiled_cache` takes. A key begins with the dialect, an object of each
    SQLAlchemy engine's own; all of one kind of database compile to the same, so that it is left out.
    """

    def __init__(self) -> None:
        self._kept: LRUCache[Any, Any] = LRUCache(MOST)
        self._same: dict[Any, tuple[Any, Any]] = {}

    def get(self, key: Any, default: Any = None) -> Any:
        """The compiled statement, or the default.

        A statement that is built once gives the very same key each time; to know it again takes a moment,
        while to hash what it is made of takes longer than anything else about it.
        """
        _, made_of, *others = key
        short = (id(made_of), *others)
        same = self._same.get(short)
        if same is not None and same[0] is made_of:
            return same[1]
        found = self._kept.get(key[1:], default)
        if found is not default:
            if len(self._same) >= MOST_SAME:
                self._same.clear()
            self._same[short] = made_of, found
        return found

    def __getitem__(self, key: Any) -> Any:
        return self._kept[key[1:]]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._kept[key[1:]] = value

    def __delitem__(self, key: Any) -> None:
        del self._kept[key[1:]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


_by_kind: dict[str, Statements] = {}


def statements_of(url: str) -> Statements:
    """The compiled statements of the kind of database at an address (`sqlite`, `postgresql+psycopg`)."""
    return _by_kind.setdefault(make_url(url).drivername, Statements())
