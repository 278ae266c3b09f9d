"""A model's types: what its item definitions allow, and the bringing of values to them (DMN 1.3 §7.3.2,
§10.3.2.9.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.feel.conform import coerce as coerce_simple
from engine.feel.conform import conforms
from engine.feel.errors import FeelError
from engine.feel.expression import UnaryTests, unary_tests
from engine.feel.limits import Run
from engine.feel.names import special
from engine.feel.surroundings import Surroundings, TypeTable
from engine.feel.types import ANY, SIMPLE, FeelType
from engine.feel.values import Value, lift

from . import model as m

_MAX_DEPTH = 30
_ALIASES = {"integer": "number", "long": "number", "double": "number", "dateTime": "date and time"}
"""What some tools write for FEEL's own types."""


@dataclass(frozen=True, slots=True)
class DataType:
    """A type with its constraint. `fields` are a structure's parts; a `collection` is a list of what the
    rest says.
    """

    name: str
    feel: FeelType
    base: DataType | None = None
    fields: tuple[tuple[str, DataType], ...] = ()
    collection: bool = False
    allowed: UnaryTests | None = None

    def holds(self, value: Value, run: Run) -> bool:
        """Whether `value` is of this type, constraint and parts included. null is of every type."""
        run.spend(1)
        if value is None:
            return True
        if self.collection:
            if type(value) is not list:
                return False
            return all(self._element_holds(lift(item, run), run) for item in value)
        return self._element_holds(value, run)

    def _element_holds(self, value: Value, run: Run) -> bool:
        if value is None:
            return True
        if self.base is not None and not self.base.holds(value, run):
            return False
        if self.fields:
            if type(value) is not dict:
                return False
            if not all(
                name in value and kind.holds(lift(value[name], run), run) for name, kind in self.fields
            ):
                return False
        elif self.base is None and self.feel is not ANY and not conforms(value, self._element_type(), run):
            return False
        return self.allowed is None or self.allowed.run(value, {}, run) is True

    def _element_type(self) -> FeelType:
        return self.feel.element if self.collection and self.feel.element is not None else self.feel

    def coerce(self, value: Value, run: Run) -> tuple[Value, bool]:
        """The value brought to this type, and whether that could be done; where it could not, null
        stands for it.
        """
        if self.holds(value, run):
            return value, True
        if self.collection:
            wrapped = [value]
            return (wrapped, True) if type(value) is not list and self.holds(wrapped, run) else (None, False)
        if type(value) is list and len(value) == 1:
            only = lift(value[0], run)
            return (only, True) if self.holds(only, run) else (None, False)
        if self.feel.name == "date and time":
            moved = coerce_simple(value, self.feel, run)
            return (moved, True) if moved is not None and self.holds(moved, run) else (None, False)
        return None, False


ANY_TYPE = DataType("Any", ANY)


class Types:
    """The types that a model's references may name: the built-in ones, its own, and its imports' under
    their names.

    Attributes: `table` for the parser of expressions; `members` the parts' names that need declaring;
    `cells` the compiled conditions of the model's tables, by the table's id() and what is declared around it.
    """

    def __init__(self, model: m.Model, imported: Sequence[tuple[str, Types]] = ()) -> None:
        self._definitions = {definition.name: definition for definition in model.item_definitions}
        self._imported = imported
        self._known: dict[str, DataType] = {}
        self.cells: dict[tuple[int, Surroundings], tuple[tuple[UnaryTests | FeelError | None, ...], ...]] = {}
        self.problems: list[str] = []
        for name in self._definitions:
            self.get(name)
        own = {name: kind.feel for name, kind in self._known.items()}
        for prefix, types in imported:
            own |= {_qualified(prefix, name): kind.feel for name, kind in types._known.items()}
        self.table = TypeTable(own)
        members = special(_member_names(model.item_definitions))
        for _, types in imported:
            members |= types.members
        self.members: frozenset[str] = members

    def get(self, reference: str | None) -> DataType:
        """The type a reference names; the type of any value for none, and for an unknown one, which is a
        problem.
        """
        return ANY_TYPE if reference is None else self._get(reference, 0)

    def result(self, reference: str | None) -> DataType:
        """The type of what a function returns whose variable has the type that the reference names.

        Of a function's type it is that of its output; of any other it is that type itself, as some write it.
        """
        definition = self._definitions.get(reference or "")
        if definition is not None and definition.function is not None:
            return self.get(definition.function[1])
        kind = self.get(reference)
        return ANY_TYPE if kind.feel.name == "function" else kind

    def _get(self, reference: str, depth: int) -> DataType:
        name = (
            reference.split(":")[-1] if ":" in reference else reference
        )  # DMN 1.1 wrote them as qualified names
        if name in self._known:
            return self._known[name]
        definition = self._definitions.get(name)
        if definition is not None:
            if depth > _MAX_DEPTH:
                self.problems.append(f"The type “{name}” refers to itself")
                return ANY_TYPE
            self._known[name] = made = self._build(definition, depth + 1)
            return made
        name = _ALIASES.get(name, name)
        if name in SIMPLE:
            return DataType(name, SIMPLE[name])
        if name in ("list", "context", "function", "range"):
            return DataType(name, FeelType(name))
        for prefix, types in self._imported:
            own = (
                name
                if not prefix
                else name.removeprefix(f"{prefix}.")
                if name.startswith(f"{prefix}.")
                else ""
            )
            if own in types._known:
                return types._known[own]
        self.problems.append(f"The type “{reference}” is not defined in the model")
        return ANY_TYPE

    def _build(self, definition: m.ItemDefinition, depth: int) -> DataType:
        allowed = None
        if definition.allowed:
            try:
                allowed = unary_tests(definition.allowed, Surroundings())
            except FeelError as error:
                self.problems.append(
                    f"The allowed values of the type “{definition.name}” cannot be read: {error}"
                )
        base = None
        fields: tuple[tuple[str, DataType], ...] = ()
        if definition.function is not None:
            feel = self._function_type(definition.function, depth)
        elif definition.components:
            if depth > _MAX_DEPTH:
                self.problems.append(f"The type “{definition.name}” is nested too deep")
                return ANY_TYPE
            fields = tuple((part.name, self._build(part, depth + 1)) for part in definition.components)
            feel = FeelType("context", fields=tuple((name, kind.feel) for name, kind in fields))
        elif definition.type_ref:
            base = self._get(definition.type_ref, depth)
            feel = base.feel
        else:
            feel = ANY
        if definition.collection:
            feel = FeelType("list", element=feel)
        return DataType(definition.name, feel, base, fields, definition.collection, allowed)

    def _function_type(self, function: tuple[tuple[m.Parameter, ...], str | None], depth: int) -> FeelType:
        parameters, result = function
        return FeelType(
            "function",
            parameters=tuple(
                self._get(part.type_ref, depth).feel if part.type_ref else ANY for part in parameters
            ),
            result=self._get(result, depth).feel if result else ANY,
        )


def _qualified(prefix: str, name: str) -> str:
    """A type's name where its model is imported under `prefix`, which may be empty."""
    return f"{prefix}.{name}" if prefix else name


def _member_names(definitions: tuple[m.ItemDefinition, ...]) -> list[str]:
    found: list[str] = []
    pending = list(definitions)
    while pending:
        definition = pending.pop()
        found += [part.name for part in definition.components]
        pending += definition.components
    return found
