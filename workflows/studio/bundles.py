"""What a person uploads: diagrams, tables and forms, one by one or in a zip."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from workflows.errors import FileRefused
from workflows.files import DAMAGED_ARCHIVE
from workflows.policies.commands import MAX_BYTES, MAX_FILES, SUFFIXES
from workflows.scenarios.reading import FOLDER, read

MATERIAL = (".json",)
"""Schemas of other tools' forms: no part of a policy, but forms are made of them."""
_SCENARIO = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


def read_uploads(uploads: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """The files of a policy among what was uploaded, by name; folders within a zip are left out.

    Raises:
        FileRefused: no such file, too many, too large, two of one name, or a zip that cannot be read.
    """
    files = _read(uploads, SUFFIXES)
    if not files:
        raise FileRefused(
            "There is no diagram (.bpmn), table (.dmn) or form (.form) among the files. Nothing was stored."
        )
    return files


def read_material(uploads: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Schemas of other tools' forms among what was uploaded, by name. Raises `FileRefused` as above."""
    return _read(uploads, MATERIAL)


def read_scenarios(uploads: Iterable[tuple[str, bytes]], key: str) -> dict[str, str]:
    """Scenarios of a policy among what was uploaded: what lies in a folder `scenarios`, by name.

    Raises `FileRefused`: what cannot be read as one, or is of another policy.
    """
    found = {}
    for name, data in _read(uploads, MATERIAL, of_scenarios=True).items():
        stem = name.removesuffix(".json")
        if not _SCENARIO.fullmatch(stem):
            raise FileRefused(
                f"A scenario's file is named with small letters, digits and hyphens, not {name[:80]!r}. "
                "Nothing was stored.",
                name=name,
            )
        text = data.decode("utf-8", errors="replace")
        scenario = read(Path(name), text)
        if scenario.policy != key:
            raise FileRefused(
                f"The scenario {name} is told of the policy {scenario.policy}, not of {key}. "
                "Nothing was stored.",
                name=name,
            )
        found[stem] = text
    return found


def _read(
    uploads: Iterable[tuple[str, bytes]], suffixes: tuple[str, ...], *, of_scenarios: bool = False
) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, data in uploads:
        inside = _unpacked(name, data, suffixes) if name.lower().endswith(".zip") else [(name, data)]
        for path, content in inside:
            place = PurePosixPath(path.replace("\\", "/"))
            plain = place.name
            told = place.parent.name == FOLDER and plain.endswith(MATERIAL)
            if not plain.endswith(suffixes) or told != of_scenarios:
                continue
            if plain in files and files[plain] != content:
                raise FileRefused(f"There are two different files {plain}. Nothing was stored.", name=plain)
            if len(content) > MAX_BYTES:
                raise FileRefused(
                    f"{plain} has more than {MAX_BYTES:,} bytes. Nothing was stored.", name=plain
                )
            files[plain] = content
    if len(files) > MAX_FILES:
        raise FileRefused(f"There are more than {MAX_FILES} files. Nothing was stored.")
    return files


def _unpacked(name: str, data: bytes, suffixes: tuple[str, ...]) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            wanted = [
                info
                for info in archive.infolist()
                if info.filename.endswith(suffixes) and not info.filename.startswith("__MACOSX/")
            ]
            if len(wanted) > MAX_FILES or sum(info.file_size for info in wanted) > 4 * MAX_BYTES:
                raise FileRefused(f"{name} holds too much for a policy. Nothing was stored.", name=name)
            return [(info.filename, _content(archive, info, name)) for info in wanted]
    except DAMAGED_ARCHIVE as error:
        raise FileRefused(f"{name} is no zip that can be read. Nothing was stored.", name=name) from error


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """A packed file, read no further than its limit, whatever the archive claims of its size."""
    with archive.open(info) as packed:
        content = packed.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise FileRefused(f"{info.filename} in {name} is too large. Nothing was stored.", name=name)
    return content
