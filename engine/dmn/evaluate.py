"""Evaluating boxed expressions in a scope (DMN 1.3 §10.2), each by its kind."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel.compile_control import invoke_function
from engine.feel.limits import Run
from engine.feel.names import needs_declaring
from engine.feel.ranges import span
from engine.feel.scope import ITEM
from engine.feel.values import Function, Value, lift

from . import model as m
from .state import Scope, State
from .tables import TableEvaluation
from .types import Types


class LogicEvaluation:
    """Evaluates the boxed expressions of one model, in the state of one decision being made."""

    def __init__(self, state: State, types: Types) -> None:
        self.state = state
        self.types = types
        self._kinds: dict[type[m.Boxed], Callable[..., Value]] = {
            m.LiteralExpression: self._literal,
            m.DecisionTable: self._table,
            m.BoxedContext: self._context,
            m.BoxedList: self._list,
            m.Relation: self._relation,
            m.FunctionDefinition: self.function,
            m.Invocation: self._invocation,
            m.Conditional: self._conditional,
            m.BoxedFilter: self._filter,
            m.BoxedIteration: self._iteration,
        }

    def value(self, logic: m.Boxed | None, scope: Scope, owner: str) -> Value:
        """The value of a boxed expression; `owner` is the decision or function it belongs to, for
        explanations.
        """
        if logic is None:
            return None
        self.state.run.spend(5)
        found = self._kinds[type(logic)](logic, scope, owner)
        if logic.type_ref is None or isinstance(logic, m.FunctionDefinition):
            return found
        return self.state.coerce(found, self.types.get(logic.type_ref), f"“{owner}”")

    def _literal(self, logic: m.LiteralExpression, scope: Scope, owner: str) -> Value:
        return self.state.evaluate(logic.text, scope, self.types, f"“{owner}”") if logic.text else None

    def _table(self, logic: m.DecisionTable, scope: Scope, owner: str) -> Value:
        return TableEvaluation(logic, owner, self.state, self.types).value(scope)

    def _context(self, logic: m.BoxedContext, scope: Scope, owner: str) -> Value:
        inner = dict(scope)
        made: dict[str, Value] = {}
        for entry in logic.entries:
            found = self.value(entry.value, inner, owner)
            found = self.state.coerce(
                found, self.types.get(entry.type_ref), f"“{entry.name or owner}” of “{owner}”"
            )
            if entry.name is None:
                return found
            made[entry.name] = inner[entry.name] = found
        return made

    def _list(self, logic: m.BoxedList, scope: Scope, owner: str) -> Value:
        return [self.value(item, scope, owner) for item in logic.items]

    def _relation(self, logic: m.Relation, scope: Scope, owner: str) -> Value:
        return [
            {name: self.value(cell, scope, owner) for name, cell in zip(logic.columns, row, strict=True)}
            for row in logic.rows
        ]

    def function(
        self, logic: m.FunctionDefinition, scope: Scope, owner: str, result: str | None = None
    ) -> Function:
        """The function value of a definition; `result` is the type of a knowledge model's variable."""
        kinds = [self.types.get(parameter.type_ref) for parameter in logic.parameters]
        names = [parameter.name for parameter in logic.parameters]
        returned = self.types.result(logic.type_ref if result is None else result)

        def call(run: Run, arguments: list[Value]) -> Value:
            if logic.kind.upper() != "FEEL":
                self.state.problem(f"“{owner}” is a function in {logic.kind}, which is refused", owner)
                return None
            run.enter()
            inner = dict(scope)
            for name, kind, argument in zip(names, kinds, arguments, strict=True):
                inner[name] = self.state.coerce(argument, kind, f"Argument “{name}” of “{owner}”")
                if argument is not None and inner[name] is None:
                    run.leave()
                    return None
            found = self.value(logic.body, inner, owner)
            found = self.state.coerce(found, returned, f"“{owner}”")
            run.leave()
            return found

        return Function(
            owner,
            tuple((name, kind.feel) for name, kind in zip(names, kinds, strict=True)),
            call,
            result=returned.feel,
        )

    def _invocation(self, logic: m.Invocation, scope: Scope, owner: str) -> Value:
        target = self.value(logic.function, scope, owner)
        if type(target) is not Function:
            self.state.problem(f"“{owner}” invokes something that is no function", owner)
            return None
        names = tuple(name for name, _ in logic.bindings)
        known = {name for name, _ in target.parameters or ()}
        if target.parameters is not None and set(names) - known:
            wrong = ", ".join(sorted(set(names) - known))
            self.state.problem(f"“{owner}” invokes “{target.name}” with an unknown parameter: {wrong}", owner)
            return None
        values = {name: self.value(logic_, scope, owner) for name, logic_ in logic.bindings}
        if target.parameters is not None:
            values |= dict.fromkeys(known - set(names))
        return invoke_function(target, list(values.values()), tuple(values), self.state.run)

    def _conditional(self, logic: m.Conditional, scope: Scope, owner: str) -> Value:
        test = self.value(logic.test, scope, owner)
        if type(test) is not bool:
            self.state.problem(f"The condition in “{owner}” gives no boolean", owner)
            return None
        return self.value(logic.then if test else logic.otherwise, scope, owner)

    def _elements(self, logic: m.Boxed, scope: Scope, owner: str) -> list[Value] | None:
        found = self.value(logic, scope, owner)
        if found is None:
            return None
        if type(found) is list:
            return found
        spanned = span(found, self.state.run)
        return [found] if spanned is None else spanned

    def _filter(self, logic: m.BoxedFilter, scope: Scope, owner: str) -> Value:
        items = self._elements(logic.domain, scope, owner)
        if items is None:
            return None
        kept = []
        for item in items:
            value = lift(item, self.state.run)
            inner = {**scope, ITEM: value}
            if type(value) is dict:
                inner |= self._entries(value)
            verdict = self.value(logic.match, inner, owner)
            if type(verdict) is not bool:
                self.state.problem(f"The filter in “{owner}” gives no boolean", owner)
                return None
            if verdict:
                kept.append(value)
        return kept

    def _entries(self, item: Scope) -> Scope:
        """An element's entries as variables; names that need declaring only where the model declares them."""
        members = self.types.members
        return {
            name: entry
            for name, entry in item.items()
            if isinstance(name, str) and (name in members or not needs_declaring(name))
        }

    def _iteration(self, logic: m.BoxedIteration, scope: Scope, owner: str) -> Value:
        items = self._elements(logic.domain, scope, owner)
        if items is None:
            return None
        results: list[Value] = []
        for item in items:
            inner = {**scope, logic.variable: lift(item, self.state.run), "partial": list(results)}
            self.state.run.spend_list(len(results) + 1)
            results.append(self.value(logic.body, inner, owner))
        if logic.kind == "for":
            return results
        if any(type(result) is not bool for result in results):
            return None
        return any(results) if logic.kind == "some" else all(results)
