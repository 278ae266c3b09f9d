"""Loads the folder of a policy, its diagrams, tables and forms, as a draft; installs those that ship. The
README is about a policy, not part of it."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from engine.definitions.callees import Beside
from engine.definitions.store import content_hash
from engine.lint.inclusion import Callee, completed, is_complete, process_run
from engine.types import Actor, Version, VersionState
from workflows.context import Context, Writing
from workflows.errors import DefinitionRefused, FileRefused
from workflows.events import INSTALLATION, DomainEvent
from workflows.playing import stored
from workflows.policies.describing import put
from workflows.policies.types import Loaded

SUFFIXES = (".bpmn", ".dmn", ".form")
MAX_FILES = 200
MAX_BYTES = 5_000_000
"""Of one file."""

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


@dataclass(frozen=True, slots=True)
class Folder:
    """What a policy's folder holds."""

    key: str
    title: str
    description: str
    files: dict[str, bytes]
    scenarios: dict[str, str] = field(default_factory=dict)
    """Names of the stories in its folder `scenarios`, with what each says."""


def read_folder(path: Path) -> Folder:
    """Read a policy's folder; its name is the key. Raises `FileRefused` with a sentence."""
    if not path.is_dir():
        raise FileRefused(f"There is no folder {path.name}. Nothing was loaded.", name=str(path))
    key = path.resolve().name
    if not _KEY.fullmatch(key):
        raise FileRefused(
            f"A policy's folder is named with small letters, digits and hyphens, not {key!r}. "
            "Nothing was loaded.",
            name=key,
        )
    paths = sorted(file for file in path.iterdir() if file.is_file() and file.suffix in SUFFIXES)
    if not paths:
        raise FileRefused(f"The folder {key} holds no diagram, table or form. Nothing was loaded.", name=key)
    if len(paths) > MAX_FILES:
        raise FileRefused(
            f"The folder {key} holds more than {MAX_FILES} files. Nothing was loaded.", name=key
        )
    for file in paths:
        if file.stat().st_size > MAX_BYTES:
            raise FileRefused(
                f"{file.name} has more than {MAX_BYTES:,} bytes. Nothing was loaded.", name=file.name
            )
    title, description = _readme(path / "README.md", key)
    told = {each.stem: each.read_text(encoding="utf-8") for each in sorted(path.glob("scenarios/*.json"))}
    return Folder(key, title, description, {file.name: file.read_bytes() for file in paths}, told)


def neighbours(path: Path) -> dict[str, dict[str, bytes]]:
    """Files of the policies whose folders lie beside a policy's, by key: it may call any of them.

    A folder is one only where it holds the diagram `<folder>.bpmn`; what cannot be read is left out.
    """
    found: dict[str, dict[str, bytes]] = {}
    home = path.resolve()
    for each in sorted(home.parent.iterdir()):
        if each == home or not (each / f"{each.name}.bpmn").is_file():
            continue
        with suppress(FileRefused, OSError):
            found[each.name] = read_folder(each).files
    return found


def read_whole(path: Path) -> dict[str, bytes]:
    """A policy's files with those of the policies beside it that it calls, as a release would hold them.

    Raises `FileRefused`; `DefinitionRefused` where they call each other in a circle or share a file's name.
    """
    folder = read_folder(path)
    if is_complete(folder.files):
        return folder.files
    beside = neighbours(path)
    called = {process_run(key, files): Callee(key, files) for key, files in beside.items()}
    return completed(folder.key, folder.files, called.get)


def load(
    context: Context, writing: Writing, folder: Folder, note: str, beside: Beside | None = None
) -> Version:
    """Release a folder's content; the same content again is the version it already is.

    Args:
        beside: files of policies that are loaded with it, or lie beside it, by key.

    Raises `DefinitionRefused`.
    """
    version = context.engine.definitions.release(
        writing.uow,
        key=folder.key,
        title=folder.title,
        files=folder.files,
        by=Actor(writing.actor.id),
        note=note,
        beside=beside,
    )
    stored.install(writing, version.hash, folder.scenarios)
    if put(writing, folder.key, version.hash, folder.description):
        payload = {"policy": folder.key, "number": version.number, "version": version.hash, "note": note}
        writing.record(INSTALLATION, DomainEvent.POLICY_LOADED, payload)
    return version


def draft(context: Context, writing: Writing, folder: Folder, note: str) -> Loaded:
    """Make a draft of a folder's content: what is loaded is proposed, never released.

    The version that it is already, or the draft that holds it already, is handed back. Raises
    `DefinitionRefused` where it could not be released as it is drawn.
    """
    definitions, drafts, connection = context.engine.definitions, context.engine.drafts, writing.connection
    findings = definitions.findings(connection, folder.key, folder.files)
    if findings:
        raise DefinitionRefused(findings)
    digest = content_hash(definitions.callees.completed(connection, folder.key, folder.files))
    known = definitions.versions(connection, folder.key)
    same = next((each for each in known if each.hash == digest), None)
    if same is not None:
        return Loaded(folder.key, version=same)
    for each in drafts.of_key(connection, folder.key):
        if each.state == VersionState.DRAFT and drafts.files(connection, each.id) == folder.files:
            return Loaded(folder.key, draft_id=each.id)
    by = Actor(writing.actor.id)
    if known:
        made = drafts.make(writing.uow, key=folder.key, title=folder.title, by=by, based_on=known[0].hash)
        before = drafts.files(connection, made.id)
        changes = {path: folder.files.get(path) for path in (*before, *folder.files)}
        drafts.save(writing.uow, made.id, revision=made.revision, changes=changes, by=by)
    else:
        made = drafts.make(writing.uow, key=folder.key, title=folder.title, by=by, files=folder.files)
    stored.propose(writing, made, folder.scenarios)
    if note.strip():
        drafts.comment(writing.uow, made.id, by=by, words=note)
    put(writing, folder.key, digest, folder.description)
    payload = {"policy": folder.key, "draft": made.id, "content": digest, "note": note}
    writing.record(INSTALLATION, DomainEvent.POLICY_LOADED, payload)
    return Loaded(folder.key, draft_id=made.id)


def _readme(path: Path, key: str) -> tuple[str, str]:
    """Title and first paragraph."""
    fallback = key.replace("-", " ").capitalize()
    if not path.is_file():
        return fallback, ""
    text = path.read_text(encoding="utf-8", errors="replace")
    title = re.search(r"^#\s+(.+?)\s*#*\s*$", text, re.MULTILINE)
    rest = text[title.end() :] if title else text
    paragraphs = (" ".join(block.split()) for block in re.split(r"\n\s*\n", rest))
    description = next(
        (block for block in paragraphs if block and not block.startswith(("#", "!", "|", "<"))), ""
    )
    return (title.group(1) if title else fallback)[:200], description[:2000]
