"""What the domain refuses, and why. The engine's kinds of refusal are handed on under the same names, so that
a caller needs this module alone. Every message is a sentence: what happened, what was kept, what to do."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from engine.errors import (
    AnswersRefused,
    Collision,
    Conflict,
    DefinitionRefused,
    EngineError,
    NotEntitled,
    NotFound,
)

__all__ = [
    "AlreadyInstalled",
    "AnswersRefused",
    "Collision",
    "Conflict",
    "DefinitionRefused",
    "DemonstrationOnly",
    "EngineError",
    "FileRefused",
    "NotEntitled",
    "NotFound",
    "NotInstalled",
    "RuleBroken",
    "SignInRefused",
    "WorkflowsError",
]


class WorkflowsError(Exception):
    """Root of the refusals that are the domain's own."""

    message: ClassVar[str] = "This could not be done. Nothing was changed."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class AlreadyInstalled(WorkflowsError):
    """The database already says what it is; that never changes."""

    message = (
        "This database is already set up. Nothing was changed; use another database, or sign in to this one."
    )


class NotInstalled(WorkflowsError):
    """The database has tables but no installation yet."""

    message = (
        "This database is not set up yet. Run `parley init` for a real organisation or `parley demo` for a "
        "demonstration."
    )


class DemonstrationOnly(WorkflowsError):
    """Something that only a demonstration may do."""

    message = "Only a demonstration may move its clock. Nothing was changed."


class RuleBroken(WorkflowsError):
    """A rule of the organisation stands against it: a conflict of posts, a missing basis, an expiry too far
    off."""

    message = "A rule of the organisation stands against this. Nothing was changed."

    def __init__(self, message: str | None = None, *, rule: str = "") -> None:
        self.rule = rule
        super().__init__(message)


class SignInRefused(WorkflowsError):
    """The e-mail address and password do not match, or there were too many tries. It never says which."""

    message = (
        "This e-mail address and password do not match. Try again, or ask an administrator for a "
        "new password."
    )

    def __init__(self, message: str | None = None, *, retry_at: datetime | None = None) -> None:
        self.retry_at = retry_at
        super().__init__(message)


class FileRefused(WorkflowsError):
    """A file or folder cannot be read as what it should be. Nothing of it was stored."""

    message = "This file cannot be read. Nothing was stored."

    def __init__(self, message: str | None = None, *, name: str = "") -> None:
        self.name = name
        super().__init__(message)
