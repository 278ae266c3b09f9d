"""Policies: what pages and the command line call."""

from __future__ import annotations

from pathlib import Path

from engine.types import Version
from workflows.context import Context
from workflows.identity.types import Person
from workflows.policies.types import Policy, PolicyPage


class Policies:
    """Folders of diagrams, tables and forms, loaded as versions that never change."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def load_folder(self, actor: Person, path: Path, *, note: str = "") -> Version:
        """Release what a folder holds: `*.bpmn`, `*.dmn`, `*.form`; title and description from its README.md.

        The same content again returns the version there is.
        Raises `NotEntitled`, `FileRefused` (no such folder, nothing in it), `DefinitionRefused` (with its findings).
        """
        raise NotImplementedError

    def load_shipped(self, actor: Person) -> list[Version]:
        """Release every policy that ships, in the order of their keys."""
        raise NotImplementedError

    def policies(self, reader: Person) -> list[Policy]:
        """All policies in their latest version, by title."""
        raise NotImplementedError

    def versions(self, reader: Person, key: str) -> list[Version]:
        """All versions of a policy, newest first. Raises `NotFound`."""
        raise NotImplementedError

    def page(self, reader: Person, key: str, version_hash: str | None = None) -> PolicyPage:
        """One version (the latest) with its files. Raises `NotFound`."""
        raise NotImplementedError

    def file(self, reader: Person, version_hash: str, path: str) -> bytes:
        """One file of a version. Raises `NotFound`."""
        raise NotImplementedError
