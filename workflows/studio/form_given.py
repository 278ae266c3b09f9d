"""A step of a person has a form: what nobody could answer is not sent to review.

A rule of the domain, beside those of the engine's release gate: the engine can run a step that only asks
whether it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from engine.types import Element
from workflows.studio.types import DraftFinding

RULE = "form-given"


def without_form(diagrams: Mapping[str, Mapping[str, Element]]) -> Iterator[tuple[str, Element, str]]:
    """File, step and sentence of each step of a person that has no form.

    Args:
        diagrams: the elements of each diagram, by its path.
    """
    for path in sorted(diagrams):
        for element in diagrams[path].values():
            if element.kind == "userTask" and element.form is None:
                named = f"“{element.name}”" if element.name else f"The step {element.id}"
                yield path, element, f"{named} has no form, so nobody could answer it. Choose one."


def findings(
    diagrams: Mapping[str, Mapping[str, Element]],
    spoken: Callable[[Element, Mapping[str, Element]], str],
) -> list[DraftFinding]:
    """The same as a draft's page and its editor show them; `spoken` names an element in a sentence."""
    return [
        DraftFinding(path, each.id, spoken(each, diagrams[path]), RULE, sentence, True)
        for path, each, sentence in without_form(diagrams)
    ]
