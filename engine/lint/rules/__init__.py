"""The rules, one a file. Each has a page in docs/rules and a good and a bad diagram in the tests.

They are asked in stages: what cannot be read is not looked into, what is too large not followed, and only
what passes all rules is begun for trial.
"""

from __future__ import annotations

from importlib import import_module

from engine.lint.subject import Rule

READING = ("well-formed", "no-doctype", "bpmn-file")
SIZE = ("has-process", "diagram-size")
DRAWING = (
    "id-present",
    "id-unique",
    "id-readable",
    "executable-marked",
    "start-event",
    "end-event",
    "flow-connected",
    "flow-within-scope",
    "double-flow",
    "event-flows",
    "reachable",
    "way-out",
    "one-flow-out",
    "condition-at-gateway",
    "gateway-decides",
    "event-gateway",
    "complex-gateway",
    "join-reached",
    "parallel-growth",
    "long-row",
    "supported-event",
    "boundary-event",
    "error-caught",
    "reference-known",
    "message-correlated",
    "timer-valid",
    "link-event",
    "compensation",
    "event-subprocess",
    "ad-hoc-subprocess",
    "transaction",
    "script",
    "standard-loop",
    "multi-instance",
    "called-process",
    "call-circle",
    "call-parameter",
    "business-rule",
    "decision-sound",
    "decision-overlap",
    "decision-gap",
    "potential-owner",
    "data-store",
    "data-reference",
    "data-association",
    "foreign-settings",
    "attribute-known",
    "performer-known",
    "role-known",
    "separation-known",
    "blind-group",
    "vote-seated",
    "vote-rule",
    "due-valid",
    "form-given",
    "form-present",
    "form-readable",
    "operation-known",
    "parameter-named",
    "expression-valid",
    "name-known",
    "field-known",
)
TRIAL = ("can-be-run", "within-limits")
STAGES = (READING, SIZE, DRAWING, TRIAL)


def rule(name: str) -> Rule:
    """A rule by its name. Raises `KeyError` where there is none."""
    return RULES[name]


def _load(name: str) -> Rule:
    found: Rule = import_module(f"{__name__}.{name.replace('-', '_')}").RULE
    return found


RULES: dict[str, Rule] = {name: _load(name) for stage in STAGES for name in stage}
"""Every rule by its name, in the order they are asked."""
