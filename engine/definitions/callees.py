"""Which policies call which, in one database: completing a bundle, and telling what in one is included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy import Connection

from engine.lint.inclusion import Callee, completed, is_complete, process_run
from engine.types import Bundle, Version

Beside = Mapping[str, Mapping[str, bytes]]
"""Keys of policies that are not in the database, or not yet, to their own files."""


class Released(Protocol):
    """Where the definitions of a database are read."""

    def keys(self, connection: Connection) -> Sequence[str]:
        """Keys of all definitions."""
        ...

    def versions(self, connection: Connection, key: str) -> Sequence[Version]:
        """All versions of a definition, newest first."""
        ...

    def latest(self, connection: Connection, key: str) -> Version:
        """The released version of a definition."""
        ...

    def bundle(self, connection: Connection, digest: str) -> Bundle:
        """The files of a version."""
        ...


class Callees:
    """The policies that others of the same database can call."""

    def __init__(self, store: Released) -> None:
        self._store = store

    def completed(
        self, connection: Connection, key: str, files: Mapping[str, bytes], beside: Beside | None = None
    ) -> dict[str, bytes]:
        """The files with those of all policies they call: those beside first, else the released version's.

        Raises:
            DefinitionRefused: policies that call each other in a circle; two files of one name.
        """
        if is_complete(files):
            return dict(files)
        callable_ = self._released(connection)
        for other, content in (beside or {}).items():
            process = process_run(other, content)
            if process is not None:
                callable_[process] = Callee(other, content)
        return completed(key, files, {p: c for p, c in callable_.items() if c.key != key}.get)

    def own(self, connection: Connection, key: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """The files without those that are, byte for byte, included from versions of other policies."""
        foreign: set[str] = set()
        for other in self._others(connection, key, files):
            for version in self._store.versions(connection, other):
                theirs = self._store.bundle(connection, version.hash).files
                if f"{key}.bpmn" not in theirs and theirs.get(f"{other}.bpmn") == files[f"{other}.bpmn"]:
                    foreign |= {path for path, data in theirs.items() if files.get(path) == data}
        return {path: data for path, data in files.items() if path not in foreign}

    def included(self, connection: Connection, key: str, files: Mapping[str, bytes]) -> list[Version]:
        """The versions of other policies that a bundle includes, by key."""
        found = []
        for other in self._others(connection, key, files):
            for version in self._store.versions(connection, other):
                theirs = self._store.bundle(connection, version.hash).files
                if all(files.get(p) == d for p, d in self.own(connection, other, theirs).items()):
                    found.append(version)
                    break
        return found

    def _released(self, connection: Connection) -> dict[str, Callee]:
        """Process to the policy whose cases run it."""
        found: dict[str, Callee] = {}
        for key in self._store.keys(connection):
            files = self._store.bundle(connection, self._store.latest(connection, key).hash).files
            process = process_run(key, files)
            if process is not None:
                found[process] = Callee(key, self.own(connection, key, files))
        return found

    def _others(self, connection: Connection, key: str, files: Mapping[str, bytes]) -> list[str]:
        return [other for other in self._store.keys(connection) if other != key and f"{other}.bpmn" in files]
