"""What can go wrong with a decision model, each as one plain sentence."""

from __future__ import annotations


class DmnError(Exception):
    """Root of every error of decision models. `element` is the id or name of the element at fault, if
    one is.
    """

    def __init__(self, message: str, element: str | None = None) -> None:
        super().__init__(message)
        self.element = element


class DmnParseError(DmnError):
    """The bytes are not a decision model that can be read."""


class DmnNotFoundError(DmnError):
    """The model has no decision or service of that name or id."""


class DmnEvaluationError(DmnError):
    """A decision could not be made as its model says: rules in conflict, a value that is not allowed, a
    bad text.
    """


class DmnLimitError(DmnError):
    """A model, or the making of its decision, is larger or deeper than is allowed."""
