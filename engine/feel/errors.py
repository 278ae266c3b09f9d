"""What can go wrong with an expression, each as one plain sentence with the place in the text."""

from __future__ import annotations


class FeelError(Exception):
    """Root of every error of the expression language.

    Attributes: `reason` the sentence without its place; `line` and `column` (from 1, None where the error
    has no place); `excerpt` the part of the text around the place.
    """

    def __init__(self, reason: str, text: str | None = None, pos: int | None = None) -> None:
        self.reason = reason
        self.line: int | None = None
        self.column: int | None = None
        self.excerpt = ""
        super().__init__(reason)
        if text is not None and pos is not None:
            self.locate(text, pos)

    @property
    def located(self) -> bool:
        """Whether the error already knows its place."""
        return self.line is not None

    def locate(self, text: str, pos: int) -> None:
        """Give the error its place: offset `pos` in `text`. The first place given stays."""
        if self.located:
            return
        pos = min(max(pos, 0), len(text))
        start = text.rfind("\n", 0, pos) + 1
        self.line = text.count("\n", 0, pos) + 1
        self.column = pos - start + 1
        end = text.find("\n", pos)
        end = len(text) if end < 0 else end
        left, right = max(start, pos - 20), min(end, pos + 20)
        self.excerpt = f"{'…' if left > start else ''}{text[left:right]}{'…' if right < end else ''}"

    def __str__(self) -> str:
        """The sentence, followed by its place where it has one."""
        if not self.located:
            return self.reason
        near = f", near “{self.excerpt}”" if self.excerpt.strip() else ""
        return f"{self.reason} (line {self.line}, column {self.column}{near})"


class FeelSyntaxError(FeelError):
    """The text is not a FEEL expression (or not a list of unary tests)."""


class FeelLimitError(FeelError):
    """The text or its evaluation is larger, deeper or slower than a policy's expression may be."""


class FeelDataError(FeelError):
    """A value handed to an expression is of a kind the language does not know (a float, for example)."""
