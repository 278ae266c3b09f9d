"""Frozen views of plans to move open cases."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MoveItem:
    """What is planned for one case, or was done with it."""

    instance_id: str
    kind: str
    """`clean`, `changes` or `cannot`."""
    changes: tuple[str, ...]
    state: str
    """`pending`, `moved` or `stayed`."""
    sentence: str


@dataclass(frozen=True, slots=True)
class MovePlan:
    """A plan for all open cases of a definition that run under another version."""

    id: str
    key: str
    to_hash: str
    restart_timers: bool
    items: tuple[MoveItem, ...]
