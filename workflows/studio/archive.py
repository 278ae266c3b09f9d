"""A version out as a zip or a folder, and in again: the same bytes for the same content, anywhere."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from workflows.scenarios.reading import FOLDER

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time that stands at every file of a zip: the earliest it can hold, so that the hour says nothing."""
_TOLD = ".json"
_UNIX, _READABLE = 3, 0o644 << 16


def with_scenarios(files: Mapping[str, bytes], scenarios: Mapping[str, str]) -> dict[str, bytes]:
    """A policy's files with its scenarios, each in a file of its own in the folder `scenarios`."""
    told = {f"{FOLDER}/{name}{_TOLD}": content.encode() for name, content in scenarios.items()}
    return {**files, **told}


def to_zip(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip. Stored uncompressed, in the order of their names: packers compress differently."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _EARLIEST)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE
            archive.writestr(entry, files[path])
    return made.getvalue()


def to_folder(files: Mapping[str, bytes], folder: Path, suffixes: tuple[str, ...]) -> list[str]:
    """Write the files into a folder, so that Git can hold it; what of a policy is there besides is taken out.

    Files with other suffixes (a README, a picture, the record beside a scenario) are left alone.

    Returns:
        Names of the files that were taken out, in their order.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    there = {each.name for each in folder.iterdir() if each.is_file() and each.name.endswith(suffixes)}
    there |= {f"{FOLDER}/{each.name}" for each in (folder / FOLDER).glob(f"*{_TOLD}") if each.is_file()}
    gone = sorted(there - set(files))
    for name in gone:
        (folder / name).unlink()
    for path in sorted(files):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(files[path])
    return gone
