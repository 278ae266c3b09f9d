"""A call activity hands over what the called process's start event asks for, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from engine.lint.document import Container, Node
from engine.lint.subject import Fault, Rule, Subject, called_process, parameters


def check(subject: Subject) -> Iterator[Fault]:
    """Values that no field takes, and fields that would stay empty though they must be filled in."""
    processes = subject.processes()
    for node in subject.of("callActivity"):
        called = processes.get(called_process(node))
        starts = called.starts() if called is not None else []
        if called is not None and len(starts) == 1:
            yield from _handed_over(subject, node, called, starts[0])


def _handed_over(subject: Subject, node: Node, called: Container, start: Node) -> Iterator[Fault]:
    form = start.own("form")
    process = str(called).replace("The ", "the ", 1)
    given = [name for name, _ in parameters(node) if name]
    if form is None:
        for name in given[:1]:
            yield Fault(
                node,
                f"{node} hands over “{name}”, and {process} begins without a form, so nothing takes it. Give "
                "its start event a form with that field, or remove the parameter.",
            )
        return
    fields = (subject.known.form_fields or {}).get(form)
    if not fields:
        return
    for name in given:
        if name not in fields:
            near = get_close_matches(name, fields, 1)
            advice = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(sorted(fields))}."
            yield Fault(
                node,
                f"{node} hands over “{name}”, which is no field of {form}, with which {process} begins. "
                f"{advice}",
            )
    for name in subject.known.form_required.get(form, ()):
        if name not in given:
            yield Fault(
                node,
                f"{node} does not hand over “{name}”, which {process} must know to begin (a required field "
                f"of {form}). Add it to the parameters.",
            )


RULE = Rule("call-parameter", check)
