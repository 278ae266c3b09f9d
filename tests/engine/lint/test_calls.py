"""What linting knows of calls: what is handed over, and which names are seen from where."""

from __future__ import annotations

import pytest

from engine.lint import Limits, lint_bundle
from engine.lint.analysis import analyse
from engine.lint.gate import known_of
from engine.lint.rules import RULES, TRIAL
from engine.testing import FakeForms
from tests.engine.drawing import Drawing
from tests.engine.lint.drawn import definitions, node, path, process
from tests.engine.lint.test_rules import bundle, known

FORMS = FakeForms({"referred.form": ["days", "matter"], "any.form": ["note"]})
ALL = {"days": "start.note", "matter": '"budget"'}


def found(condition: str, inside: str = "referred.days > 1", **parameters: str) -> list[tuple[str, str]]:
    """Rules and sentences for a policy that calls a hearing, and asks for what came of it."""
    called = Drawing("hearing").start("referred", form="referred.form").exclusive("long").user("hear")
    called.end("closed").path("referred long", "hear closed").when("long", "hear", inside)
    called.default("long", "closed")
    drawing = Drawing().start().call("arbitration", called, **parameters).exclusive("which").user("a").end()
    drawing.path("start arbitration which", "a end").when("which", "a", condition).default("which", "end")
    files = {**drawing.files(), "referred.form": b"{}"}
    (report,) = lint_bundle("p", files, known_of(files, FORMS))
    return [(each.rule, each.sentence) for each in report.findings]


@pytest.mark.parametrize(
    "condition",
    [
        'arbitration.hear.note = "x"',
        "arbitration.referred.days > 3",
        "arbitration.hear != null",
        'start.note = "x"',
    ],
)
def test_what_a_call_gathered_is_asked_for_by_its_element_and_field(condition: str) -> None:
    assert found(condition, **ALL) == []


@pytest.mark.parametrize(
    ("condition", "rule", "advice"),
    [
        ('arbitration.haer.note = "x"', "field-known", "Did you mean “hear”?"),
        ('arbitration.hear.nte = "x"', "field-known", "Did you mean “note”?"),
        ('hear.note = "x"', "name-known", "Write “arbitration.hear”."),
        ("arbitraton != null", "name-known", "Did you mean “arbitration”?"),
    ],
)
def test_what_is_misspelt_is_named_with_what_may_be_meant(condition: str, rule: str, advice: str) -> None:
    ((named, sentence),) = found(condition, **ALL)
    assert (named, advice in sentence) == (rule, True), sentence


def test_the_called_process_knows_its_start_events_fields() -> None:
    ((rule, sentence),) = found("arbitration != null", "referred.dys > 1", **ALL)
    assert (rule, "Did you mean “days”?" in sentence) == ("field-known", True)


def test_every_required_field_is_handed_over() -> None:
    ((rule, sentence),) = found("arbitration != null", days="1")
    assert (rule, "does not hand over “matter”" in sentence) == ("call-parameter", True)


def test_what_no_field_takes_is_not_handed_over() -> None:
    ((rule, sentence),) = found("arbitration != null", **ALL, mater="1")
    assert (rule, "Did you mean “matter”?" in sentence) == ("call-parameter", True)


def test_an_expression_in_a_parameter_is_looked_into() -> None:
    ((rule, sentence),) = found("arbitration != null", days="sart.note", matter='"x"')
    assert (rule, "Did you mean “start”?" in sentence) == ("name-known", True)


ANY_MARK = {"executable-marked"}
"""A process that is called is run whatever its mark says."""


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in ANY_MARK])
def test_what_is_refused_in_a_policy_is_refused_in_what_it_calls(rule: str) -> None:
    """Joins, events at edges, ways side by side, loops: nothing is passed over for lying in another file."""
    files = bundle(rule, "bad")
    files["called.bpmn"] = files.pop("p.bpmn", b"")
    body = node("startEvent", "called") + node("callActivity", "calling", calledElement="p")
    body += node("endEvent", "over") + path("called", "calling", "over")
    files["caller.bpmn"] = definitions(process(body, "caller"))
    reports = analyse("caller", files, known(files), Limits())
    assert {each.rule for report in reports for each in report.findings} == {rule}
    wrong = {each.path for report in reports for each in report.findings}
    assert ("caller.bpmn" in wrong) == (rule in TRIAL), "a trial is of the case as a whole"
