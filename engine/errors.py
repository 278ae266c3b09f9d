"""What can go wrong in the engine: one root, and the ids concerned as attributes.

The classes directly below the root say what kind of refusal it is, so that a caller (the web layer, the
command line) can answer each kind in its own way without knowing every cause. Each message is a sentence
for a person: what happened, what was kept, what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar


class EngineError(Exception):
    """Root of all errors the engine raises on purpose."""

    message: ClassVar[str] = "The engine could not do this. Nothing was changed."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class NotFound(EngineError):
    """Something named by an id or key does not exist."""

    message = "There is nothing under this address. Nothing was changed; check the link you followed."

    def __init__(self, kind: str, key: str) -> None:
        self.kind = kind
        self.key = key
        super().__init__(f"There is no {kind} {key!r}. Nothing was changed; check the link you followed.")


class NotEntitled(EngineError):
    """The person may not do this."""

    message = "You are not entitled to do this. Nothing was changed."

    def __init__(
        self, message: str | None = None, *, person_id: str | None = None, task_id: str | None = None
    ) -> None:
        self.person_id = person_id
        self.task_id = task_id
        super().__init__(message)


class Conflict(EngineError):
    """The state has moved on since the person looked at it."""

    message = (
        "This has changed since you opened it. Nothing of yours was stored; reload the page and look again."
    )

    def __init__(
        self, message: str | None = None, *, task_id: str | None = None, instance_id: str | None = None
    ) -> None:
        self.task_id = task_id
        self.instance_id = instance_id
        super().__init__(message)


class Collision(Conflict):
    """Another command committed first. Commands retry by themselves; only exhaustion is shown to a person."""

    message = "Others are working on this very case. Nothing of yours was stored; please send it once more."


class AnswersRefused(EngineError):
    """A form's answers do not hold. `errors` maps a field's key to sentences; "" is about the whole form."""

    message = "Some answers need another look. Nothing was stored yet."

    def __init__(self, errors: Mapping[str, Sequence[str]], *, task_id: str | None = None) -> None:
        self.errors = {key: list(sentences) for key, sentences in errors.items()}
        self.task_id = task_id
        super().__init__()


class DefinitionRefused(EngineError):
    """A bundle cannot be released. `findings` says why, one by one."""

    message = "This policy cannot be released as it is drawn. Nothing was released."

    def __init__(self, findings: Sequence[object], message: str | None = None) -> None:
        self.findings = tuple(findings)
        listed = "; ".join(str(finding) for finding in self.findings)
        super().__init__(message or f"{self.message} {listed}")


class ElementFailed(EngineError):
    """An element could not be executed; the case waits before it with an incident."""

    message = "A step of this case could not be carried out."

    def __init__(self, message: str, *, element_id: str | None = None, names: Sequence[str] = ()) -> None:
        self.element_id = element_id
        self.names = tuple(names)
        super().__init__(message)


class OperationFailed(EngineError):
    """An operation called by a service task refuses or fails, with a sentence that says why."""


class StateUnreadable(EngineError):
    """A stored state was written in a format this release does not know."""

    message = (
        "The stored state of this case cannot be read by this release. Nothing was changed; upgrade Parley."
    )
