"""Checking a model without data: texts that are no FEEL, references that lead nowhere, variables nobody
gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.feel.errors import FeelError
from engine.feel.expression import Expression, UnaryTests, expression, unary_tests
from engine.feel.functions import BUILTINS
from engine.feel.names import special
from engine.feel.surroundings import Surroundings

from . import model as m
from .graph import MAX_DEPTH
from .types import Types


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a model, as a sentence; `element` is the name of the decision or function
    concerned.
    """

    element: str
    sentence: str


def check(model: m.Model) -> tuple[Problem, ...]:
    """Everything that is wrong with a model, in the order of its elements; empty where nothing is.

    Imported models are looked into only for the names they bring.
    """
    return _Check(model).whole()


class _Check:
    def __init__(self, model: m.Model) -> None:
        self.model = model
        self.problems: list[Problem] = []
        self.imports = {wanted.name for wanted in model.imports}
        self.types = Types(model)

    def whole(self) -> tuple[Problem, ...]:
        """All problems."""
        for sentence in self.types.problems:
            if not any(f"“{name}." in sentence for name in self.imports):
                self._add(self.model.name, sentence)
        for element in self.model.elements.values():
            if isinstance(element, m.DecisionElement):
                self._decision(element)
            elif isinstance(element, m.KnowledgeModel):
                names = self._names(element.name, element.knows) | {element.name}
                self._logic(element.function, names, element.name)
            elif isinstance(element, m.DecisionService):
                parts = (element.outputs, element.encapsulated, element.input_decisions, element.input_data)
                self._names(element.name, [reference for group in parts for reference in group])
        self._order()
        return tuple(self.problems)

    def _order(self) -> None:
        """Requirements that lead back, or further down than a decision is followed."""
        depth: dict[str, int] = {}
        for root in self.model.elements:
            trail = [(root, iter(self._required(root)))]
            under_way = {root}
            while trail and root not in depth:
                identity, rest = trail[-1]
                below = next((each for each in rest if each not in depth), None)
                if below is None:
                    required = (depth.get(each, 0) for each in self._required(identity))
                    depth[identity] = 1 + max(required, default=0)
                    under_way.discard(identity)
                    trail.pop()
                elif below in under_way:
                    name = self.model.elements[below].name
                    self._add(name, "It requires itself, by way of its own requirements")
                    depth[below] = 1  # named once; what stands above is looked at as if it did not lead back
                else:
                    under_way.add(below)
                    trail.append((below, iter(self._required(below))))
        deepest = max(depth, key=lambda identity: depth[identity], default="")
        if deepest and depth[deepest] - 1 > MAX_DEPTH:
            name = self.model.elements[deepest].name
            self._add(name, f"Its requirements are more than {MAX_DEPTH} levels deep")

    def _required(self, identity: str) -> list[str]:
        """Ids of the elements of this model that one requires at once."""
        element = self.model.elements[identity]
        if isinstance(element, m.DecisionElement):
            references = (*element.requires, *element.knows)
        elif isinstance(element, m.KnowledgeModel):
            references = tuple(element.knows)
        else:
            return []  # a service asks for its decisions only when it is called
        parts = (reference.rpartition("#") for reference in references)
        here = (identity for space, _, identity in parts if not space or space == self.model.namespace)
        return [each for each in here if each in self.model.elements]

    def _add(self, element: str, sentence: str) -> None:
        problem = Problem(element, sentence)
        if problem not in self.problems:
            self.problems.append(problem)

    def _decision(self, element: m.DecisionElement) -> None:
        names = self._names(element.name, (*element.requires, *element.knows))
        if element.logic is None:
            self._add(element.name, "The decision has no logic: give it a table or an expression")
        self._logic(element.logic, names, element.name)

    def _names(self, owner: str, references: Iterable[str]) -> frozenset[str]:
        """The names that an element's requirements bring into its scope."""
        found = set()
        for reference in references:
            namespace, _, identity = reference.rpartition("#")
            if namespace and namespace != self.model.namespace:
                prefix = next((i.name for i in self.model.imports if i.namespace == namespace), None)
                if prefix is None:
                    self._add(owner, f"It refers to the model “{namespace}”, which is not imported")
                else:
                    found.add(prefix)
                continue
            element = self.model.elements.get(identity)
            if element is None:
                self._add(owner, f"It refers to the element “{identity}”, which the model does not have")
            else:
                found.add(element.name)
        return frozenset(found)

    # Expressions

    def _text(self, text: str, names: frozenset[str], owner: str, where: str) -> None:
        if text:
            self._compiled(expression, text, names, owner, where)

    def _tests(self, text: str, names: frozenset[str], owner: str, where: str) -> None:
        if text not in ("", "-"):
            self._compiled(unary_tests, text, names, owner, where)

    def _compiled(
        self,
        compiler: Callable[[str, Surroundings], Expression | UnaryTests],
        text: str,
        names: frozenset[str],
        owner: str,
        where: str,
    ) -> None:
        functions = frozenset(name for name in names if name in BUILTINS)
        surroundings = Surroundings(special(names), self.types.members, functions, self.types.table)
        try:
            compiled = compiler(text, surroundings)
        except FeelError as error:
            self._add(owner, f"{where}: {error}")
            return
        for warning in compiled.warnings:
            self._add(owner, f"{where} never has a value: {warning}")
        for name in sorted(compiled.names - names - BUILTINS.keys()):
            self._add(owner, f"{where} uses “{name}”, which “{owner}” does not require")

    def _logic(self, logic: m.Boxed | None, names: frozenset[str], owner: str) -> None:
        match logic:
            case m.LiteralExpression():
                self._text(logic.text, names, owner, "Its expression")
            case m.DecisionTable():
                self._table(logic, names, owner)
            case m.BoxedContext():
                for entry in logic.entries:
                    self._logic(entry.value, names, owner)
                    names |= {entry.name} if entry.name else set()
            case m.BoxedList():
                self._all(logic.items, names, owner)
            case m.Relation():
                for row in logic.rows:
                    self._all(row, names, owner)
            case m.FunctionDefinition():
                if logic.kind.upper() != "FEEL":
                    self._add(owner, f"A function is in {logic.kind}, which is refused; write it in FEEL")
                else:
                    self._logic(logic.body, names | {part.name for part in logic.parameters}, owner)
            case m.Invocation():
                self._all((logic.function, *(value for _, value in logic.bindings)), names, owner)
            case m.Conditional():
                self._all((logic.test, logic.then, logic.otherwise), names, owner)
            case m.BoxedIteration():
                self._logic(logic.domain, names, owner)
                self._logic(logic.body, names | {logic.variable, "partial"}, owner)
            case m.BoxedFilter():  # an element's entries are in scope, which only the data tells
                self._logic(logic.domain, names, owner)

    def _all(self, parts: Iterable[m.Boxed | None], names: frozenset[str], owner: str) -> None:
        for part in parts:
            self._logic(part, names, owner)

    def _table(self, table: m.DecisionTable, names: frozenset[str], owner: str) -> None:
        for clause in table.inputs:
            self._text(clause.expression, names, owner, f"The input “{clause.label}”")
            self._tests(clause.values or "", names, owner, f"The input values of “{clause.label}”")
        for output in table.outputs:
            self._tests(output.values or "", names, owner, f"The output values of “{output.label}”")
            if output.default is not None:
                self._text(output.default.text, names, owner, "The default output")
        for rule in table.rules:
            for index, test in enumerate(rule.inputs, 1):
                self._tests(test, names, owner, f"Rule {rule.number}, condition {index}")
            for index, entry in enumerate(rule.outputs, 1):
                self._text(entry.text, names, owner, f"Rule {rule.number}, result {index}")
        if table.hit_policy in ("PRIORITY", "OUTPUT ORDER") and not any(
            output.values or self.types.get(output.type_ref).allowed for output in table.outputs
        ):
            self._add(
                owner,
                f"The hit policy {table.hit_policy} needs output values, the most important first",
            )
