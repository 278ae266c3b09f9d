"""Reading boxed expressions: decision tables, contexts, lists, functions and the rest of DMN 1.5 §7.3,
§8 and §10.2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from lxml import etree

from . import model as m
from .errors import DmnLimitError, DmnParseError
from .xml import attribute, child, children, local, text_of

MAX_DEPTH = 40
"""Boxed expressions inside each other."""
_POLICIES = {"UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"}


def read_logic(parent: etree._Element, depth: int = 0) -> m.Boxed | None:
    """The first boxed expression among an element's children, or None. Raises DmnParseError and
    DmnLimitError.
    """
    if depth > MAX_DEPTH:
        raise DmnLimitError(
            f"Boxed expressions are nested more than {MAX_DEPTH} levels deep", parent.get("id")
        )
    for node in children(parent):
        read = _READERS.get(local(node))
        if read is not None:
            return read(node, depth)
    return None


def _required(parent: etree._Element | None, depth: int, of: etree._Element) -> m.Boxed:
    logic = None if parent is None else read_logic(parent, depth + 1)
    if logic is None:
        raise DmnParseError(f"The {local(of)} in line {of.sourceline} lacks an expression", of.get("id"))
    return logic


def _base(node: etree._Element) -> tuple[str, str | None]:
    return node.get("id") or "", attribute(node, "typeRef")


def _literal(node: etree._Element, depth: int) -> m.LiteralExpression:
    language = node.get("expressionLanguage")
    if language and "FEEL" not in language.upper():
        raise DmnParseError(
            f"An expression in line {node.sourceline} is in the language “{language}”; only FEEL is allowed",
            node.get("id"),
        )
    return m.LiteralExpression(*_base(node), text=text_of(child(node, "text")))


def _context(node: etree._Element, depth: int) -> m.BoxedContext:
    entries = []
    for entry in children(node, "contextEntry"):
        variable = child(entry, "variable")
        name = None if variable is None else variable.get("name")
        entries.append(m.ContextEntry(name, attribute(variable, "typeRef"), read_logic(entry, depth + 1)))
    return m.BoxedContext(*_base(node), entries=tuple(entries))


def _list(node: etree._Element, depth: int) -> m.BoxedList:
    items = tuple(
        _READERS[local(part)](part, depth + 1) for part in children(node) if local(part) in _READERS
    )
    if depth > MAX_DEPTH:
        raise DmnLimitError(f"Boxed expressions are nested more than {MAX_DEPTH} levels deep", node.get("id"))
    return m.BoxedList(*_base(node), items=items)


def _relation(node: etree._Element, depth: int) -> m.Relation:
    columns = tuple(part.get("name") or "" for part in children(node, "column"))
    rows = []
    for row in children(node, "row"):
        cells = tuple(
            _READERS[local(part)](part, depth + 1) for part in children(row) if local(part) in _READERS
        )
        if len(cells) != len(columns):
            raise DmnParseError(
                f"The row in line {row.sourceline} has {len(cells)} cells for {len(columns)} columns",
                node.get("id"),
            )
        rows.append(cells)
    return m.Relation(*_base(node), columns=columns, rows=tuple(rows))


def read_function(node: etree._Element, depth: int = 0) -> m.FunctionDefinition:
    """A function definition, or a knowledge model's encapsulated logic."""
    parameters = tuple(
        m.Parameter(part.get("name") or "", attribute(part, "typeRef"))
        for part in children(node, "formalParameter")
    )
    return m.FunctionDefinition(
        *_base(node), kind=node.get("kind") or "FEEL", parameters=parameters, body=read_logic(node, depth + 1)
    )


def _invocation(node: etree._Element, depth: int) -> m.Invocation:
    bindings = []
    for binding in children(node, "binding"):
        parameter = child(binding, "parameter")
        name = "" if parameter is None else parameter.get("name") or ""
        bindings.append((name, read_logic(binding, depth + 1)))
    return m.Invocation(*_base(node), function=_required(node, depth, node), bindings=tuple(bindings))


def _conditional(node: etree._Element, depth: int) -> m.Conditional:
    test, then, otherwise = (_required(child(node, name), depth, node) for name in ("if", "then", "else"))
    return m.Conditional(*_base(node), test=test, then=then, otherwise=otherwise)


def _filter(node: etree._Element, depth: int) -> m.BoxedFilter:
    domain, match = (_required(child(node, name), depth, node) for name in ("in", "match"))
    return m.BoxedFilter(*_base(node), domain=domain, match=match)


def _iteration(node: etree._Element, depth: int) -> m.BoxedIteration:
    kind = local(node)
    return m.BoxedIteration(
        *_base(node),
        kind=kind,  # type: ignore[arg-type]  # _READERS sends only these three here
        variable=node.get("iteratorVariable") or "",
        domain=_required(child(node, "in"), depth, node),
        body=_required(child(node, "return" if kind == "for" else "satisfies"), depth, node),
    )


def _table(node: etree._Element, depth: int) -> m.DecisionTable:
    policy = (node.get("hitPolicy") or "UNIQUE").upper()
    aggregation = node.get("aggregation")
    if policy not in _POLICIES or (aggregation and aggregation.upper() not in get_args(m.Aggregation)):
        raise DmnParseError(
            f"The decision table in line {node.sourceline} has the hit policy “{policy} {aggregation or ''}”,"
            " which DMN does not know",
            node.get("id"),
        )
    inputs = tuple(_input(part, depth) for part in children(node, "input"))
    outputs = tuple(_output(part, depth) for part in children(node, "output"))
    if not outputs:
        raise DmnParseError(
            f"The decision table in line {node.sourceline} has no output column", node.get("id")
        )
    rules = tuple(
        _rule(part, number, len(inputs), len(outputs), depth)
        for number, part in enumerate(children(node, "rule"), 1)
    )
    return m.DecisionTable(
        *_base(node),
        hit_policy=policy,  # type: ignore[arg-type]  # checked above
        aggregation=aggregation.upper() if aggregation else None,  # type: ignore[arg-type]  # checked above
        inputs=inputs,
        outputs=outputs,
        rules=rules,
        annotation_names=tuple(part.get("name") or "" for part in children(node, "annotation")),
        output_label=node.get("outputLabel"),
    )


def _input(node: etree._Element, depth: int) -> m.InputClause:
    expression = child(node, "inputExpression")
    values = child(node, "inputValues")
    text = "" if expression is None else text_of(child(expression, "text"))
    return m.InputClause(
        id=node.get("id") or "",
        label=node.get("label") or text,
        expression=text,
        type_ref=attribute(expression, "typeRef"),
        values=_values(values),
    )


def _output(node: etree._Element, depth: int) -> m.OutputClause:
    default = child(node, "defaultOutputEntry")
    expression = None
    if default is not None:
        # DMN's schema makes the default a literal expression itself; some tools put one inside.
        inner = child(default, "literalExpression")
        expression = _literal(default if inner is None else inner, depth)
    return m.OutputClause(
        id=node.get("id") or "",
        name=node.get("name") or None,
        label=node.get("label") or node.get("name") or "",
        type_ref=attribute(node, "typeRef"),
        values=_values(child(node, "outputValues")),
        default=expression if expression is not None and expression.text else None,
    )


def _values(node: etree._Element | None) -> str | None:
    return None if node is None else text_of(child(node, "text")) or None


def _rule(node: etree._Element, number: int, inputs: int, outputs: int, depth: int) -> m.Rule:
    tests = tuple(text_of(child(part, "text")) for part in children(node, "inputEntry"))
    results = tuple(_literal(part, depth) for part in children(node, "outputEntry"))
    if len(tests) != inputs or len(results) != outputs:
        raise DmnParseError(
            f"Rule {number} in line {node.sourceline} has {len(tests)} conditions and {len(results)} results;"
            f" its table has {inputs} input and {outputs} output columns",
            node.get("id"),
        )
    return m.Rule(
        id=node.get("id") or "",
        number=number,
        inputs=tests,
        outputs=results,
        annotations=tuple(text_of(child(part, "text")) for part in children(node, "annotationEntry")),
        description=text_of(child(node, "description")),
    )


_READERS: dict[str, Callable[[etree._Element, int], m.Boxed]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": read_function,
    "invocation": _invocation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iteration,
    "some": _iteration,
    "every": _iteration,
}
