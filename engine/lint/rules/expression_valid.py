"""Every expression is FEEL."""

from __future__ import annotations

from collections.abc import Iterator

from engine.feel import FeelError, compile_expression
from engine.feel.translate import translate
from engine.lint.expressions import expressions
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Expressions of other languages, and such with mistakes; the same in FEEL where it can be told."""
    for place in expressions(subject):
        language = (place.xml.get("language") or "").strip()
        if language and "feel" not in language.lower():
            yield Fault(
                place.at,
                f"{place.at} holds an expression in the language “{language}”. Only FEEL is evaluated: "
                "write it in FEEL and remove the language.",
            )
            continue
        try:
            compile_expression(place.text)
        except FeelError as error:
            offered = translate(place.text)
            advice = f" In FEEL it would be: {offered}" if offered else " Write it in FEEL."
            yield Fault(
                place.at,
                f"{place.at} holds “{place.text[:200]}”, which is no FEEL: {str(error).rstrip('.')}.{advice}",
            )


RULE = Rule("expression-valid", check)
