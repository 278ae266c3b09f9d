"""Conditions, timers and due times of other tools as FEEL and as durations."""

from __future__ import annotations

import re

from lxml import etree

from engine.diagrams.xml import BPMN
from engine.spiff.timing import is_iso_cycle, is_iso_duration
from workflows.studio import spoken
from workflows.studio.takeover.diagrams import Diagram, child, text_in
from workflows.studio.takeover.dialects import JUEL_FAMILY, ZEEBE
from workflows.studio.takeover.naming import Translated, in_feel
from workflows.studio.takeover.people import PEOPLE
from workflows.studio.takeover.survey import Survey, own
from workflows.studio.takeover.types import Choice, Edit

_TIMES = ("timeDate", "timeDuration", "timeCycle")
_LANGUAGES = ("feel", "juel", "python", "xpath")
"""Languages that are looked at; XPath is what many tools declare and nobody writes."""
_FROM_NOW = (
    re.compile(r"""\s*=?\s*now\(\)\s*\+\s*duration\(\s*"(P[0-9A-Z]+)"\s*\)\s*"""),
    re.compile(r"""\s*[$#]\{\s*(?:dateTime|now)\(\)\.plus(Days|Weeks|Months|Years|Hours|Minutes)\((\d{1,5})\)\s*\}\s*"""),
)  # fmt: skip
_QUOTED = re.compile(r"""\s*=?\s*(?:duration\(\s*)?(["'])((?:R\d*/)?P[0-9YMWDTHS.]+)\1\s*\)?\s*""")
_UNITS = {
    "Days": "P{}D",
    "Weeks": "P{}W",
    "Months": "P{}M",
    "Years": "P{}Y",
    "Hours": "PT{}H",
    "Minutes": "PT{}M",
}

_NOT_SIMPLE = (
    "It calls code, says more than comparisons, “and”, “or”, “not” and plain values, or may mean answers of "
    "very many steps."
)
_BUILD = "Build the condition in the editor: field, comparison, value."
_DATE = (
    "It is worked out by code of the tool, or is one fixed date, which a policy for many cases cannot have."
)
_DURATION = "Write a duration such as P5D, or FEEL, as the step's due time in the editor."


def read_expressions(survey: Survey, diagram: Diagram) -> None:
    """Conditions, timers and due times of a diagram."""
    for flow in diagram.every("sequenceFlow"):
        condition = child(flow, "conditionExpression")
        if condition is not None and text_in(condition).strip():
            _condition(survey, diagram, flow, condition)
    for part in diagram.every(*_TIMES):
        _timer(survey, diagram, part)
    for node in diagram.every(*PEOPLE):
        _due(survey, diagram, node)


def rests_on(survey: Survey, diagram: Diagram, found: Translated) -> list[str]:
    """Ids of the offers without which an expression would name what is not there."""
    needs: list[str] = []
    for key in found.steps:
        node = diagram.by_id(key)
        if node is None:
            continue
        offered = (survey.offered_at(kind, diagram, node) for kind in ("forms", "ids", "decisions"))
        needs += [each for each in offered if each]
    return list(dict.fromkeys(needs))


def remark(found: Translated) -> str:
    """What to say of variables that nothing gives."""
    if not found.unknown:
        return ""
    names = ", ".join(f"“{each}”" for each in found.unknown)
    return f" Nothing in these files gives {names}: name the step that does, once it is taken."


def _condition(survey: Survey, diagram: Diagram, flow: etree._Element, condition: etree._Element) -> None:
    text = text_in(condition).strip()
    language = (condition.get("language") or "").lower()
    foreign = bool(language) and not any(each in language for each in _LANGUAGES)
    found = None if foreign else in_feel(survey, diagram, flow, text)
    if found is None:
        survey.leave_at(
            diagram, flow, "condition", text,
            f"It is written in {condition.get('language')}." if foreign else _NOT_SIMPLE, _BUILD,
        )  # fmt: skip
        return
    edits = [Edit(diagram.path, diagram.at(condition), "attribute", "language", "")] if language else []
    if not found.changed and not edits:
        return
    one = found.texts[0] if len(found.texts) == 1 else None
    survey.offer(
        "conditions",
        diagram,
        [flow],
        found=f"Taken when: {text}",
        becomes=one or "one of several steps' answers",
        sentence=(
            f"It becomes {one}.{remark(found)}"
            if one
            else "Several steps ask for the same: which one is meant?"
        ),
        edits=[*edits, Edit(diagram.path, diagram.at(condition), "text", "", one)],
        needs=rests_on(survey, diagram, found),
        choices=[] if one else [Choice(each, each) for each in found.texts],
    )


def _timer(survey: Survey, diagram: Diagram, part: etree._Element) -> None:
    text = text_in(part).strip()
    event = part.getparent()
    owner = event.getparent() if event is not None else None
    if owner is None or not text or is_iso_duration(text) or is_iso_cycle(text) or text[:4].isdigit():
        return
    quoted = _QUOTED.fullmatch(text)
    found = None if quoted else in_feel(survey, diagram, owner, text)
    if quoted and (is_iso_duration(quoted[2]) or is_iso_cycle(quoted[2])):
        one = quoted[2]
        needs: list[str] = []
    elif found is not None and len(found.texts) == 1:
        if not found.changed:
            return
        one, needs = found.texts[0], rests_on(survey, diagram, found)
    else:
        survey.leave_at(
            diagram, owner, "timer", text,
            "It is a pattern of cron, or worked out by code.",
            "Write a duration such as P7D, or a date in FEEL, at the timer in the editor.",
        )  # fmt: skip
        return
    survey.offer(
        "times",
        diagram,
        [owner],
        found=f"It waits for: {text}",
        becomes=one,
        sentence=f"It waits for {spoken.duration(one)}.{remark(found) if found else ''}",
        edits=[Edit(diagram.path, diagram.at(part), "text", "", one)],
        needs=needs,
    )


def _due(survey: Survey, diagram: Diagram, node: etree._Element) -> None:
    for each in diagram.of(node, (*JUEL_FAMILY, ZEEBE), "dueDate"):
        duration = duration_of(each.value)
        if duration is None:
            survey.leave(diagram, each, _DATE, _DURATION)
            continue
        survey.claim(each)
        if own(node, "due"):
            continue
        survey.offer(
            "times",
            diagram,
            [node],
            found=f"It is due: {each.value}",
            becomes=duration,
            sentence=f"It is due {spoken.duration(duration)} after it opens.",
            edits=[Edit(diagram.path, diagram.at(node), "own", "due", duration)],
        )


def duration_of(text: str) -> str | None:
    """The ISO 8601 duration from opening that a due time says; None where it says something else."""
    if is_iso_duration(text.strip()):
        return text.strip()
    from_now, plus = (pattern.fullmatch(text) for pattern in _FROM_NOW)
    quoted = _QUOTED.fullmatch(text)
    found = from_now[1] if from_now else quoted[2] if quoted else ""
    if plus:
        found = _UNITS[plus[1]].format(plus[2])
    return found if is_iso_duration(found) else None


def text_of(node: etree._Element, tag: str) -> str:
    """What is written in a child of BPMN; empty where there is none."""
    found = node.find(f"{{{BPMN}}}{tag}")
    return "" if found is None else text_in(found).strip()
