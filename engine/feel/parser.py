"""From text to syntax tree: precedence climbing over the lexer's tokens (DMN 1.3 §10.3.1.2, rules 1 to 66).

Operators of one precedence form one flat node, so only brackets and the like nest, and their depth is
bounded.
"""

from __future__ import annotations

from . import nodes as n
from .errors import FeelLimitError, FeelSyntaxError
from .limits import MAX_DEPTH, MAX_TEXT
from .parse_values import ADD, COMPARISONS, ValueParser
from .surroundings import NOTHING, Surroundings

_LOGIC_OR, _LOGIC_AND, _COMPARE = range(1, ADD)
_MULTIPLY, _POWER, _INSTANCE = range(ADD + 1, ADD + 4)
_POWERS = {
    ("keyword", "or"): _LOGIC_OR,
    ("keyword", "and"): _LOGIC_AND,
    ("keyword", "between"): _COMPARE,
    ("keyword", "in"): _COMPARE,
    ("keyword", "instance of"): _INSTANCE,
    ("operator", "+"): ADD,
    ("operator", "-"): ADD,
    ("operator", "*"): _MULTIPLY,
    ("operator", "/"): _MULTIPLY,
    ("operator", "**"): _POWER,
} | {("operator", op): _COMPARE for op in COMPARISONS}
_STARTS_NOTHING = frozenset(
    (")", "]", "}", ",", ".", "..", ":", "*", "**", "/", "+", "=", "!=", "<", ">", "<=", ">=")
)


def check_length(text: str) -> None:
    """Raise FeelLimitError where the text is longer than an expression may be."""
    if len(text) > MAX_TEXT:
        raise FeelLimitError(f"The expression has {len(text):,} characters; the limit is {MAX_TEXT:,}")


def parse_expression(text: str, surroundings: Surroundings = NOTHING) -> n.Node:
    """The tree of one expression. Raises FeelSyntaxError and FeelLimitError."""
    parser = Parser(text, surroundings)
    node = parser.expression()
    parser.end()
    return node


def parse_unary_tests(text: str, surroundings: Surroundings = NOTHING) -> n.Tests:
    """The tree of unary tests: `-` or nothing (always true), `test, …`, or `not(test, …)`.

    Raises FeelSyntaxError and FeelLimitError.
    """
    parser = Parser(text, surroundings)
    if parser.at("end"):
        return n.Tests(0, (), False)
    if parser.at("operator", "-") and parser.lexer.token(parser.token.end).kind == "end":
        return n.Tests(0, (), False)
    if parser.at("name", "not"):
        negated = parser.negated_tests()
        if negated is not None:
            return negated
        parser = Parser(text, surroundings)
    tests = parser.tests()
    parser.end()
    return n.Tests(0, tests, False)


class Parser(ValueParser):
    """The state of one parse: the current token, the depth, and every declared name met so far."""

    def __init__(self, text: str, surroundings: Surroundings) -> None:
        check_length(text)
        super().__init__(text, surroundings)
        self.depth = 0

    # Levels

    def expression(self) -> n.Node:
        """A whole expression, one level deeper than the one around it."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FeelLimitError(
                f"The expression is nested more than {MAX_DEPTH} levels deep",
                self.lexer.text,
                self.token.start,
            )
        outer, self.range_end = self.range_end, False
        node = self.operation(_LOGIC_OR)
        self.range_end = outer
        self.depth -= 1
        return node

    def tests(self) -> tuple[n.Node, ...]:
        """One or more unary tests, parted by commas."""
        found = [self.test()]
        while self.take("operator", ","):
            found.append(self.test())
        return tuple(found)

    def negated_tests(self) -> n.Tests | None:
        """`not(tests)` as a whole text; None where the text goes on after the bracket or is something
        else.
        """
        pos = self.token.start
        self.advance()
        if not self.take("operator", "("):
            return None
        tests = self.tests()
        if not self.take("operator", ")") or not self.at("end"):
            return None
        return n.Tests(pos, tests, True)

    def test(self) -> n.Node:
        """A unary test: a comparison without a left side, or an expression."""
        if self.token.kind == "operator" and self.token.text in COMPARISONS:
            return self.open_range()
        return self.expression()

    def open_range(self) -> n.OpenRange:
        """A comparison without a left side."""
        token = self.advance()
        return n.OpenRange(token.start, token.text, self.operation(ADD))

    def operation(self, floor: int) -> n.Node:
        """An operand, with the operators of at least the precedence `floor` that follow it."""
        left = self._prefix()
        length = 0
        while (power := _POWERS.get((self.token.kind, self.token.text), 0)) >= floor and power:
            if power in (_LOGIC_OR, _LOGIC_AND):
                left = self._logic(left, power)
            elif power == _COMPARE:
                left = self._comparison(left)
            elif power == _INSTANCE:
                self.advance()
                left = n.InstanceOf(left.pos, left, self.type())
            else:
                left = self._arithmetic(left, power)
            length += 1
            if length > MAX_DEPTH:
                raise FeelLimitError(
                    f"More than {MAX_DEPTH} comparisons follow each other", self.lexer.text, self.token.start
                )
        return left

    def _logic(self, left: n.Node, power: int) -> n.Node:
        operands = [left]
        word = self.token.text
        while self.take("keyword", word):
            operands.append(self.operation(power + 1))
        return n.Logic(left.pos, power == _LOGIC_AND, tuple(operands))

    def _arithmetic(self, left: n.Node, power: int) -> n.Node:
        rest = []
        while _POWERS.get((self.token.kind, self.token.text)) == power:
            op = self.advance().text
            rest.append((op, self.operation(power + 1)))
        return n.Arithmetic(left.pos, left, tuple(rest))

    def _comparison(self, left: n.Node) -> n.Node:
        token = self.advance()
        if token.text == "between":
            low = self.operation(ADD)
            self.expect("keyword", "and")
            return n.Between(left.pos, left, low, self.operation(ADD))
        if token.text == "in":
            return n.In(left.pos, left, self._in_tests())
        return n.Compare(left.pos, token.text, left, self.operation(ADD))

    def _in_tests(self) -> tuple[n.Node, ...]:
        if self.token.kind == "operator" and self.token.text in COMPARISONS:
            return (self.open_range(),)
        if not self.at("operator", "("):
            return (self.operation(ADD),)
        start = self.token
        self.advance()
        tests = self.tests()
        if len(tests) == 1 and self.at("operator", ".."):
            return (self._postfix(self.range(start, tests[0], included=False)),)
        self.expect("operator", ")")
        if len(tests) == 1:
            return (self._postfix(tests[0]),)
        return tests

    # Operands

    def _prefix(self) -> n.Node:
        if self.at("operator", "-"):
            token = self.advance()
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise FeelLimitError(
                    f"More than {MAX_DEPTH} signs follow each other", self.lexer.text, token.start
                )
            operand = self._prefix()
            self.depth -= 1
            return n.Negate(token.start, operand)
        return self._postfix(self.primary())

    def _postfix(self, node: n.Node) -> n.Node:
        for _ in range(MAX_DEPTH):
            if self.at("operator", "."):
                node = self._path(node)
            elif self.at("operator", "("):
                node = self._call(node)
            elif self.at("operator", "[") and not (self.range_end and self._closes_range()):
                node = self._filter(node)
            else:
                return node
        raise FeelLimitError(
            f"More than {MAX_DEPTH} paths, filters or calls follow each other",
            self.lexer.text,
            self.token.start,
        )

    def _filter(self, base: n.Node) -> n.Node:
        scope = self.lexer.scope
        self.lexer.declare(scope | self.seen)  # an element's entries are in scope
        self.advance()
        condition = self.expression()
        self.lexer.declare(scope)
        self.expect("operator", "]")
        return n.Filter(base.pos, base, condition)

    def _path(self, base: n.Node) -> n.Node:
        scope = self.lexer.scope
        self.lexer.declare(scope | self.seen)
        token = self.lexer.token(self.token.end)
        self.lexer.declare(scope)
        if token.kind not in ("name", "keyword"):
            raise FeelSyntaxError("A name must follow the dot", self.lexer.text, token.start)
        self.move(token.end)
        return n.Path(base.pos, base, token.text)

    def _closes_range(self) -> bool:
        """Whether the `[` at hand ends a range such as `[1..5[`: nothing that could be a filter follows
        it.
        """
        after = self.lexer.token(self.token.end)
        return after.kind in ("end", "keyword") or (
            after.kind == "operator" and after.text in _STARTS_NOTHING
        )

    def _call(self, function: n.Node) -> n.Node:
        names: list[str] = []
        arguments: list[n.Node] = []
        pos = self.token.end
        self.advance()
        while not self.at("operator", ")"):
            key = self.lexer.key(pos)
            if key and (names or not arguments):
                if key.text in names:
                    raise FeelSyntaxError(
                        f"The argument “{key.text}” is given twice", self.lexer.text, key.start
                    )
                names.append(key.text)
                self.move(key.end)
            elif names:
                raise FeelSyntaxError(
                    "Either all arguments are named or none", self.lexer.text, self.token.start
                )
            arguments.append(self.expression())
            pos = self.token.end
            if not self.take("operator", ","):
                break
            if self.at("operator", ")"):
                raise FeelSyntaxError("An argument must follow the comma", self.lexer.text, self.token.start)
        self.expect("operator", ")")
        return n.Call(function.pos, function, tuple(arguments), tuple(names) if names else None)
