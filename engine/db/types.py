"""Column types: times in UTC, and JSON that keeps dates and decimals apart from text and floats."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

_DUMP_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_SORT_KEYS


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC. A naive one is refused: its meaning would be a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite keeps no zone, so there the zone is left off after conversion."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _tag(value: Any) -> dict[str, str]:
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    raise TypeError(f"a value of type {type(value).__name__} cannot be stored")


TAG_MARK = b'"$'
"""Bytes that are in every document with a tag in it."""

_TAGS: dict[str, Callable[[str], Any]] = {
    "$decimal": Decimal,
    "$date": date.fromisoformat,
    "$datetime": datetime.fromisoformat,
}


def untag(value: Any) -> Any:
    """The value with its tags read, in place: only containers are visited, since only they can hold one."""
    kind = type(value)
    if kind is dict:
        if len(value) == 1:
            ((key, inner),) = value.items()
            reader = _TAGS.get(key)
            if reader is not None and isinstance(inner, str):
                return reader(inner)
        for key, inner in value.items():
            if type(inner) is dict or type(inner) is list:
                value[key] = untag(inner)
    elif kind is list:
        for at, inner in enumerate(value):
            if type(inner) is dict or type(inner) is list:
                value[at] = untag(inner)
    return value


def dump_tagged(value: Any) -> bytes:
    """Canonical JSON bytes (sorted keys) in which Decimal, date and datetime carry a tag.

    Raises:
        TypeError: for a value of any other type, floats excepted (see `plain`).
    """
    return orjson.dumps(value, default=_tag, option=_DUMP_OPTIONS)


def load_tagged(data: bytes | str) -> Any:
    """The value that `dump_tagged` wrote."""
    value = orjson.loads(data)
    marker: Any = TAG_MARK if isinstance(data, bytes) else TAG_MARK.decode()
    return untag(value) if marker in data else value


def plain(value: Any, *, depth: int = 40) -> Any:
    """Return the value if it is plain data that survives storing; refuse it otherwise.

    Raises:
        ValueError: for a float, a key that is no text or begins with "$", an unknown type, or nesting
        beyond `depth`.
    """
    if depth < 0:
        raise ValueError("the data is nested too deeply to be stored")
    if isinstance(value, str):
        value.encode()  # half of a surrogate pair is no text: UnicodeEncodeError is a ValueError
        return value
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("a number this large cannot be stored; give it as a Decimal")
    if value is None or isinstance(value, (bool, int, Decimal, date)):
        return value
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str) or key.startswith("$"):
                raise ValueError(f"the name {key!r} cannot be stored")
            key.encode()
            plain(inner, depth=depth - 1)
        return value
    if isinstance(value, (list, tuple)):
        for inner in value:
            plain(inner, depth=depth - 1)
        return value
    raise ValueError(f"a value of type {type(value).__name__} cannot be stored")


class TaggedJson(TypeDecorator[Any]):
    """JSON kept as text, byte for byte the same on both databases, with dates and decimals tagged."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """To canonical text."""
        return None if value is None else dump_tagged(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Back to the value."""
        return None if value is None else load_tagged(value)
