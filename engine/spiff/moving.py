"""Whether a case can move to another version, what changes for whom, and the move itself. Pure.

A case moves only where everything it stands at, and everything its joins still count, is in the new version
as the same kind of element. What was only predicted is predicted anew. Nobody's answers change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.db.types import dump_tagged
from engine.spiff.compile import Compiled
from engine.spiff.run import Outcome, Running, Surroundings
from engine.spiff.standing import missed
from engine.spiff.state import read, rows_of
from engine.spiff.tree import base_id
from engine.types import Element, VoteRule

CLEAN = "clean"
CHANGES = "changes"
CANNOT = "cannot"

_MATTERS = TaskState.FINISHED_MASK | TaskState.WAITING | TaskState.READY | TaskState.STARTED
"""States of tasks that are there for good; what is only predicted is predicted anew."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a move would mean for one case."""

    kind: str
    sentences: tuple[str, ...] = ()
    """What changes for whom, or why it cannot move."""
    element_id: str | None = None
    """The element that keeps it from moving."""


def assess(old: Compiled, new: Compiled, state: bytes) -> Assessment:
    """Compare where a case stands with what another version has there.

    Raises:
        StateUnreadable: where the state's format is unknown.
    """
    document = read(state)
    if old.process != new.process:
        return Assessment(CANNOT, (f"The new version runs another process, {new.process!r}.",))
    trees = [(old.spec, new.spec, document["tree"])]
    for stored in document.get("subprocesses", {}).values():
        spec = new.subprocess_specs.get(stored["spec"])
        if spec is None:
            name = _name(old, stored["spec"])
            return Assessment(
                CANNOT, (f"It is inside {name}, which the new version does not have.",), stored["spec"]
            )
        trees.append((old.subprocess_specs[stored["spec"]], spec, stored))
    for old_spec, new_spec, tree in trees:
        rows = list(rows_of(tree))
        obstacle = _obstacle(old, old_spec, new_spec, rows) or _too_late(new, old_spec, new_spec, rows)
        if obstacle is not None:
            return obstacle
    at = {
        base_id(row[3])
        for _, _, tree in trees
        for row in rows_of(tree)
        if row[2] & ~TaskState.FINISHED_MASK & _MATTERS
    }
    sentences = tuple(s for element_id in sorted(at) for s in _differences(old, new, element_id))
    return Assessment(CHANGES if sentences else CLEAN, sentences)


def move(new: Compiled, state: bytes, around: Surroundings, *, restart_timers: bool) -> Outcome:
    """The case's state under another version; `assess` has found that it can move.

    Args:
        restart_timers: work out due times anew from now, instead of keeping those under way.
    """
    running = Running(new, dump_tagged(_kept(read(state))), around)
    return running.moved(restart_timers=restart_timers)


def _obstacle(old: Compiled, old_spec: Any, new_spec: Any, rows: Iterable[Any]) -> Assessment | None:
    for row in rows:
        state, name = row[2], row[3]
        if not state & _MATTERS:
            continue
        element_id = base_id(name)
        there = new_spec.task_specs.get(name)
        before = old_spec.task_specs[name]
        if there is None:
            what = "an event attached to it" if name != element_id else "it"
            verb = "stands at" if not state & TaskState.FINISHED_MASK else "still needs"
            return Assessment(
                CANNOT,
                (f"The case {verb} {_name(old, element_id)}; the new version no longer has {what}.",),
                element_id,
            )
        if type(there) is not type(before):
            return Assessment(
                CANNOT,
                (f"{_name(old, element_id)} is another kind of element there.",),
                element_id,
            )
        is_join = state == TaskState.WAITING and len(before.inputs) > 1
        if is_join and {s.name for s in before.inputs} != {s.name for s in there.inputs}:
            return Assessment(
                CANNOT,
                (f"It waits at {_name(old, element_id)}, where other branches meet now.",),
                element_id,
            )
    return None


def _too_late(new: Compiled, old_spec: Any, new_spec: Any, rows: list[Any]) -> Assessment | None:
    for kind, element_id, late in missed(old_spec, new_spec, rows):
        names = " and ".join(_name(new, each) for each in late)
        sentence = (
            f"It stands at {_name(new, element_id)} already; there, {names} would begin with it, and come "
            "too late for this case."
            if kind == "event"
            else f"{_name(new, element_id)} waits there for {names}, to which this case can come no more."
        )
        return Assessment(CANNOT, (sentence,), element_id)
    return None


def _differences(old: Compiled, new: Compiled, element_id: str) -> Iterator[str]:
    before, after = old.elements.get(element_id), new.elements.get(element_id)
    if before is None or after is None:
        return
    name = _name(old, element_id)
    if before.name != after.name:
        yield f"{name} is called “{after.name}”."
    if _performer(before) != _performer(after):
        yield f"{name} lies with {_performer(after)} instead of {_performer(before)}."
    if _form(old, before) != _form(new, after):
        yield f"{name} has another form."
    if before.due != after.due:
        yield f"{name} is due by {after.due or 'no time'} instead of {before.due or 'no time'}."
    if set(before.separate_from) != set(after.separate_from):
        yield f"{name} must be done by others than those of {', '.join(after.separate_from) or 'nobody'}."
    if before.vote != after.vote:
        yield f"{name} is voted on by other rules: {_vote(after.vote)} instead of {_vote(before.vote)}."
    if _timer(old, element_id) != _timer(new, element_id):
        yield f"{name} waits for {_timer(new, element_id)} instead of {_timer(old, element_id)}."


def _name(compiled: Compiled, element_id: str) -> str:
    element = compiled.elements.get(element_id)
    return f"“{element.name}”" if element is not None and element.name else repr(element_id)


def _performer(element: Element) -> str:
    return {"starter": "whoever started it", "seat": "the seated members"}.get(
        element.performer or "", f"the role {element.role!r}"
    )


def _form(compiled: Compiled, element: Element) -> bytes | None:
    return None if element.form is None else compiled.bundle.files.get(element.form)


_CLOSED = {"all": "when all are in", "certain": "when the outcome is certain", "due": "when it is due"}


def _vote(rule: VoteRule | None) -> str:
    if rule is None:
        return "no vote"
    majority = "more than half" if rule.majority == "half" else rule.majority
    return f"a quorum of {rule.quorum}, a majority of {majority}, closed {_CLOSED.get(rule.close, '')}"


def _timer(compiled: Compiled, element_id: str) -> str | None:
    for spec in (compiled.spec, *compiled.subprocess_specs.values()):
        definition = getattr(spec.task_specs.get(element_id), "event_definition", None)
        expression = getattr(definition, "expression", None)
        if expression is not None:
            return str(expression)
    return None


def _kept(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The state without what was only predicted under the old version."""
    kept = dict(document)
    kept["tree"] = _without_predictions(document["tree"])
    if "subprocesses" in document:
        kept["subprocesses"] = {
            key: _without_predictions(tree) for key, tree in document["subprocesses"].items()
        }
    return kept


def _without_predictions(tree: dict[str, Any]) -> dict[str, Any]:
    place: dict[int, int] = {-1: -1}
    rows: list[Any] = []
    for index, row in enumerate(rows_of(tree)):
        if row[2] & _MATTERS:
            place[index] = len(rows)
            rows.append([row[0], place[row[1]], *row[2:]])
    kept = {**tree, "rows": rows}
    if "last" in tree:
        kept["last"] = place.get(tree["last"], 0)
    return kept
