"""Decision models written in a few lines, for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from engine.dmn import DecisionTable, Model, parse

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def literal(text: str, type_ref: str = "") -> str:
    return f"<literalExpression{_type(type_ref)}><text>{escape(text)}</text></literalExpression>"


def _type(type_ref: str) -> str:
    return f" typeRef={quoteattr(type_ref)}" if type_ref else ""


def table(
    inputs: Sequence[str | tuple[str, str] | tuple[str, str, str]],
    outputs: Sequence[str | tuple[str, str] | tuple[str, str, str]],
    rules: Sequence[Sequence[str]],
    policy: str = "UNIQUE",
    aggregation: str = "",
    annotations: Sequence[str] = (),
) -> str:
    """`inputs` (expression, type, values); `outputs` (name, values, default); rules cell by cell, then
    notes.
    """
    parts = [f'<decisionTable id="table" hitPolicy="{policy}"']
    parts.append(f' aggregation="{aggregation}">' if aggregation else ">")
    for given in inputs:
        text, type_ref, values = (*_tuple(given), "", "")[:3]
        parts.append(f"<input label={quoteattr(text)}><inputExpression{_type(type_ref)}>")
        parts.append(f"<text>{escape(text)}</text></inputExpression>")
        parts.append(f"<inputValues><text>{escape(values)}</text></inputValues>" if values else "")
        parts.append("</input>")
    for given in outputs:
        name, values, default = (*_tuple(given), "", "")[:3]
        parts.append(f"<output name={quoteattr(name)}>")
        parts.append(f"<outputValues><text>{escape(values)}</text></outputValues>" if values else "")
        parts.append(
            f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
        )
        parts.append("</output>")
    parts += [f"<annotation name={quoteattr(name)}/>" for name in annotations]
    for number, cells in enumerate(rules, 1):
        parts.append(f'<rule id="rule_{number}">')
        for place, cell in enumerate(cells):
            kind = (
                "inputEntry"
                if place < len(inputs)
                else "outputEntry"
                if place < len(inputs) + len(outputs)
                else "annotationEntry"
            )
            parts.append(f"<{kind}><text>{escape(cell)}</text></{kind}>")
        parts.append("</rule>")
    return "".join([*parts, "</decisionTable>"])


def _tuple(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


def decision(
    name: str, logic: str, requires: Sequence[str] = (), knows: Sequence[str] = (), type_ref: str = ""
) -> str:
    """`requires` and `knows` are ids; a decision's id is its name, an input's `in_` and its name."""
    needs = "".join(
        "<informationRequirement>"
        + (f'<requiredInput href="#{i}"/>' if i.startswith("in_") else f'<requiredDecision href="#{i}"/>')
        + "</informationRequirement>"
        for i in requires
    ) + "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{i}"/></knowledgeRequirement>' for i in knows
    )
    variable = f"<variable name={quoteattr(name)}{_type(type_ref)}/>"
    return f"<decision id={quoteattr(name)} name={quoteattr(name)}>{variable}{needs}{logic}</decision>"


def input_data(name: str, type_ref: str = "") -> str:
    variable = f"<variable name={quoteattr(name)}{_type(type_ref)}/>"
    return f'<inputData id="in_{name}" name={quoteattr(name)}>{variable}</inputData>'


def knowledge(name: str, parameters: Sequence[str], logic: str, knows: Sequence[str] = ()) -> str:
    formal = "".join(f"<formalParameter name={quoteattr(parameter)}/>" for parameter in parameters)
    needs = "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{i}"/></knowledgeRequirement>' for i in knows
    )
    return (
        f"<businessKnowledgeModel id={quoteattr(name)} name={quoteattr(name)}>{needs}"
        f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic></businessKnowledgeModel>"
    )


def definitions(
    *parts: str, namespace: str = NAMESPACE, name: str = "model", own: str = "urn:test:model"
) -> bytes:
    text = f'<definitions xmlns="{namespace}" name="{name}" namespace="{own}">{"".join(parts)}</definitions>'
    return text.encode()


def model(*parts: str) -> Model:
    return parse(definitions(*parts))


def one_table(*given: object, names: Sequence[str] = (), **options: object) -> Model:
    """A model of one decision, `level`, whose table reads the input data named."""
    made = table(*given, **options)  # type: ignore[arg-type]  # handed through as they are
    return model(*map(input_data, names), decision("level", made, requires=[f"in_{name}" for name in names]))


def the_table(found: Model) -> DecisionTable:
    ((_, only),) = found.tables
    return only
