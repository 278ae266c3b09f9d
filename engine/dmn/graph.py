"""Making a decision: its requirements first, each once, then its own logic (DMN 1.3 §6.3, §10.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.feel.errors import FeelError, FeelLimitError
from engine.feel.limits import Run
from engine.feel.values import Function, Value, lift, outward

from . import model as m
from .errors import DmnEvaluationError, DmnLimitError, DmnNotFoundError
from .evaluate import LogicEvaluation
from .explanation import Decision, Explanation
from .state import Scope, State
from .types import Types

MAX_DEPTH = 60
_Decidable = m.DecisionElement | m.DecisionService | m.KnowledgeModel


class _Library:
    """A model with its types, and those of the models it imports, under the names it gives them."""

    def __init__(self, model: m.Model) -> None:
        self.model = model
        self.imported: dict[str, tuple[str, _Library]] = {
            wanted.namespace: (wanted.name, _Library(model.imported[wanted.namespace]))
            for wanted in model.imports
            if wanted.namespace in model.imported
        }
        self.types: Types = Types(model, [(name, library.types) for name, library in self.imported.values()])


_LIBRARIES: dict[int, tuple[m.Model, _Library]] = {}


def _library(model: m.Model) -> _Library:
    """The model's library, kept while the process lives on a small scale: models are few and immutable."""
    known = _LIBRARIES.get(id(model))
    if known is None:
        if len(_LIBRARIES) >= 256:
            _LIBRARIES.clear()
        known = _LIBRARIES[id(model)] = (model, _Library(model))
    return known[1]


class _Making:
    """The making of decisions of one model over one set of data. Imported models have a making of their
    own.
    """

    def __init__(self, library: _Library, data: Mapping[str, object], state: State) -> None:
        self.library = library
        self.data = data
        self.state = state
        self.logic = LogicEvaluation(state, library.types)
        self.values: dict[str, Value] = {}
        self.under_way: set[str] = set()
        self.imported: dict[str, _Making] = {}

    def resolve(self, reference: str) -> tuple[str, _Making, m.Element]:
        """A reference's prefix (the import's name, or empty), the making it belongs to and its element."""
        namespace, _, identity = reference.rpartition("#")
        making: _Making = self
        prefix = ""
        if namespace and namespace != self.library.model.namespace:
            if namespace not in self.library.imported:
                raise DmnEvaluationError(
                    f"“{self.library.model.name}” refers to the model “{namespace}”, which is not there",
                    reference,
                )
            prefix, library = self.library.imported[namespace]
            if namespace not in self.imported:
                inner = self.data.get(prefix)
                data = {**self.data, **inner} if isinstance(inner, Mapping) else self.data
                self.imported[namespace] = _Making(library, data, self.state)
            making = self.imported[namespace]
        element = making.library.model.elements.get(identity)
        if element is None:
            raise DmnEvaluationError(
                f"“{self.library.model.name}” refers to an element “{identity}”, which is not there",
                reference,
            )
        return prefix, making, element

    def scope(self, references: tuple[str, ...]) -> Scope:
        """The variables that these requirements bring; an import's stand in a context of its name."""
        found: Scope = {}
        for reference in references:
            prefix, making, element = self.resolve(reference)
            value = making.value(element)
            if prefix:
                found.setdefault(prefix, {})[element.name] = value
            else:
                found[element.name] = value
        return found

    def value(self, element: m.Element) -> Value:
        """The value of an element: given data, a decision made, or a function."""
        if element.id in self.values:
            return self.values[element.id]
        if element.id in self.under_way:
            raise DmnEvaluationError(
                f"“{element.name}” requires itself, by way of its own requirements", element.id
            )
        if len(self.under_way) > MAX_DEPTH:
            raise DmnLimitError(f"Requirements are more than {MAX_DEPTH} levels deep", element.id)
        self.under_way.add(element.id)
        if isinstance(element, m.InputData):
            found = self._input(element)
        elif isinstance(element, m.DecisionElement):
            found = self._decision(element)
        elif isinstance(element, m.KnowledgeModel):
            found = self._knowledge(element)
        else:
            found = self.service(element)
        self.under_way.discard(element.id)
        self.values[element.id] = found
        return found

    def _input(self, element: m.InputData) -> Value:
        value = lift(self.data.get(element.name), self.state.run)
        kind = self.library.types.get(element.type_ref)
        return self.state.coerce(value, kind, f"Input “{element.name}”")

    def _decision(self, element: m.DecisionElement) -> Value:
        if element.logic is None:  # made outside of the model, by people for example
            value = lift(self.data.get(element.name), self.state.run)
        else:
            scope = self.scope((*element.requires, *element.knows))
            value = self.logic.value(element.logic, scope, element.name)
        value = self.state.coerce(
            value, self.library.types.get(element.type_ref), f"Decision “{element.name}”"
        )
        self.state.decisions.append((element.name, value))
        return value

    def _knowledge(self, element: m.KnowledgeModel) -> Value:
        if element.function is None:
            return None
        scope = self.scope(element.knows)
        made = self.logic.function(element.function, scope, element.name, element.type_ref)
        scope[element.name] = made  # it may call itself
        return made

    def service(self, element: m.DecisionService) -> Function:
        """A decision service as a function of its input data and its input decisions, in this order."""
        wanted = [self.resolve(reference) for reference in (*element.input_data, *element.input_decisions)]
        kinds = [making.library.types.get(part.type_ref) for _, making, part in wanted]

        def call(run: Run, arguments: list[Value]) -> Value:
            run.enter()
            inner = _Making(self.library, self.data, self.state)
            for (_, _, part), kind, argument in zip(wanted, kinds, arguments, strict=True):
                inner.values[part.id] = self.state.coerce(
                    argument, kind, f"Input “{part.name}” of “{element.name}”"
                )
            results = {}
            for reference in element.outputs:
                _, making, part = inner.resolve(reference)
                results[part.name] = making.value(part)
            run.leave()
            value = next(iter(results.values())) if len(results) == 1 else results
            declared = self.library.types.result(element.type_ref)
            return self.state.coerce(value, declared, f"Decision service “{element.name}”")

        parameters = tuple((part.name, kind.feel) for (_, _, part), kind in zip(wanted, kinds, strict=True))
        return Function(element.name, parameters, call)


def decide(
    model: m.Model, name: str, data: Mapping[str, object], now: datetime | None = None, *, strict: bool = True
) -> Decision:
    """Make the decision of that name or id over the input data, by input name.

    A decision service or knowledge model is called with the data of its parameters' names.

    `now` is what now() and today() give. Strict, every problem (rules in conflict, a value that is not
    allowed, a text that is no FEEL) raises DmnEvaluationError; otherwise the value concerned is null and the
    problem is noted.
    Raises DmnNotFoundError, and DmnLimitError where the evaluation is too large.
    """
    element = find(model, name)
    state = State(strict=strict, now=now)
    making = _Making(_library(model), data, state)
    try:
        if not isinstance(element, m.DecisionElement):
            function = making.value(element)
            if function is None:
                raise DmnEvaluationError(f"The function “{element.name}” has no logic", element.id)
            arguments = [lift(data.get(part), state.run) for part, _ in function.parameters or ()]
            value = function.call(state.run, arguments)
            state.decisions.append((element.name, value))
        else:
            value = making.value(element)
        value = outward(value, state.run)
    except FeelLimitError as error:
        raise DmnLimitError(f"“{element.name}”: {error}", element.id) from error
    except FeelError as error:
        raise DmnEvaluationError(f"“{element.name}”: {error}", element.id) from error
    except RecursionError:
        raise DmnLimitError(f"“{element.name}” is nested too deep", element.id) from None
    explanation = Explanation(tuple(state.decisions), tuple(state.tables), tuple(state.problems))
    return Decision(element.name, element.id, value, explanation)


def find(model: m.Model, name: str) -> _Decidable:
    """The decision or decision service of that id or name; raises DmnNotFoundError."""
    element = model.elements.get(name)
    if isinstance(element, _Decidable):
        return element
    candidates = [element for element in model.elements.values() if isinstance(element, _Decidable)]
    for candidate in candidates:
        if candidate.name == name:
            return candidate
    known = ", ".join(f"“{candidate.name}”" for candidate in candidates) or "none"
    raise DmnNotFoundError(f"The model has no decision “{name}”; it has {known}", name)
