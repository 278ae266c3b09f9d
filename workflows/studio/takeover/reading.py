"""All that files of other tools offer and leave, from the files alone. Nothing is written or evaluated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from engine.errors import EngineError
from workflows.studio.takeover.asked import read_forms
from workflows.studio.takeover.calls import (
    read_called,
    read_loops,
    read_messages,
    read_processes,
)
from workflows.studio.takeover.decisions import read_decisions
from workflows.studio.takeover.diagrams import Diagram, read
from workflows.studio.takeover.dialects import TOOLS
from workflows.studio.takeover.expressions import read_expressions
from workflows.studio.takeover.listing import kept_rows, read_leftovers
from workflows.studio.takeover.people import read_people
from workflows.studio.takeover.survey import Survey
from workflows.studio.takeover.types import KINDS, Takeover

_ORDER = [each.name for each in TOOLS]
NOTHING = Takeover((), (), (), ())


def tools_of(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Names of the tools whose hand is in the diagrams among files."""
    return _named(each for diagram in _diagrams(files) for each in diagram.tools)


def read_takeover(files: Mapping[str, bytes]) -> Takeover:
    """What files offer, and what of them could not be taken over. Nothing where no other tool wrote them.

    Args:
        files: diagrams, tables and forms of a draft, and the schemas that came with them, by name. What
            cannot be read is passed over: the draft's findings say why.
    """
    diagrams = [each for each in _diagrams(files) if each.tools]
    if not diagrams:
        return NOTHING
    survey = Survey(files, diagrams)
    read_processes(survey)
    for each in diagrams:
        read_people(survey, each)
        read_forms(survey, each)
    # Tables and forms first: expressions name what they give.
    for step in (read_decisions, read_loops, read_messages, read_called, read_expressions):
        for each in diagrams:
            step(survey, each)
    kept: Counter[str] = Counter()
    for each in diagrams:
        kept += read_leftovers(survey, each)
    places = {kind: place for place, kind in enumerate(KINDS)}
    return Takeover(
        tools=_named(name for each in diagrams for name in each.tools),
        offers=tuple(sorted(survey.offers, key=lambda each: (places[each.kind], each.path))),
        left=tuple(survey.left),
        kept=kept_rows(kept),
    )


def _diagrams(files: Mapping[str, bytes]) -> list[Diagram]:
    """The diagrams that can be read."""
    found: list[Diagram] = []
    for path in sorted(files):
        if path.endswith(".bpmn"):
            try:
                found.append(read(path, files[path]))
            except EngineError:
                continue
    return found


def _named(tools: Iterable[str]) -> tuple[str, ...]:
    every = set(tools)
    known = [name for name in _ORDER if name in every]
    return (*known, *sorted(every.difference(known)))
