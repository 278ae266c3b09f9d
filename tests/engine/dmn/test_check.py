"""What is wrong with a model is told before anybody decides by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.dmn import check, parse
from tests.engine.dmn.building import decision, input_data, knowledge, literal, model, table


def test_a_sound_model_has_no_problems() -> None:
    found = model(
        input_data("loss"),
        knowledge("double", ["x"], literal("x * 2")),
        decision(
            "level", table(["double(loss)"], ["r"], [["> 5", "loss"], ["<= 5", "0"]]), ["in_loss"], ["double"]
        ),
    )
    assert check(found) == ()


PROBLEMS = {
    "a call that cannot be": (decision("d", literal("abs(1, 2)")), "“abs” is called with 2 arguments"),
    "a text that is no FEEL": (decision("d", literal("1 +")), "Its expression"),
    "a variable nobody gives": (
        decision("d", literal("loss + 1")),
        "uses “loss”, which “d” does not require",
    ),
    "a condition that is no FEEL": (
        decision("d", table(["1"], ["r"], [["> >", "1"]])),
        "Rule 1, condition 1",
    ),
    "a result that is no FEEL": (decision("d", table(["1"], ["r"], [["-", "1 1"]])), "Rule 1, result 1"),
    "a variable in a condition": (decision("d", table(["1"], ["r"], [["> x", "1"]])), "“x”"),
    "a reference to nothing": (
        decision("d", literal("1"), ["gone"]),
        "“gone”, which the model does not have",
    ),
    "a decision that requires itself": (decision("d", literal("1"), ["d"]), "requires itself"),
    "decisions that require each other": (
        decision("d", literal("e"), ["e"]) + decision("e", literal("d"), ["d"]),
        "requires itself, by way of",
    ),
    "a function that knows itself by way of another": (
        knowledge("f", ["x"], literal("g(x)"), ["g"]) + knowledge("g", ["x"], literal("f(x)"), ["f"]),
        "requires itself",
    ),
    "requirements too deep to be followed": (
        "".join(decision(f"d{n}", literal(f"d{n + 1}"), [f"d{n + 1}"]) for n in range(61))
        + decision("d61", literal("1")),
        "levels deep",
    ),
    "no logic": (decision("d", ""), "has no logic"),
    "a model not imported": (
        '<decision id="d" name="d"><informationRequirement><requiredDecision href="urn:x#y"/>'
        "</informationRequirement>" + literal("1") + "</decision>",
        "not imported",
    ),
    "an unknown type": (
        '<itemDefinition name="t"><typeRef>tGone</typeRef></itemDefinition>' + decision("d", literal("1")),
        "“tGone” is not defined",
    ),
    "a type that is itself": (
        '<itemDefinition name="t"><typeRef>u</typeRef></itemDefinition>'
        '<itemDefinition name="u"><typeRef>t</typeRef></itemDefinition>',
        "refers to itself",
    ),
    "values that are no FEEL": (
        '<itemDefinition name="t"><typeRef>string</typeRef><allowedValues><text>"a" "b"</text>'
        "</allowedValues></itemDefinition>",
        "allowed values",
    ),
    "a priority without order": (
        decision("d", table(["1"], ["r"], [["-", "1"]], policy="PRIORITY")),
        "output values",
    ),
    "a function in Java": (
        '<businessKnowledgeModel id="j" name="j"><encapsulatedLogic kind="Java"/></businessKnowledgeModel>',
        "refused",
    ),
}


@pytest.mark.parametrize(("text", "words"), PROBLEMS.values(), ids=PROBLEMS)
def test_a_problem_is_told(text: str, words: str) -> None:
    problems = check(model(text))
    assert any(words in problem.sentence for problem in problems), problems


def test_the_conformance_cases_have_only_the_problems_they_are_made_for(shared_data: Path) -> None:
    found = {
        (file.stem, problem.sentence)
        for file in (shared_data / "dmn-tck").rglob("*.dmn")
        for problem in check(parse(file.read_bytes()))
        if "never has a value" not in problem.sentence
    }
    assert found == {
        ("0087-chapter-11-example", "The decision has no logic: give it a table or an expression"),
        ("0088-no-decision-logic", "The decision has no logic: give it a table or an expression"),
        (
            "1131-feel-function-invocation",
            "Its expression uses “non_existing_function”, which “decision001” does not require",
        ),
    }
