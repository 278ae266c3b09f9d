"""What no offer speaks of: on the list of what could not be taken over, or counted as needing nothing."""

from __future__ import annotations

from collections import Counter

from lxml import etree

from engine.diagrams.xml import is_bpmn
from workflows.studio.takeover.diagrams import Diagram, Setting, text_in
from workflows.studio.takeover.dialects import PREFIXES, SIGNAVIO
from workflows.studio.takeover.leftovers import (
    BY_IDENT,
    BY_NAME,
    EMPTY,
    LOOK,
    OWNERS,
    SCRIPT,
    UNKNOWN,
    WHOLE,
    Reason,
)
from workflows.studio.takeover.survey import Survey
from workflows.studio.takeover.types import Kept, Left

_EACH_ALONE = frozenset(PREFIXES)
MOST_ROWS_OF_ONE_NAME = 3
"""Of a tool that no table knows: what says the same more often is one row, with how often."""


def reason_of(setting: Setting) -> Reason:
    """Why a setting is not taken over, or why it needs nothing."""
    found = BY_IDENT.get(setting.namespace, {}).get(setting.ident)
    found = found or BY_NAME.get(setting.namespace, {}).get(setting.name) or WHOLE.get(setting.namespace)
    if found is not None:
        return found
    if not is_bpmn(setting.owner):
        return LOOK
    if _says_nothing(setting):
        return EMPTY
    return UNKNOWN


def read_leftovers(survey: Survey, diagram: Diagram) -> Counter[str]:
    """Put what is left of a diagram on the list; how many settings need nothing, by their reason."""
    kept: Counter[str] = Counter()
    strange: dict[str, list[Setting]] = {}
    for each in diagram.settings:
        if id(each) in survey.claimed:
            continue
        reason = reason_of(each)
        if not reason.advice:
            kept[reason.why] += 1
        elif each.namespace in _EACH_ALONE:
            survey.leave(diagram, each, reason.why, reason.advice)
        else:
            strange.setdefault(each.said.partition(" ")[0], []).append(each)
    for settings in strange.values():
        _strange(survey, diagram, settings)
    _scripts(survey, diagram)
    return kept


def _strange(survey: Survey, diagram: Diagram, settings: list[Setting]) -> None:
    reason = reason_of(settings[0])
    if len(settings) <= MOST_ROWS_OF_ONE_NAME:
        for each in settings:
            survey.leave(diagram, each, reason.why, reason.advice)
        return
    first = settings[0]
    named = list(dict.fromkeys(diagram.spoken(each.owner) for each in settings))
    shown = ", ".join(named[:MOST_ROWS_OF_ONE_NAME])
    survey.left.append(
        Left(
            diagram.path,
            first.owner.get("id", ""),
            f"{shown} and {len(named) - MOST_ROWS_OF_ONE_NAME} more" if len(named) > 3 else shown,
            first.said.partition(" ")[0],
            f"{len(settings)} times",
            reason.why,
            reason.advice,
        )
    )


def _scripts(survey: Survey, diagram: Diagram) -> None:
    for task in diagram.every("scriptTask"):
        text = "".join(text_in(part) for part in task if _is_script(part))
        reason = OWNERS if "lane_owners" in text else SCRIPT
        survey.leave_at(diagram, task, "script", text, reason.why, reason.advice)


def _is_script(node: etree._Element) -> bool:
    return is_bpmn(node) and etree.QName(node).localname == "script"


def _says_nothing(setting: Setting) -> bool:
    """An empty value, as many tools write for each of their properties."""
    node = setting.node
    if node is None:
        return not setting.value.strip()
    if setting.namespace == SIGNAVIO:
        return node.get("metaValue", "") in ("", "[]", "{}")
    return not setting.value.strip()


def kept_rows(counted: Counter[str]) -> tuple[Kept, ...]:
    """The same as rows, the most frequent first."""
    return tuple(Kept(reason, count) for reason, count in counted.most_common())
