"""The engine's Forms port over the package `forms`: forms are parsed once per bundle and path."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Any

from engine.errors import EngineError
from engine.ports import CheckedAnswers
from engine.types import Bundle
from forms import Form, FormError, check, parse
from forms.types import Field, walk

KEPT = 512
"""Parsed forms kept in memory. A bundle's content never changes under its hash, so none goes stale."""


class BundleForms:
    """Implements `engine.ports.Forms`."""

    needed = True
    """On a page, a task without a form asks nothing, and keeps nothing of what was decided there."""

    def __init__(self) -> None:
        self._parsed: OrderedDict[tuple[str, str], Form] = OrderedDict()
        self._lock = Lock()

    def form(self, bundle: Bundle, path: str) -> Form:
        """A parsed form. Raises `EngineError` with a sentence: no such file, or none the "
        "server can honour."""
        key = (bundle.hash, path)
        with self._lock:
            held = self._parsed.get(key)
            if held is not None:
                self._parsed.move_to_end(key)
                return held
        if path not in bundle.files:
            raise EngineError(f"The form {path} is not among the policy's files.")
        try:
            parsed = parse(bundle.files[path])
        except FormError as error:
            raise EngineError(f"The form {path} cannot be used: {error}") from error
        with self._lock:
            self._parsed[key] = parsed
            while len(self._parsed) > KEPT:
                self._parsed.popitem(last=False)
        return parsed

    def check(
        self, bundle: Bundle, form: str, answers: Mapping[str, Any], data: Mapping[str, Any], now: datetime
    ) -> CheckedAnswers:
        """Check and coerce what was submitted."""
        checked = check(self.form(bundle, form), answers, data, now)
        return CheckedAnswers(checked.values, checked.errors)

    def fields(self, bundle: Bundle, form: str) -> Sequence[str]:
        """Keys of the fields a form declares. Raises `EngineError` where it cannot be honoured."""
        return [field.key for field in self.form(bundle, form).fields]

    def required(self, bundle: Bundle, form: str) -> Sequence[str]:
        """Keys of the fields that must be answered whatever else is. Raises as `fields`."""
        return [
            part.key
            for part, conditions in walk(self.form(bundle, form).components)
            if isinstance(part, Field) and part.required and not conditions
        ]
