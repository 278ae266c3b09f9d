"""A decision model as frozen data: what a .dmn file says, with the boxed expressions as a tree (DMN 1.3
§6 to §10).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

HitPolicy = Literal["UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
Aggregation = Literal["SUM", "MIN", "MAX", "COUNT"]


@dataclass(frozen=True, slots=True)
class Boxed:
    """Any boxed expression. `type_ref`: the type its value is brought to, if it says so."""

    id: str
    type_ref: str | None


@dataclass(frozen=True, slots=True)
class LiteralExpression(Boxed):
    """A FEEL text."""

    text: str


@dataclass(frozen=True, slots=True)
class InputClause:
    """A column of conditions. `values`: the unary tests of the values it may take; `expression`: what is
    tested.
    """

    id: str
    label: str
    expression: str
    type_ref: str | None
    values: str | None


@dataclass(frozen=True, slots=True)
class OutputClause:
    """A column of results. `values`: its allowed values, the most important first; `default`: if no rule
    matches.
    """

    id: str
    name: str | None
    label: str
    type_ref: str | None
    values: str | None
    default: LiteralExpression | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: a unary test for each input, an expression for each output; `number` counts rows from 1."""

    id: str
    number: int
    inputs: tuple[str, ...]
    outputs: tuple[LiteralExpression, ...]
    annotations: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True)
class DecisionTable(Boxed):
    """A decision table."""

    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    annotation_names: tuple[str, ...]
    output_label: str | None


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """A named part of a boxed context; without a name it is the context's result."""

    name: str | None
    type_ref: str | None
    value: Boxed | None


@dataclass(frozen=True, slots=True)
class BoxedContext(Boxed):
    """A boxed context."""

    entries: tuple[ContextEntry, ...]


@dataclass(frozen=True, slots=True)
class BoxedList(Boxed):
    """A boxed list."""

    items: tuple[Boxed, ...]


@dataclass(frozen=True, slots=True)
class Relation(Boxed):
    """A table of values: each row is a context of the columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Boxed, ...], ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function."""

    name: str
    type_ref: str | None


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Boxed):
    """A boxed function; `kind` is FEEL, or JAVA or PMML, which are refused when they are called."""

    kind: str
    parameters: tuple[Parameter, ...]
    body: Boxed | None


@dataclass(frozen=True, slots=True)
class Invocation(Boxed):
    """A call of a function with arguments by name."""

    function: Boxed
    bindings: tuple[tuple[str, Boxed | None], ...]


@dataclass(frozen=True, slots=True)
class Conditional(Boxed):
    """A boxed if, then, else (DMN 1.4)."""

    test: Boxed
    then: Boxed
    otherwise: Boxed


@dataclass(frozen=True, slots=True)
class BoxedFilter(Boxed):
    """A boxed filter (DMN 1.4)."""

    domain: Boxed
    match: Boxed


@dataclass(frozen=True, slots=True)
class BoxedIteration(Boxed):
    """A boxed for, some or every (DMN 1.4)."""

    kind: Literal["for", "some", "every"]
    variable: str
    domain: Boxed
    body: Boxed


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A named type of the model."""

    name: str
    type_ref: str | None
    collection: bool
    allowed: str | None
    components: tuple[ItemDefinition, ...]
    function: tuple[tuple[Parameter, ...], str | None] | None


@dataclass(frozen=True, slots=True)
class Import:
    """Another model whose elements this one uses under `name`."""

    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class InputData:
    """Data that decisions take from outside."""

    id: str
    name: str
    type_ref: str | None


@dataclass(frozen=True, slots=True)
class DecisionElement:
    """A decision: `requires` and `knows` are the references (`[namespace]#id`) of what it needs."""

    id: str
    name: str
    type_ref: str | None
    requires: tuple[str, ...]
    knows: tuple[str, ...]
    logic: Boxed | None
    question: str = ""
    allowed_answers: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class KnowledgeModel:
    """A business knowledge model: a function other elements may call."""

    id: str
    name: str
    type_ref: str | None
    knows: tuple[str, ...]
    function: FunctionDefinition | None


@dataclass(frozen=True, slots=True)
class DecisionService:
    """A set of decisions offered as one function. All fields but the first three are references."""

    id: str
    name: str
    type_ref: str | None
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]


Element = InputData | DecisionElement | KnowledgeModel | DecisionService


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A decision model; `elements` by id, `imported` the models it imports, by namespace, once they are
    linked.
    """

    name: str
    namespace: str
    elements: Mapping[str, Element]
    item_definitions: tuple[ItemDefinition, ...]
    imports: tuple[Import, ...]
    imported: Mapping[str, Model] = field(default_factory=dict)

    @property
    def decisions(self) -> tuple[DecisionElement, ...]:
        """The decisions, in the order of the file."""
        return tuple(element for element in self.elements.values() if isinstance(element, DecisionElement))

    @property
    def services(self) -> tuple[DecisionService, ...]:
        """The decision services, in the order of the file."""
        return tuple(element for element in self.elements.values() if isinstance(element, DecisionService))

    @property
    def inputs(self) -> tuple[InputData, ...]:
        """The input data, in the order of the file."""
        return tuple(element for element in self.elements.values() if isinstance(element, InputData))

    @property
    def tables(self) -> tuple[tuple[str, DecisionTable], ...]:
        """Every decision table, however deep in another expression, with the name of the decision it
        belongs to.
        """
        found = []
        for element in self.elements.values():
            logic = getattr(element, "logic", None) or getattr(element, "function", None)
            found += [(element.name, part) for part in parts(logic) if isinstance(part, DecisionTable)]
        return tuple(found)


def parts(logic: Boxed | None) -> Iterator[Boxed]:
    """A boxed expression and every one inside it."""
    pending: list[object] = [logic]
    while pending:
        at = pending.pop()
        if isinstance(at, Boxed):
            yield at
        if isinstance(at, tuple):
            pending.extend(reversed(at))
        elif isinstance(at, Boxed | ContextEntry | Rule | OutputClause):
            pending.extend(reversed([getattr(at, name) for name in at.__dataclass_fields__]))
