"""Decisions that need others, functions, services, imports and types."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.dmn import DmnEvaluationError, DmnLimitError, DmnNotFoundError, Model, decide, link, parse
from tests.engine.dmn.building import decision, definitions, input_data, knowledge, literal, model

TYPES = """
<itemDefinition name="tRisk"><itemComponent name="loss"><typeRef>number</typeRef></itemComponent>
  <itemComponent name="cost-benefit"><typeRef>number</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tLevel"><typeRef>string</typeRef>
  <allowedValues><text>"low", "high"</text></allowedValues></itemDefinition>
<itemDefinition name="tLevels" isCollection="true"><typeRef>tLevel</typeRef></itemDefinition>
"""


def test_requirements_are_made_first_and_once() -> None:
    found = model(
        input_data("loss"),
        decision("base", literal("loss * 2"), ["in_loss"]),
        decision("left", literal("base + 1"), ["base"]),
        decision("right", literal("base + 2"), ["base"]),
        decision("all", literal("left + right"), ["left", "right"]),
    )
    result = decide(found, "all", {"loss": 10})
    assert result.value == 43
    assert [name for name, _ in result.explanation.decisions] == ["base", "left", "right", "all"]


def test_a_decision_sees_only_what_it_requires() -> None:
    found = model(input_data("loss"), decision("x", literal("loss")))
    assert decide(found, "x", {"loss": 10}).value is None


def test_a_decision_is_found_by_name_or_id() -> None:
    found = model('<decision id="d1" name="Approval">' + literal("1") + "</decision>")
    assert decide(found, "Approval", {}).value == decide(found, "d1", {}).value == 1
    with pytest.raises(DmnNotFoundError, match="it has “Approval”"):
        decide(found, "Aproval", {})


def test_a_knowledge_model_is_a_function_that_may_have_a_built_in_ones_name() -> None:
    found = model(
        knowledge("count", ["x"], literal("x + 100")),
        decision("by_call", literal("count(1)"), knows=["count"]),
        decision("without", literal("count([1])")),
        decision(
            "by_invocation",
            "<invocation>"
            + literal("count")
            + '<binding><parameter name="x"/>'
            + literal("5")
            + "</binding></invocation>",
            knows=["count"],
        ),
    )
    assert decide(found, "by_call", {}).value == 101
    assert decide(found, "without", {}).value == 1
    assert decide(found, "by_invocation", {}).value == 105


def test_data_cannot_take_a_knowledge_models_place() -> None:
    found = model(
        knowledge("limit", ["x"], literal("x")), decision("d", literal("limit(3)"), knows=["limit"])
    )
    assert decide(found, "d", {"limit": 7}).value == 3


def test_a_knowledge_model_may_call_itself_to_a_depth() -> None:
    found = model(
        knowledge("f", ["n"], literal("if n = 0 then 0 else 1 + f(n - 1)"), knows=[]),
        decision("some", literal("f(5)"), knows=["f"]),
        decision("endless", literal("f(-1)"), knows=["f"]),
    )
    assert decide(found, "some", {}).value == 5
    with pytest.raises(DmnLimitError, match="levels deep"):
        decide(found, "endless", {})


def test_requirements_in_a_circle_are_refused() -> None:
    found = model(decision("a", literal("b"), ["b"]), decision("b", literal("a"), ["a"]))
    with pytest.raises(DmnEvaluationError, match="requires itself"):
        decide(found, "a", {})


def test_a_reference_to_nothing_is_refused() -> None:
    with pytest.raises(DmnEvaluationError, match="which is not there"):
        decide(model(decision("a", literal("1"), ["gone"])), "a", {})


def test_a_decision_service_is_a_function_of_its_inputs() -> None:
    found = model(
        input_data("loss"),
        decision("level", literal('if loss > 5 then "high" else "low"'), ["in_loss"]),
        decision("text", literal('level + "!"'), ["level"]),
        '<decisionService id="s" name="assess"><outputDecision href="#text"/>'
        '<encapsulatedDecision href="#level"/><inputData href="#in_loss"/></decisionService>',
        '<decisionService id="p" name="phrase"><outputDecision href="#text"/><inputDecision href="#level"/>'
        "</decisionService>",
        decision("both", literal('assess(9) + phrase("low")'), knows=["s", "p"]),
    )
    assert decide(found, "assess", {"loss": 9}).value == "high!"
    assert decide(found, "both", {}).value == "high!low!"


def test_types_are_checked_and_single_elements_brought_to_them() -> None:
    found = model(
        TYPES,
        input_data("risk", "tRisk"),
        decision("use", literal("risk.cost-benefit + risk.loss"), ["in_risk"]),
        decision("one", literal('["low"]'), type_ref="tLevel"),
        decision("bad", literal('"extreme"'), type_ref="tLevel"),
        decision("many", literal('["low", "high"]'), type_ref="tLevels"),
        decision("is", literal("{loss: 1, cost-benefit: 2} instance of tRisk")),
    )
    assert decide(found, "use", {"risk": {"loss": 1, "cost-benefit": 2}}).value == 3
    assert decide(found, "one", {}).value == "low"
    assert decide(found, "many", {}).value == ["low", "high"]
    assert decide(found, "is", {}).value is True
    with pytest.raises(DmnEvaluationError, match="tLevel"):
        decide(found, "bad", {})
    with pytest.raises(DmnEvaluationError, match="tRisk"):
        decide(found, "use", {"risk": {"loss": "much", "cost-benefit": 2}})


BOXED = {
    "context": (
        '<context><contextEntry><variable name="a"/>' + literal("1") + "</contextEntry>"
        '<contextEntry><variable name="b"/>' + literal("a + 1") + "</contextEntry></context>",
        {"a": 1, "b": 2},
    ),
    "context with a result": (
        '<context><contextEntry><variable name="a"/>' + literal("1") + "</contextEntry>"
        "<contextEntry>" + literal("a + 5") + "</contextEntry></context>",
        6,
    ),
    "list": ("<list>" + literal("1") + literal("2") + "</list>", [1, 2]),
    "relation": (
        '<relation><column name="who"/><column name="days"/><row>'
        + literal('"CIO"')
        + literal("30")
        + "</row></relation>",
        [{"who": "CIO", "days": 30}],
    ),
    "function": (
        '<context><contextEntry><variable name="f"/><functionDefinition><formalParameter name="x"/>'
        + literal("x * 2")
        + "</functionDefinition></contextEntry><contextEntry>"
        + literal("f(4)")
        + "</contextEntry></context>",
        8,
    ),
    "conditional": (
        "<conditional><if>"
        + literal("1 = 1")
        + "</if><then>"
        + literal('"y"')
        + "</then><else>"
        + literal('"n"')
        + "</else></conditional>",
        "y",
    ),
    "filter": (
        "<filter><in>" + literal("[1, 2, 3]") + "</in><match>" + literal("item > 1") + "</match></filter>",
        [2, 3],
    ),
    "for": (
        '<for iteratorVariable="i"><in>'
        + literal("[1, 2]")
        + "</in><return>"
        + literal("i + count(partial)")
        + "</return></for>",
        [1, 3],
    ),
    "some": (
        '<some iteratorVariable="i"><in>'
        + literal("[1, 2]")
        + "</in><satisfies>"
        + literal("i > 1")
        + "</satisfies></some>",
        True,
    ),
    "every": (
        '<every iteratorVariable="i"><in>'
        + literal("[1, 2]")
        + "</in><satisfies>"
        + literal("i > 1")
        + "</satisfies></every>",
        False,
    ),
}


@pytest.mark.parametrize(("logic", "expected"), BOXED.values(), ids=BOXED)
def test_boxed_expressions(logic: str, expected: object) -> None:
    assert decide(model(decision("d", logic)), "d", {}).value == expected


def test_a_function_in_java_is_refused_when_it_is_called() -> None:
    found = model(
        '<businessKnowledgeModel id="j" name="j"><encapsulatedLogic kind="Java">'
        + literal('{class: "java.lang.Runtime", "method signature": "exec(String)"}')
        + "</encapsulatedLogic></businessKnowledgeModel>",
        decision("d", literal("j()"), knows=["j"]),
    )
    with pytest.raises(DmnEvaluationError, match="Java, which is refused"):
        decide(found, "d", {})


def importing() -> Model:
    inner = parse(
        definitions(
            '<itemDefinition name="tAge"><typeRef>number</typeRef></itemDefinition>',
            input_data("age", "tAge"),
            decision("next", literal("age + 1"), ["in_age"]),
            knowledge("double", ["x"], literal("x * 2")),
            own="urn:inner",
        )
    )
    outer = parse(
        definitions(
            '<import name="lib" namespace="urn:inner" importType="x"/>',
            '<decision id="d" name="d"><variable name="d" typeRef="lib.tAge"/>'
            '<informationRequirement><requiredDecision href="urn:inner#next"/></informationRequirement>'
            '<knowledgeRequirement><requiredKnowledge href="urn:inner#double"/></knowledgeRequirement>'
            + literal("lib.double(lib.next)")
            + "</decision>",
        )
    )
    return link(outer, [inner])


def test_an_imported_models_elements_stand_under_its_name() -> None:
    assert decide(importing(), "d", {"age": 4}).value == 10
    assert decide(importing(), "d", {"lib": {"age": 5}}).value == 12


def test_an_import_that_is_not_there_is_named() -> None:
    outer = model(
        '<import name="lib" namespace="urn:gone" importType="x"/>',
        '<decision id="d" name="d"><informationRequirement><requiredDecision href="urn:gone#x"/>'
        "</informationRequirement>" + literal("1") + "</decision>",
    )
    with pytest.raises(DmnEvaluationError, match="“urn:gone”, which is not there"):
        decide(outer, "d", {})


def test_the_budget_is_one_for_the_whole_decision() -> None:
    heavy = literal("count(for i in 1..20000 return i + 1)")
    found = model(
        *(decision(f"d{n}", heavy) for n in range(10)),
        decision("all", literal("+".join(f"d{n}" for n in range(10))), [f"d{n}" for n in range(10)]),
    )
    assert decide(found, "d1", {}).value == 20_000
    with pytest.raises(DmnLimitError, match="steps"):
        decide(found, "all", {})


def test_what_comes_out_is_plain_data() -> None:
    found = model(input_data("x"), decision("d", literal("{a: x, b: [x.n]}"), ["in_x"]))
    value = decide(found, "d", {"x": {"n": 5}}).value
    assert value == {"a": {"n": 5}, "b": [5]}
    assert isinstance(value["a"]["n"], Decimal)


def test_a_services_parameters_are_its_input_data_and_then_its_input_decisions() -> None:
    found = model(
        input_data("a"),
        decision("b", literal('"never"')),
        decision("joined", literal("a + b"), ["in_a", "b"]),
        '<decisionService id="s" name="s"><outputDecision href="#joined"/><inputDecision href="#b"/>'
        '<inputData href="#in_a"/></decisionService>',
        decision("by_place", literal('s("1", "2")'), knows=["s"]),
        decision("by_name", literal('s(b: "2", a: "1")'), knows=["s"]),
        decision("too_many", literal('s("1", "2", "3")'), knows=["s"]),
        decision("misnamed", literal('s(a: "1", c: "2")'), knows=["s"]),
    )
    assert decide(found, "by_place", {}).value == decide(found, "by_name", {}).value == "12"
    assert decide(found, "too_many", {}).value is None
    assert decide(found, "misnamed", {}).value is None


def test_functions_are_values_and_keep_what_they_were_made_with() -> None:
    found = model(
        input_data("n"),
        decision("times", literal("function(a) a * n"), ["in_n"]),
        decision("use", literal("times(5)"), ["times"]),
        knowledge("curry", ["a"], literal("function(b) function(c) a * b * c")),
        decision("curried", literal("curry(2)(3)(4)"), knows=["curry"]),
        knowledge("apply", ["f", "g"], literal("f(5) * g(10)")),
        knowledge("ten", ["a"], literal("a * 10")),
        decision("handed", literal("apply(ten, function(x) x + 1)"), knows=["apply", "ten"]),
    )
    assert decide(found, "use", {"n": 3}).value == 15
    assert decide(found, "curried", {}).value == 24
    assert decide(found, "handed", {}).value == 550


def test_a_knowledge_model_can_be_asked_for_itself() -> None:
    found = model(knowledge("double", ["x"], literal("x * 2")))
    assert decide(found, "double", {"x": 4}).value == 8


def test_a_decision_without_logic_is_given_from_outside_and_no_other_is() -> None:
    found = model(
        decision("verdict", ""),
        decision("made", literal('"made"')),
        decision("both", literal("verdict + made"), ["verdict", "made"]),
    )
    assert decide(found, "both", {"verdict": "ok ", "made": "forged"}).value == "ok made"


def test_a_functions_type_says_what_it_returns() -> None:
    found = model(
        '<itemDefinition name="tNumbers" isCollection="true"><typeRef>number</typeRef></itemDefinition>'
        '<itemDefinition name="fNumbers"><functionItem outputTypeRef="tNumbers"/></itemDefinition>'
        '<businessKnowledgeModel id="one" name="one"><variable name="one" typeRef="fNumbers"/>'
        "<encapsulatedLogic>" + literal("1", "number") + "</encapsulatedLogic></businessKnowledgeModel>",
        decision("d", literal("one()"), knows=["one"]),
    )
    assert decide(found, "d", {}).value == [1]


def test_models_imported_without_a_name_bring_theirs_as_their_own() -> None:
    left = parse(definitions(decision("left", literal("1")), own="urn:left"))
    right = parse(
        definitions('<itemDefinition name="tN"><typeRef>number</typeRef></itemDefinition>', own="urn:right")
    )
    outer = parse(
        definitions(
            '<import name="" namespace="urn:left" importType="x"/>'
            '<import name="" namespace="urn:right" importType="x"/>'
            '<decision id="d" name="d"><variable name="d" typeRef="tN"/><informationRequirement>'
            '<requiredDecision href="urn:left#left"/></informationRequirement>'
            + literal("left + 1")
            + "</decision>"
        )
    )
    assert decide(link(outer, [left, right]), "d", {}).value == 2


def test_data_of_an_unknown_kind_is_an_error_of_the_model_s_own() -> None:
    found = model(input_data("x"), decision("d", literal("x"), ["in_x"]))
    with pytest.raises(DmnEvaluationError, match="floating-point"):
        decide(found, "d", {"x": 0.5})
    with pytest.raises(DmnEvaluationError, match="floating-point"):
        decide(found, "d", {"x": {"a": [0.5]}})


def test_types_as_modelling_tools_write_them_are_known() -> None:
    found = model(input_data("x", "integer"), decision("d", literal("x + 1"), ["in_x"], type_ref="double"))
    assert decide(found, "d", {"x": 4}).value == 5


def test_data_in_a_filter_declares_no_names() -> None:
    logic = "<filter><in>" + literal("rows") + "</in><match>" + literal("a and b") + "</match></filter>"
    found = model(input_data("rows"), decision("d", logic, ["in_rows"]))
    rows = [{"a": True, "b": False, "a and b": True}, {"a": True, "b": True}]
    assert decide(found, "d", {"rows": rows}).value == rows[1:]
