"""Evaluating decision tables under every hit policy (DMN 1.3 §8.2.8 to §8.2.11)."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.compare import equal
from engine.feel.errors import FeelError, FeelLimitError
from engine.feel.expression import UnaryTests, unary_tests
from engine.feel.formatting import literal_of
from engine.feel.functions.statistics import max_, min_, sum_
from engine.feel.limits import Run
from engine.feel.nodes import Literal
from engine.feel.surroundings import Surroundings
from engine.feel.values import Value

from . import model as m
from .errors import DmnLimitError
from .explanation import MatchedRule, TableExplanation
from .state import Scope, State, surroundings
from .types import DataType, Types

Row = tuple[UnaryTests | FeelError | None, ...]
_MULTIPLE = ("RULE ORDER", "OUTPUT ORDER", "COLLECT")


class TableEvaluation:
    """One evaluation of one table in one scope."""

    def __init__(self, table: m.DecisionTable, owner: str, state: State, types: Types) -> None:
        self.table = table
        self.owner = owner
        self.state = state
        self.types = types
        self.names = tuple(_output_name(table, index) for index in range(len(table.outputs)))

    def value(self, scope: Scope) -> Value:
        """The table's value; every evaluation adds a `TableExplanation` to the state."""
        inputs = self._inputs(scope)
        hits: list[tuple[m.Rule, list[Value]]] = []
        rules: list[m.Rule] = []
        if inputs is not None:
            values = [value for _, value in inputs]
            rules = self._matching(values, scope)
            hits = [(rule, self._outputs(rule, scope)) for rule in rules]
        default = not hits
        result = self._default(scope) if default else self._decide(hits)
        self.state.tables.append(
            TableExplanation(
                decision=self.owner,
                table_id=self.table.id,
                hit_policy=self.table.hit_policy,
                aggregation=self.table.aggregation,
                inputs=inputs or (),
                rules=tuple(self._matched(rule, outputs) for rule, outputs in hits),
                default_used=default,
                value=result,
            )
        )
        return result

    # Conditions

    def _inputs(self, scope: Scope) -> tuple[tuple[str, Value], ...] | None:
        """Each input's label and value; None where one is not among its allowed values."""
        found = []
        for clause in self.table.inputs:
            where = f"Input “{clause.label}” of the table of “{self.owner}”"
            value = (
                self.state.evaluate(clause.expression, scope, self.types, where)
                if clause.expression
                else None
            )
            value = self.state.coerce(value, self.types.get(clause.type_ref), where)
            if (
                clause.values
                and value is not None
                and not self.state.matches(clause.values, value, scope, self.types, where)
            ):
                self.state.problem(
                    f"{where}: {literal_of(value)} is not among the allowed values {clause.values}",
                    self.owner,
                )
                return None
            found.append((clause.label, value))
        return tuple(found)

    def _matching(self, values: list[Value], scope: Scope) -> list[m.Rule]:
        """The rules all of whose conditions hold; under FIRST the first of them alone."""
        found = []
        cells = self._cells(scope)
        for rule, row in zip(self.table.rules, cells, strict=True):
            if self._applies(rule, row, values, scope):
                found.append(rule)
                if self.table.hit_policy == "FIRST":
                    break
        return found

    def _cells(self, scope: Scope) -> tuple[Row, ...]:
        """The compiled conditions of every rule, kept with the model's types for the next time."""
        around = surroundings(scope, self.types)
        key = id(self.table), around
        cells = self.types.cells.get(key)
        if cells is None:
            cells = self.types.cells[key] = tuple(_compiled(rule, around) for rule in self.table.rules)
            self.state.run.restart_clock()  # what is done once for a model is not this evaluation's
        self.state.run.spend(len(cells))
        return cells

    def _applies(self, rule: m.Rule, row: Row, values: list[Value], scope: Scope) -> bool:
        for index, (tests, value) in enumerate(zip(row, values, strict=True)):
            if tests is None:
                continue
            try:
                if isinstance(tests, FeelError):
                    raise tests
                if tests.run(value, scope, self.state.run) is not True:
                    return False
            except FeelError as error:
                self.state.failed(
                    error, f"Rule {rule.number}, condition {index + 1} of the table of “{self.owner}”"
                )
                return False
        return True

    # Results

    def _outputs(self, rule: m.Rule, scope: Scope) -> list[Value]:
        found = []
        for index, (clause, entry) in enumerate(zip(self.table.outputs, rule.outputs, strict=True)):
            where = f"Rule {rule.number}, result {index + 1} of the table of “{self.owner}”"
            found.append(self._output(clause, entry, scope, where))
        return found

    def _output(self, clause: m.OutputClause, entry: m.LiteralExpression, scope: Scope, where: str) -> Value:
        value = self.state.evaluate(entry.text, scope, self.types, where) if entry.text else None
        value = self.state.coerce(value, self._output_type(clause), where)
        if (
            clause.values
            and value is not None
            and not self.state.matches(clause.values, value, scope, self.types, where)
        ):
            self.state.problem(
                f"{where}: {literal_of(value)} is not among the allowed values {clause.values}", self.owner
            )
            return None
        return value

    def _output_type(self, clause: m.OutputClause) -> DataType:
        return self.types.get(clause.type_ref)

    def _default(self, scope: Scope) -> Value:
        clauses = self.table.outputs
        if all(clause.default is None for clause in clauses):
            if self.table.aggregation == "COUNT":
                return Decimal(0)
            return None
        values = [
            None
            if clause.default is None
            else self._output(clause, clause.default, scope, f"Default of the table of “{self.owner}”")
            for clause in clauses
        ]
        result = self._row(values)
        return [result] if self.table.hit_policy in _MULTIPLE and not self.table.aggregation else result

    def _decide(self, hits: list[tuple[m.Rule, list[Value]]]) -> Value:
        rows = [outputs for _, outputs in hits]
        match self.table.hit_policy:
            case "UNIQUE":
                if len(hits) > 1:
                    numbers = " and ".join(str(rule.number) for rule, _ in hits)
                    return self._conflict(
                        f"the rules {numbers} all match, and its hit policy allows one alone"
                    )
                return self._row(rows[0])
            case "ANY":
                if any(equal(row, rows[0], self.state.run) is not True for row in rows[1:]):
                    numbers = " and ".join(str(rule.number) for rule, _ in hits)
                    return self._conflict(f"the rules {numbers} all match with different results")
                return self._row(rows[0])
            case "FIRST":
                return self._row(rows[0])
            case "PRIORITY":
                return self._row(self._by_priority(rows)[0])
            case "RULE ORDER":
                return [self._row(row) for row in rows]
            case "OUTPUT ORDER":
                return [self._row(row) for row in self._by_priority(rows)]
        return self._collect(rows)

    def _conflict(self, what: str) -> None:
        self.state.problem(f"The table of “{self.owner}” cannot decide: {what}", self.owner)

    def _row(self, values: list[Value]) -> Value:
        if len(values) == 1:
            return values[0]
        return dict(zip(self.names, values, strict=True))

    def _collect(self, rows: list[list[Value]]) -> Value:
        aggregation = self.table.aggregation
        if aggregation is None:
            return [self._row(row) for row in rows]
        columns = [list(column) for column in zip(*rows, strict=True)]
        return self._row([self._aggregate(aggregation, column) for column in columns])

    def _aggregate(self, aggregation: m.Aggregation, values: list[Value]) -> Value:
        if aggregation == "COUNT":
            return Decimal(len(values))
        found = {"SUM": sum_, "MIN": min_, "MAX": max_}[aggregation](self.state.run, values)
        if found is None:
            self._conflict(f"its results {literal_of(values)} have no {aggregation.lower()}")
        return found

    def _by_priority(self, rows: list[list[Value]]) -> list[list[Value]]:
        """The rows in the order of their outputs' allowed values; what is not among those comes last."""
        orders = [self._allowed_in_order(clause) for clause in self.table.outputs]
        run = self.state.run

        def places(row: list[Value]) -> list[int]:
            return [_place(value, order, run) for value, order in zip(row, orders, strict=True) if order]

        return sorted(rows, key=places)

    def _allowed_in_order(self, clause: m.OutputClause) -> list[Value]:
        if clause.values:
            try:
                tree = unary_tests(clause.values).tree
            except FeelLimitError as error:
                raise DmnLimitError(f"The table of “{self.owner}”: {error}", self.owner) from error
            except FeelError as error:
                self.state.problem(f"The output values of the table of “{self.owner}”: {error}", self.owner)
                return []
        else:
            allowed = self._output_type(clause).allowed
            if allowed is None:
                return []
            tree = allowed.tree
        return [test.value for test in tree.tests if isinstance(test, Literal)]

    def _matched(self, rule: m.Rule, outputs: list[Value]) -> MatchedRule:
        columns = [*self.table.annotation_names, *("" for _ in rule.annotations)]
        return MatchedRule(
            number=rule.number,
            id=rule.id,
            outputs=tuple(zip(self.names, outputs, strict=True)),
            annotations=tuple(zip(columns, rule.annotations, strict=False)),
            description=rule.description,
        )


def _compiled(rule: m.Rule, around: Surroundings) -> Row:
    """A rule's conditions: None where nothing is asked, the error where a text is no unary tests."""
    row: list[UnaryTests | FeelError | None] = []
    for text in rule.inputs:
        try:
            row.append(None if text in ("", "-") else UnaryTests(text, around))
        except FeelError as error:
            row.append(error)
    return tuple(row)


def _place(value: Value, order: list[Value], run: Run) -> int:
    for place, allowed in enumerate(order):
        if equal(value, allowed, run) is True:
            return place
    return len(order)


def _output_name(table: m.DecisionTable, index: int) -> str:
    clause = table.outputs[index]
    return clause.name or clause.label or f"output {index + 1}"
