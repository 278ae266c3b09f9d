"""An expression names only what the policy gives."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from engine.diagrams.xml import BPMN
from engine.feel import FeelError, compile_expression
from engine.lint.document import Flow, Node
from engine.lint.expressions import Place, expressions
from engine.lint.subject import Fault, Rule, Subject, called_process

SUFFIXES = ("_rounds", "_tally")


def check(subject: Subject) -> Iterator[Fault]:
    """Names that no element gives: their value would always be missing."""
    within = _by_process(subject)
    called = subject.called()
    everywhere = set().union({"item"}, *(names for process, names in within.items() if process not in called))
    for place in expressions(subject):
        own = _process_of(place.at)
        given = everywhere | within.get(own, set())
        try:
            names = compile_expression(place.text).names
        except FeelError:
            continue
        for name in sorted(names):
            base = next((name.removesuffix(s) for s in SUFFIXES if name.endswith(s)), name)
            if name in given or base in given:
                continue
            elsewhere = sorted(process for process, names in within.items() if base in names)
            if elsewhere:
                yield _not_there(subject, place, name, elsewhere[0])
                continue
            near = get_close_matches(base, sorted(given), 1)
            advice = f"Did you mean “{near[0]}”?" if near else "Answers stand under the id of their task."
            yield Fault(
                place.at,
                f"{place.at} asks for “{name}” in “{place.text[:200]}”, and no element has that id. {advice}",
            )


def _by_process(subject: Subject) -> dict[str, set[str]]:
    """Id of each process to the names that its elements give."""
    within: dict[str, set[str]] = {}
    for document in subject.documents:
        for node in document.nodes:
            names = within.setdefault(_process_of(node), set())
            names.add(node.id)
            names |= {item.get("id", "") for item in node.xml.iter(f"{{{BPMN}}}inputDataItem")}
    return within


def _process_of(at: Node | Flow) -> str:
    return (at.container.process or at.container).id


def _not_there(subject: Subject, place: Place, name: str, process: str) -> Fault:
    """A name of another process: what that gathers stands under the call activity that called it."""
    calls = [node.id for node in subject.of("callActivity") if called_process(node) == process]
    advice = f"Write “{calls[0]}.{name}”." if calls else "Hand it over as a parameter of the call."
    return Fault(
        place.at,
        f"{place.at} asks for “{name}” in “{place.text[:200]}”, which is an element of the process "
        f"“{process}” and stands under the call activity that calls it. {advice}",
    )


RULE = Rule("name-known", check)
