"""Definitions and versions: release, look up, and the compiled form shared by a process's cases."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from engine.audit.commands import append
from engine.db.uow import UnitOfWork
from engine.definitions.callees import Beside, Callees
from engine.definitions.models import definitions, version_files, versions
from engine.errors import DefinitionRefused, NotFound
from engine.events import Event
from engine.lint import Finding, Report, Severity, check_release, known_of, lint_bundle
from engine.ports import Clock, Forms, Operations
from engine.spiff.compile import Compiled, compile_bundle, main_diagram
from engine.types import Actor, Bundle, Element, Version, VersionState

EXTENSIONS = (".bpmn", ".dmn", ".form")
"""Files that belong to a version and count into its hash."""


@lru_cache(maxsize=64)
def _by_content(digest: str, key: str, files: tuple[tuple[str, bytes], ...]) -> Compiled:
    return compile_bundle(Bundle(digest, dict(files)), key)


def _compiled(bundle: Bundle, key: str) -> Compiled:
    """Compiled once in a process, for whichever databases hold the version: it is never changed."""
    return _by_content(bundle.hash, key, tuple(sorted(bundle.files.items())))


def content_hash(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the sorted files: path, length and bytes of each."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\n{len(files[path])}\n".encode())
        digest.update(files[path])
    return digest.hexdigest()


class DefinitionStore:
    """Definitions and versions of one database. What is immutable is kept in memory once it was read."""

    def __init__(
        self, clock: Clock, forms: Forms, operations: Operations, roles: frozenset[str] | None = None
    ) -> None:
        self._clock = clock
        self._forms = forms
        self._operations = operations
        self._roles = roles
        self._bundles: dict[str, Bundle] = {}
        self._compiled: dict[tuple[str, str], Compiled] = {}
        self.callees = Callees(self)

    def release(
        self,
        uow: UnitOfWork,
        *,
        key: str,
        title: str,
        files: Mapping[str, bytes],
        by: Actor,
        note: str,
        beside: Beside | None = None,
    ) -> Version:
        """Release a bundle as the newest version; the same content again is the version it already is.

        Files of the policies that it calls are included: of those `beside`, or else of their released
        versions.

        Raises:
            DefinitionRefused: where it cannot run as drawn, with every finding.
        """
        connection = uow.connection
        kept = {path: data for path, data in files.items() if path.endswith(EXTENSIONS)}
        kept = self.callees.completed(connection, key, kept, beside)
        bundle = Bundle(content_hash(kept), kept)
        known = self._find(connection, versions.c.key == key, versions.c.hash == bundle.hash)
        if known is not None:
            return known
        if not kept:
            raise DefinitionRefused((), "There is no diagram, table or form. Nothing was released.")
        findings = check_release(key, kept, self._forms, self._operations, self._roles)
        if findings:
            raise DefinitionRefused(findings)
        at = self._clock.now(connection)
        number = self._store(connection, bundle, key, title, note, by, at)
        payload = {"policy": key, "number": number, "version": bundle.hash, "note": note}
        append(uow, f"policy:{key}", at, [(Event.VERSION_RELEASED, by.person_id, payload)])
        return self.version(connection, bundle.hash, key=key)

    def _store(
        self,
        connection: Connection,
        bundle: Bundle,
        key: str,
        title: str,
        note: str,
        by: Actor,
        at: datetime,
    ) -> int:
        """Write a bundle down as the newest version; its number."""
        if (
            connection.execute(select(definitions.c.key).where(definitions.c.key == key)).one_or_none()
            is None
        ):
            connection.execute(insert(definitions).values(key=key, title=title))
        number = (
            connection.execute(select(func.max(versions.c.number)).where(versions.c.key == key)).scalar() or 0
        )
        self._store_files(connection, bundle)
        connection.execute(
            update(versions)
            .where(versions.c.key == key, versions.c.state == VersionState.RELEASED)
            .values(state=VersionState.RETIRED)
        )
        connection.execute(
            insert(versions).values(
                hash=bundle.hash,
                key=key,
                number=number + 1,
                title=title,
                state=VersionState.RELEASED,
                recorded_at=at,
                recorded_by=by.person_id,
                note=note,
            )
        )
        return int(number) + 1

    def findings(self, connection: Connection, key: str, files: Mapping[str, bytes]) -> Sequence[Finding]:
        """Every reason why files could not be released under a key; empty where they could."""
        reports = self.reports(connection, key, files)
        return [each for report in reports for each in report.findings if each.severity == Severity.ERROR]

    def reports(self, connection: Connection, key: str, files: Mapping[str, bytes]) -> Sequence[Report]:
        """All that linting finds in files, warnings included: what somebody who draws wants to know.

        They are linted with the policies that they call.
        """
        refused: Sequence[Report] = ()
        whole = dict(files)
        try:
            whole = self.callees.completed(connection, key, files)
        except DefinitionRefused as error:
            found = [each for each in error.findings if isinstance(each, Finding)]
            refused = [Report(each.path, True, (), 0, (each,)) for each in found]
        known = known_of(whole, self._forms, self._operations, self._roles)
        return [*refused, *lint_bundle(key, whole, known)]

    def operations(self) -> frozenset[str]:
        """Names of what service tasks may call."""
        return self._operations.names()

    def latest(self, connection: Connection, key: str) -> Version:
        """The released version of a definition. Raises `NotFound` where there is none."""
        found = self._find(connection, versions.c.key == key, versions.c.state == VersionState.RELEASED)
        if found is None:
            raise NotFound("released policy", key)
        return found

    def version(self, connection: Connection, digest: str, *, key: str | None = None) -> Version:
        """A version by its content's hash. Raises `NotFound`."""
        conditions = [versions.c.hash == digest]
        if key is not None:
            conditions.append(versions.c.key == key)
        found = self._find(connection, *conditions)
        if found is None:
            raise NotFound("policy version", digest)
        return found

    def versions(self, connection: Connection, key: str) -> list[Version]:
        """All versions of a definition, newest first."""
        rows = connection.execute(
            select(versions).where(versions.c.key == key).order_by(versions.c.number.desc())
        )
        return [_view(row) for row in rows]

    def keys(self, connection: Connection) -> list[str]:
        """Keys of all definitions."""
        return list(connection.execute(select(definitions.c.key).order_by(definitions.c.key)).scalars())

    def bundle(self, connection: Connection, digest: str) -> Bundle:
        """The files of a version. Raises `NotFound`."""
        bundle = self._bundles.get(digest)
        if bundle is None:
            rows = connection.execute(
                select(version_files.c.path, version_files.c.content).where(version_files.c.hash == digest)
            ).all()
            if not rows:
                raise NotFound("policy version", digest)
            bundle = self._bundles[digest] = Bundle(digest, {row.path: bytes(row.content) for row in rows})
        return bundle

    def compiled(self, connection: Connection, digest: str, key: str) -> Compiled:
        """The version ready to run."""
        compiled = self._compiled.get((digest, key))
        if compiled is None:
            compiled = self._compiled[digest, key] = _compiled(self.bundle(connection, digest), key)
        return compiled

    def elements(self, connection: Connection, digest: str) -> Mapping[str, Element]:
        """Every element of a version's diagrams, by id."""
        return self.compiled(connection, digest, self.version(connection, digest).key).elements

    def diagram(self, connection: Connection, digest: str) -> bytes:
        """The bytes of a version's main diagram, as they came."""
        bundle = self.bundle(connection, digest)
        return bundle.files[main_diagram(bundle, self.version(connection, digest).key)]

    def _find(self, connection: Connection, *conditions: Any) -> Version | None:
        row = connection.execute(
            select(versions).where(*conditions).order_by(versions.c.number.desc()).limit(1)
        ).one_or_none()
        return None if row is None else _view(row)

    @staticmethod
    def _store_files(connection: Connection, bundle: Bundle) -> None:
        known = connection.execute(
            select(version_files.c.path).where(version_files.c.hash == bundle.hash).limit(1)
        ).one_or_none()
        if known is None:
            connection.execute(
                insert(version_files),
                [{"hash": bundle.hash, "path": path, "content": data} for path, data in bundle.files.items()],
            )


def _view(row: Any) -> Version:
    return Version(
        key=row.key,
        title=row.title,
        number=row.number,
        hash=row.hash,
        state=VersionState(row.state),
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        note=row.note,
    )
