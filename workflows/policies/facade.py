"""Policies: what pages and the command line call."""

from __future__ import annotations

import hashlib
from pathlib import Path

from engine.types import InstanceState, Version
from workflows.context import Context, Reading, Writing, check
from workflows.errors import FileRefused, NotFound
from workflows.identity.types import Person
from workflows.permissions import Permission
from workflows.policies.commands import draft, load, read_folder
from workflows.policies.describing import description_of
from workflows.policies.endorsements import NOT_ENDORSED, endorsed
from workflows.policies.types import Loaded, Policy, PolicyFile, PolicyPage
from workflows.shipped import shipped_policies


class Policies:
    """Folders of diagrams, tables and forms, loaded as versions that never change."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def load_folder(self, actor: Person, path: Path, *, note: str = "") -> Loaded:
        """Make a draft of a folder: `*.bpmn`, `*.dmn`, `*.form`; title and description from its README.md.

        Nothing is released: the draft goes through its review and endorsement. Content that is a version, or
        lies in a draft, already is handed back as that. Raises `NotEntitled`, `FileRefused` (no such folder,
        nothing in it), `DefinitionRefused` (its findings).
        """
        folder = read_folder(path)
        return self._context.write(
            actor, Permission.DRAFT_POLICY, lambda writing: draft(self._context, writing, folder, note)
        )

    def load_shipped(self, actor: Person) -> list[Version]:
        """Install the policies that ship and have no version here yet, all or none: one release of each, on
        record. A policy that has a version keeps it. Raises `NotEntitled`, `FileRefused`,
        `DefinitionRefused`.
        """
        return self._context.write(actor, Permission.RELEASE_POLICY, self.load_shipped_in)

    def load_shipped_in(self, writing: Writing) -> list[Version]:
        """The same within a command that does more; which calls which makes no difference."""
        try:
            home = self._context.settings.bpmn_dir or shipped_policies()
        except FileNotFoundError as error:
            raise FileRefused(str(error)) from error
        paths = sorted(path for path in home.iterdir() if path.is_dir() and any(path.glob("*.bpmn")))
        folders = [read_folder(path) for path in paths]
        beside = {folder.key: folder.files for folder in folders}
        note = "Shipped with this release"
        known = self._context.engine.definitions.versions
        return [
            next(iter(known(writing.connection, folder.key)), None)
            or load(self._context, writing, folder, note, beside)
            for folder in folders
        ]

    def policies(self, reader: Person) -> list[Policy]:
        """All policies in their latest version, by title. Raises `NotEntitled`."""

        def query(reading: Reading) -> list[Policy]:
            check(reading.organisation, reader, Permission.READ_POLICIES)
            keys = self._context.engine.definitions.keys(reading.connection)
            return sorted((self._policy(reading, key) for key in keys), key=lambda policy: policy.title)

        return self._context.read(query)

    def versions(self, reader: Person, key: str) -> list[Version]:
        """All versions of a policy, newest first. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> list[Version]:
            check(reading.organisation, reader, Permission.READ_POLICIES)
            found = self._context.engine.definitions.versions(reading.connection, key)
            if not found:
                raise NotFound("policy", key)
            return found

        return self._context.read(query)

    def page(self, reader: Person, key: str, version_hash: str | None = None) -> PolicyPage:
        """One version (the latest) with its files. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> PolicyPage:
            check(reading.organisation, reader, Permission.READ_POLICIES)
            definitions, connection = self._context.engine.definitions, reading.connection
            policy = self._policy(reading, key)
            version = (
                definitions.version(connection, version_hash, key=key) if version_hash else policy.latest
            )
            files = definitions.bundle(connection, version.hash).files
            listed = tuple(
                PolicyFile(path, len(files[path]), hashlib.sha256(files[path]).hexdigest())
                for path in sorted(files)
            )
            running = self._context.engine.instances.list(
                connection, key=key, state=InstanceState.RUNNING, limit=10_000
            )
            open_cases = sum(instance.version_hash == version.hash for instance in running)
            included = tuple(definitions.callees.included(connection, key, files))
            known = endorsed(connection, [version.hash], reading.now).get(version.hash)
            endorsement = known.sentence if known is not None else NOT_ENDORSED
            return PolicyPage(policy, version, listed, open_cases, endorsement, included)

        return self._context.read(query)

    def file(self, reader: Person, version_hash: str, path: str) -> bytes:
        """One file of a version. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> bytes:
            check(reading.organisation, reader, Permission.READ_POLICIES)
            files = self._context.engine.definitions.bundle(reading.connection, version_hash).files
            if path not in files:
                raise NotFound("file", path)
            return files[path]

        return self._context.read(query)

    def _policy(self, reading: Reading, key: str) -> Policy:
        definitions, connection = self._context.engine.definitions, reading.connection
        latest = definitions.latest(connection, key)
        files = definitions.bundle(connection, latest.hash).files
        return Policy(
            key=key,
            title=latest.title,
            description=description_of(connection, latest.hash),
            latest=latest,
            versions=len(definitions.versions(connection, key)),
            has_process=any(path.endswith(".bpmn") for path in files),
        )
