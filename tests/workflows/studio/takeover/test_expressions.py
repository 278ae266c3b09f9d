"""Conditions and times of other tools in FEEL: what is offered, what is left to a choice, what is refused."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

import pytest

from workflows.studio.takeover import read_takeover, taken
from workflows.studio.takeover.expressions import duration_of


def diagram(condition: str, *, second: str = "remark", language: str = "") -> bytes:
    """Two steps, of which the first asks `approved` and `amount`, and a condition after them."""
    said = f" language={quoteattr(language)}" if language else ""
    return f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
      xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="urn:constructed">
      <process id="p" isExecutable="true">
        <startEvent id="begun" />
        <userTask id="first" name="First"><extensionElements><camunda:formData>
          <camunda:formField id="approved" label="Approved?" type="boolean" />
          <camunda:formField id="amount" label="How much?" type="long" />
        </camunda:formData></extensionElements></userTask>
        <userTask id="second" name="Second"><extensionElements><camunda:formData>
          <camunda:formField id="{second}" label="What else?" type="string" />
        </camunda:formData></extensionElements></userTask>
        <sequenceFlow id="f" sourceRef="second" targetRef="ended">
          <conditionExpression{said}>{escape(condition)}</conditionExpression>
        </sequenceFlow>
        <endEvent id="ended" />
      </process></definitions>""".encode()


@pytest.mark.parametrize(
    ("condition", "becomes"),
    [
        ("${approved}", "first.approved"),
        ("${!approved}", "not(first.approved)"),
        ("${not approved or amount >= 10}", "not(first.approved) or first.amount >= 10"),
        ("#{amount lt 10 and remark eq 'fine'}", 'first.amount < 10 and second.remark = "fine"'),
        ("${remark == 'amount'}", 'second.remark = "amount"'),
        ("=amount > 5", "first.amount > 5"),
        ("= amount in [1..5]", "first.amount in [1..5]"),
        ("amount > 5", "first.amount > 5"),
        ("remark in ['a', 'b']", 'second.remark in ("a", "b")'),
        ("${elsewhere == 1}", "elsewhere = 1"),
    ],
)
def test_a_simple_condition_is_offered_in_feel_by_the_steps_that_ask(condition: str, becomes: str) -> None:
    found = read_takeover({"p.bpmn": diagram(condition)})
    offer = next(each for each in found.offers if each.kind == "conditions")
    assert offer.becomes == becomes
    assert ("Nothing in these files gives “elsewhere”" in offer.sentence) == ("elsewhere" in becomes)
    forms = {each.id: each.element_ids for each in found.offers if each.kind == "forms"}
    assert {key for each in offer.needs for key in forms[each]} == {
        key for key in ("first", "second") if f"{key}." in becomes
    }


@pytest.mark.parametrize(
    "condition",
    [
        "${execution.getVariable('approved')}",
        "${''.getClass().forName('java.lang.Runtime')}",
        "${amount > limits[0]}",
        "${amount > 5 ? true : false}",
        "__import__('os').system('true')",
        "[x for x in amount]",
        "= for x in [1] return amount",
        "${approved} and ${amount}",
        "approved ===",
    ],
)
def test_what_calls_code_or_says_more_stays_as_it_is_and_is_listed(condition: str) -> None:
    found = read_takeover({"p.bpmn": diagram(condition)})
    assert not any(each.kind == "conditions" for each in found.offers)
    row = next(each for each in found.left if each.said == "condition")
    assert row.value == condition
    assert row.advice == "Build the condition in the editor: field, comparison, value."


def test_another_language_is_not_read_as_feel() -> None:
    found = read_takeover({"p.bpmn": diagram("approved", language="groovy")})
    assert [each.why for each in found.left if each.said == "condition"] == ["It is written in groovy."]


def test_where_two_steps_ask_the_same_a_person_says_which_is_meant() -> None:
    files = {"p.bpmn": diagram("${amount > 5}", second="amount")}
    found = read_takeover(files)
    offer = next(each for each in found.offers if each.kind == "conditions")
    assert [each.value for each in offer.choices] == ["first.amount > 5", "second.amount > 5"]
    assert offer.chosen == ""
    after = taken(files, found, [offer.id], {offer.id: "second.amount > 5"})
    assert b"<conditionExpression>second.amount &gt; 5<" in after["p.bpmn"]
    assert set(after) == {"p.bpmn", "first.form", "second.form"}


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P5D", "P5D"),
        ("${dateTime().plusDays(3)}", "P3D"),
        ("${now().plusHours(12)}", "PT12H"),
        ('=now() + duration("PT4H")', "PT4H"),
        ('"P1W"', "P1W"),
        ('= duration("P2D")', "P2D"),
        ("2026-05-01T00:00:00", None),
        ("${deadline}", None),
        ("P", None),
        ("${dateTime().plusDays(x)}", None),
    ],
)
def test_a_due_time_is_a_duration_from_opening_or_it_is_left(text: str, duration: str | None) -> None:
    assert duration_of(text) == duration
