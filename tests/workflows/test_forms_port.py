"""The engine's Forms port over real forms."""

from __future__ import annotations

import json

import pytest

from engine.errors import EngineError
from engine.testing import START
from engine.types import Bundle
from forms import Form, parse
from workflows import forms_port
from workflows.forms_port import BundleForms

FORM = json.dumps(
    {
        "type": "default",
        "components": [
            {"type": "textfield", "key": "reason", "label": "Why?", "validate": {"required": True}},
            {"type": "number", "key": "days", "label": "Days", "decimalDigits": 0},
        ],
    }
).encode()
BUNDLE = Bundle(
    "hash-of-it",
    {"a.form": FORM, "broken.form": b"{", "script.form": b'{"components": [{"type": "iframe"}]}'},
)


def test_answers_are_checked_and_coerced() -> None:
    forms = BundleForms()
    assert list(forms.fields(BUNDLE, "a.form")) == ["reason", "days"]
    good = forms.check(BUNDLE, "a.form", {"reason": "So", "days": "3"}, {}, START)
    assert good.errors == {}
    assert good.values["days"] == 3
    bad = forms.check(BUNDLE, "a.form", {"other": "x"}, {}, START)
    assert set(bad.errors) == {"reason", "other"}


@pytest.mark.parametrize("path", ["broken.form", "script.form", "missing.form"])
def test_a_form_that_cannot_be_used_is_a_refusal_in_a_sentence(path: str) -> None:
    with pytest.raises(EngineError, match=path):
        BundleForms().fields(BUNDLE, path)


def test_a_form_is_parsed_once_and_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []

    def counting(data: bytes) -> Form:
        parsed.append(data)
        return parse(data)

    monkeypatch.setattr(forms_port, "KEPT", 2)
    monkeypatch.setattr(forms_port, "parse", counting)
    forms = BundleForms()
    assert forms.form(BUNDLE, "a.form") is forms.form(BUNDLE, "a.form")
    assert len(parsed) == 1
    for number in range(2):
        forms.form(Bundle(f"another-{number}", {"a.form": FORM}), "a.form")
    forms.form(BUNDLE, "a.form")
    assert len(parsed) == 4
