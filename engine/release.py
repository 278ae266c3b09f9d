"""What a bundle must be to be released: every finding, each a sentence with its element."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.errors import EngineError
from engine.feel import FeelError, compile_expression
from engine.ports import Forms, Operations
from engine.spiff.compile import Compiled
from engine.spiff.timing import is_iso_duration
from engine.types import Element

REFUSED_KINDS = {
    "scriptTask": "is a script task. Scripts are never run; draw a service task that names an operation",
    "adHocSubProcess": "is an ad-hoc subprocess, which cannot be run reliably; draw the order of its steps",
    "complexGateway": "is a complex gateway, which cannot be run; draw exclusive, inclusive or parallel ones",
}
HUMAN_KINDS = ("userTask", "manualTask", "task")


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a bundle cannot be released."""

    rule: str
    element_id: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def check_release(compiled: Compiled, forms: Forms, operations: Operations) -> list[Finding]:
    """All reasons why this version must not be released; empty where it may be."""
    findings: list[Finding] = []
    for element in compiled.elements.values():
        findings.extend(_kind(element))
        findings.extend(_operation(element, operations))
        findings.extend(_form(element, compiled, forms))
        findings.extend(_expressions(element))
        findings.extend(_performer(element, compiled))
    return findings


def _named(element: Element) -> str:
    return f"“{element.name}”" if element.name else f"The {element.kind} {element.id!r}"


def _kind(element: Element) -> Iterator[Finding]:
    if element.kind in REFUSED_KINDS:
        yield Finding("supported-element", element.id, f"{_named(element)} {REFUSED_KINDS[element.kind]}.")


def _operation(element: Element, operations: Operations) -> Iterator[Finding]:
    if element.kind != "serviceTask":
        return
    if element.operation is None:
        yield Finding("operation-known", element.id, f"{_named(element)} names no operation.")
    elif element.operation not in operations.names():
        known = ", ".join(sorted(operations.names()))
        yield Finding(
            "operation-known",
            element.id,
            f"{_named(element)} names the operation {element.operation!r}, which does not exist. "
            f"There are: {known}.",
        )


def _form(element: Element, compiled: Compiled, forms: Forms) -> Iterator[Finding]:
    if element.form is None:
        return
    if element.form not in compiled.bundle.files:
        yield Finding(
            "form-present", element.id, f"{_named(element)} uses {element.form}, which is not in the bundle."
        )
        return
    try:
        forms.fields(compiled.bundle, element.form)
    except EngineError as error:
        yield Finding(
            "form-readable", element.id, f"{element.form} of {_named(element)} cannot be used: {error}"
        )


def _expressions(element: Element) -> Iterator[Finding]:
    texts = [p.value for p in element.parameters]
    if element.condition is not None:
        texts.append(element.condition)
    if element.due is not None and not is_iso_duration(element.due):
        texts.append(element.due)
    for text in texts:
        try:
            compile_expression(text)
        except FeelError as error:
            yield Finding(
                "expression-valid", element.id, f"{_named(element)} holds {text!r}, which is no FEEL: {error}"
            )


def _performer(element: Element, compiled: Compiled) -> Iterator[Finding]:
    if element.kind not in HUMAN_KINDS:
        return
    if element.role is None and element.performer is None:
        yield Finding(
            "performer-known",
            element.id,
            f"{_named(element)} lies in no lane with a role, so nobody could do it.",
        )
    if element.performer not in (None, "starter", "seat"):
        yield Finding(
            "performer-known",
            element.id,
            f"{_named(element)} has the performer {element.performer!r}; it may be “starter” or “seat”.",
        )
    if element.vote is not None and element.performer != "seat":
        yield Finding(
            "vote-seated", element.id, f"{_named(element)} is a vote, so its performer must be “seat”."
        )
    for other in element.separate_from:
        if other not in compiled.elements:
            yield Finding(
                "separation-known",
                element.id,
                f"{_named(element)} is to be kept apart from {other!r}, which is not drawn.",
            )
