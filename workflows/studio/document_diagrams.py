"""A diagram in words for the document: who does what until when, which way is taken when, what time does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.diagrams.elements import EVENTS, GATEWAYS, SUBPROCESSES
from engine.types import Element
from workflows.studio import spoken
from workflows.studio.conditions import Vocabulary, in_words, value_in_words
from workflows.studio.diagram_model import Diagram
from workflows.studio.document_types import DocumentDiagram, Duty, Step, Way
from workflows.studio.order import forward
from workflows.wording import listed

BY_PEOPLE = {"userTask", "manualTask"}
_PERFORMERS = {"starter": "whoever started the case", "seat": "a seat of the roster"}


def told(
    path: str, title: str, called_from: str, diagram: Diagram, forms: Mapping[str, str], words: Vocabulary
) -> DocumentDiagram:
    """One diagram in words.

    Args:
        forms: title of each form by its path.
        words: names of the policy's steps and questions, this diagram's own before others'.
    """
    ordered = [diagram.elements[key] for key in in_order(diagram)]
    steps = [_step(each, diagram, forms, words) for each in ordered if _is_step(each)]
    people = {each.id for each in ordered if each.kind in BY_PEOPLE}
    duties: dict[str, list[Step]] = {}
    for step in steps:
        if step.id in people:
            duties.setdefault(step.who, []).append(step)
    return DocumentDiagram(
        path=path,
        title=title,
        called_from=called_from,
        duties=tuple(Duty(who, tuple(found)) for who, found in duties.items()),
        automatic=tuple(step for step in steps if step.id not in people),
        ways=tuple(_ways(ordered, diagram, words)),
        times=tuple(_times(ordered, diagram, words)),
    )


def in_order(diagram: Diagram) -> list[str]:
    """Nodes as one comes to them, each after all that lead to it; loops are left out of account."""
    ahead = forward(diagram)
    waits = dict.fromkeys(ahead, 0)
    for targets in ahead.values():
        for target in targets:
            waits[target] += 1
    ready = [key for key in ahead if waits[key] == 0]
    found: list[str] = []
    while ready:
        key = ready.pop(0)
        found.append(key)
        for target in sorted(ahead[key], key=list(ahead).index):
            waits[target] -= 1
            if waits[target] == 0:
                ready.append(target)
    return found


def _is_step(element: Element) -> bool:
    if element.kind == "startEvent":
        return bool(element.form)
    return element.kind not in EVENTS | GATEWAYS | SUBPROCESSES or bool(element.operation)


def _step(element: Element, diagram: Diagram, forms: Mapping[str, str], words: Vocabulary) -> Step:
    form = element.form or ""
    who = _PERFORMERS.get(element.performer or "") or spoken.doer(element)
    return Step(
        id=element.id,
        name=element.name or element.id,
        kind=spoken.kind(element.kind),
        who=who,
        form=forms.get(form, form),
        due=_time(element.due, words) if element.due else "",
        rules=tuple(_rules(element, diagram, words)),
        explanation=element.documentation,
    )


def _rules(element: Element, diagram: Diagram, words: Vocabulary) -> Iterator[str]:
    if element.separate_from:
        others = listed((f"“{words.steps.get(each) or each}”" for each in element.separate_from), "or")
        yield f"Not by whoever did {others}."
    if element.blind:
        together = [each for each in diagram.elements.values() if each.blind == element.blind]
        names = listed(f"“{each.name or each.id}”" for each in together)
        yield f"What is answered stays sealed until {names} are all answered."
    if element.remind:
        yield f"A reminder goes out {spoken.duration(element.remind)} before it is due."
    if element.vote:
        yield f"A vote: {spoken.vote(element.vote)}."
    if element.operation:
        yield f"The software does: {element.operation}."
    if element.decision:
        yield f"Decided by the table {element.decision}."
    if element.parameters:
        yield f"It is given {'; '.join(f'{each.name} = {each.value}' for each in element.parameters)}."
    if element.correlation:
        yield f"A message finds its case by {element.correlation}."
    if element.milestone:
        yield f"Milestone in the record: {element.milestone}."


def _ways(ordered: list[Element], diagram: Diagram, words: Vocabulary) -> Iterator[Way]:
    for element in ordered:
        flows = [each for each in diagram.elements.values() if each.source == element.id]
        if not any(each.condition for each in flows):
            continue
        default = diagram.defaults.get(element.id)
        for flow in sorted(flows, key=lambda each: each.id == default):
            condition = flow.condition or ""
            when = in_words(condition, words) if condition else "no other condition holds"
            yield Way(
                _name(element.id, diagram), _leads_to(flow.target or "", diagram), flow.name, when, condition
            )


def _times(ordered: list[Element], diagram: Diagram, words: Vocabulary) -> Iterator[str]:
    for element in ordered:
        timer = _time(diagram.timers.get(element.id, ""), words)
        at_a_date = "timeDate" in diagram.content.get(element.id, "")
        name = element.name or element.id
        if element.kind == "boundaryEvent":
            host = _name(diagram.attached.get(element.id, ""), diagram)
            happens = (
                (f"when this has come: {timer}" if at_a_date else f"after {timer}") if timer else "if so"
            )
            goes_on = "'cancelActivity', 'false'" in diagram.content.get(element.id, "")
            yield f"At “{host}”: “{name}” {happens}; “{host}” {'goes on' if goes_on else 'then ends'}."
        elif element.kind == "intermediateCatchEvent":
            waits = (f"until this has come: {timer}" if at_a_date else timer) if timer else "until it happens"
            yield f"“{name}”: the case waits {waits}."


def _time(text: str, words: Vocabulary) -> str:
    """A duration or a moment in words, else as the expression that gives it."""
    plain = spoken.duration(text)
    return plain if plain != text else value_in_words(text, words) or text


def _name(key: str, diagram: Diagram) -> str:
    element = diagram.elements.get(key)
    if element is None:
        return key
    if element.name:
        return element.name
    before = [each.source for each in diagram.elements.values() if each.target == key and each.source]
    named = [diagram.elements[each].name for each in before if diagram.elements[each].name]
    what = f"the {spoken.kind(element.kind)}"
    return f"{what} after “{named[0]}”" if named else f"{what} {key}"


def _leads_to(key: str, diagram: Diagram) -> str:
    """The names of what comes next; gateways without a name are looked through."""
    seen, ahead, found = {key}, [key], []
    while ahead:
        here = ahead.pop(0)
        element = diagram.elements.get(here)
        following = [each.target for each in diagram.elements.values() if each.source == here and each.target]
        if element is None or element.name or element.kind not in GATEWAYS or not following:
            found.append(_name(here, diagram))
            continue
        ahead += [each for each in following if each not in seen]
        seen.update(following)
    return " or ".join(dict.fromkeys(found)) if len(found) < 4 else _name(key, diagram)
