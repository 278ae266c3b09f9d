"""Views of policies."""

from __future__ import annotations

from dataclasses import dataclass

from engine.types import Version


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy: what one folder of `bpmn/` holds, in its latest released version."""

    key: str
    title: str
    description: str
    """First paragraph of the folder's README."""
    latest: Version
    versions: int
    has_process: bool
    """False for a bundle of tables alone."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a folder that was loaded: a draft, or the version that it is already."""

    key: str
    draft_id: str | None = None
    version: Version | None = None


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """One file of a version."""

    path: str
    size: int
    """Bytes."""
    sha256: str


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """One version with its files."""

    policy: Policy
    version: Version
    files: tuple[PolicyFile, ...]
    open_cases: int
    endorsement: str
    """Since when and by whom the version is endorsed, or that it is not, as a sentence."""
    included: tuple[Version, ...]
    """The versions of other policies that it calls, and therefore holds."""
