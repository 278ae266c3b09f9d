"""From text to syntax tree: precedence climbing over the lexer's tokens (DMN 1.3 §10.3.1.2, rules 1 to 66).

Operators of one precedence form one flat node, so only brackets and the like nest, and their depth is bounded.
"""

from __future__ import annotations

import decimal

from . import names as naming
from . import nodes as n
from .errors import FeelLimitError, FeelSyntaxError
from .lexer import Lexer, Token
from .limits import MAX_DEPTH, MAX_EXPONENT, MAX_TEXT
from .parse_types import TypeParser
from .surroundings import NOTHING, Surroundings
from .temporal import parse_at_literal
from .values import NUMBERS

_LOGIC_OR, _LOGIC_AND, _COMPARE, _ADD, _MULTIPLY, _POWER, _INSTANCE = range(1, 8)
_POWERS = {
    ("keyword", "or"): _LOGIC_OR,
    ("keyword", "and"): _LOGIC_AND,
    ("keyword", "between"): _COMPARE,
    ("keyword", "in"): _COMPARE,
    ("keyword", "instance of"): _INSTANCE,
    ("operator", "+"): _ADD,
    ("operator", "-"): _ADD,
    ("operator", "*"): _MULTIPLY,
    ("operator", "/"): _MULTIPLY,
    ("operator", "**"): _POWER,
} | {("operator", op): _COMPARE for op in ("=", "!=", "<", "<=", ">", ">=")}
_COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_STARTS_NOTHING = frozenset((")", "]", "}", ",", ".", "..", ":", "*", "**", "/", "+", "=", "!=", "<", ">", "<=", ">="))


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


class Parser(TypeParser):
    """The state of one parse: the current token, the depth, and every declared name met so far."""

    def __init__(self, text: str, surroundings: Surroundings) -> None:
        check_length(text)
        super().__init__(Lexer(text, surroundings.names), surroundings.types)
        self._depth = 0
        self._range_end = False
        self._seen = surroundings.names | surroundings.members

    # Levels

    def expression(self) -> n.Node:
        """A whole expression, one level deeper than the one around it."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FeelLimitError(
                f"The expression is nested more than {MAX_DEPTH} levels deep", self.lexer.text, self.token.start
            )
        outer, self._range_end = self._range_end, False
        node = self._operation(_LOGIC_OR)
        self._range_end = outer
        self._depth -= 1
        return node

    def tests(self) -> tuple[n.Node, ...]:
        """One or more unary tests, parted by commas."""
        found = [self._test()]
        while self.take("operator", ","):
            found.append(self._test())
        return tuple(found)

    def negated_tests(self) -> n.Tests | None:
        """`not(tests)` as a whole text; None where the text goes on after the bracket or is something else."""
        pos = self.token.start
        self.advance()
        if not self.take("operator", "("):
            return None
        tests = self.tests()
        if not self.take("operator", ")") or not self.at("end"):
            return None
        return n.Tests(pos, tests, True)

    def _test(self) -> n.Node:
        if self.token.kind == "operator" and self.token.text in _COMPARISONS:
            return self._open_range()
        return self.expression()

    def _open_range(self) -> n.OpenRange:
        token = self.advance()
        return n.OpenRange(token.start, token.text, self._operation(_ADD))

    def _operation(self, floor: int) -> n.Node:
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
            operands.append(self._operation(power + 1))
        return n.Logic(left.pos, power == _LOGIC_AND, tuple(operands))

    def _arithmetic(self, left: n.Node, power: int) -> n.Node:
        rest = []
        while _POWERS.get((self.token.kind, self.token.text)) == power:
            op = self.advance().text
            rest.append((op, self._operation(power + 1)))
        return n.Arithmetic(left.pos, left, tuple(rest))

    def _comparison(self, left: n.Node) -> n.Node:
        token = self.advance()
        if token.text == "between":
            low = self._operation(_ADD)
            self.expect("keyword", "and")
            return n.Between(left.pos, left, low, self._operation(_ADD))
        if token.text == "in":
            return n.In(left.pos, left, self._in_tests())
        return n.Compare(left.pos, token.text, left, self._operation(_ADD))

    def _in_tests(self) -> tuple[n.Node, ...]:
        if self.token.kind == "operator" and self.token.text in _COMPARISONS:
            return (self._open_range(),)
        if not self.at("operator", "("):
            return (self._operation(_ADD),)
        start = self.token
        self.advance()
        tests = self.tests()
        if len(tests) == 1 and self.at("operator", ".."):
            return (self._postfix(self._range(start, tests[0], included=False)),)
        self.expect("operator", ")")
        if len(tests) == 1:
            return (self._postfix(tests[0]),)
        return tests

    # Operands

    def _prefix(self) -> n.Node:
        if self.at("operator", "-"):
            token = self.advance()
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise FeelLimitError(f"More than {MAX_DEPTH} signs follow each other", self.lexer.text, token.start)
            operand = self._prefix()
            self._depth -= 1
            return n.Negate(token.start, operand)
        return self._postfix(self._primary())

    def _postfix(self, node: n.Node) -> n.Node:
        for _ in range(MAX_DEPTH):
            if self.at("operator", "."):
                node = self._path(node)
            elif self.at("operator", "("):
                node = self._call(node)
            elif self.at("operator", "[") and not (self._range_end and self._closes_range()):
                node = self._filter(node)
            else:
                return node
        raise FeelLimitError(
            f"More than {MAX_DEPTH} paths, filters or calls follow each other", self.lexer.text, self.token.start
        )

    def _filter(self, base: n.Node) -> n.Node:
        scope = self.lexer.scope
        self.lexer.declare(scope | self._seen)  # an element's entries are in scope
        self.advance()
        condition = self.expression()
        self.lexer.declare(scope)
        self.expect("operator", "]")
        return n.Filter(base.pos, base, condition)

    def _path(self, base: n.Node) -> n.Node:
        scope = self.lexer.scope
        self.lexer.declare(scope | self._seen)
        token = self.lexer.token(self.token.end)
        self.lexer.declare(scope)
        if token.kind not in ("name", "keyword"):
            raise FeelSyntaxError("A name must follow the dot", self.lexer.text, token.start)
        self.move(token.end)
        return n.Path(base.pos, base, token.text)

    def _closes_range(self) -> bool:
        """Whether the `[` at hand ends a range such as `[1..5[`: nothing that could be a filter follows it."""
        after = self.lexer.token(self.token.end)
        return after.kind in ("end", "keyword") or (after.kind == "operator" and after.text in _STARTS_NOTHING)

    def _call(self, function: n.Node) -> n.Node:
        names: list[str] = []
        arguments: list[n.Node] = []
        pos = self.token.end
        self.advance()
        while not self.at("operator", ")"):
            key = self.lexer.key(pos)
            if key and (names or not arguments):
                if key.text in names:
                    raise FeelSyntaxError(f"The argument “{key.text}” is given twice", self.lexer.text, key.start)
                names.append(key.text)
                self.move(key.end)
            elif names:
                raise FeelSyntaxError("Either all arguments are named or none", self.lexer.text, self.token.start)
            arguments.append(self.expression())
            pos = self.token.end
            if not self.take("operator", ","):
                break
            if self.at("operator", ")"):
                raise FeelSyntaxError("An argument must follow the comma", self.lexer.text, self.token.start)
        self.expect("operator", ")")
        return n.Call(function.pos, function, tuple(arguments), tuple(names) if names else None)

    def _primary(self) -> n.Node:
        token = self.token
        if token.kind == "operator":
            return self._bracketed(token)
        if token.kind == "keyword":
            return self._keyword(token)
        if token.kind == "end":
            raise FeelSyntaxError("The expression ends where a value should follow", self.lexer.text, token.start)
        self.advance()
        if token.kind == "name":
            return n.Name(token.start, token.text)
        if token.kind == "string":
            return n.Literal(token.start, token.text)
        return self._number(token)

    def _number(self, token: Token) -> n.Node:
        try:
            return n.Literal(token.start, NUMBERS.create_decimal(token.text))
        except (decimal.Overflow, decimal.InvalidOperation) as error:
            raise FeelLimitError(
                f"A number has more than {MAX_EXPONENT:,} digits", self.lexer.text, token.start
            ) from error

    def _bracketed(self, token: Token) -> n.Node:
        self.advance()
        if token.text == "(":
            if self.token.kind == "operator" and self.token.text in _COMPARISONS:
                node: n.Node = self._open_range()
            else:
                node = self.expression()
                if self.at("operator", ".."):
                    return self._range(token, node, included=False)
            self.expect("operator", ")")
            return node
        if token.text == "[":
            return self._list(token)
        if token.text == "]":
            return self._range(token, self.expression(), included=False)
        if token.text == "{":
            return self._context(token)
        if token.text == "@" and self.token.kind == "string":
            literal = self.advance()
            value = parse_at_literal(literal.text)
            return n.Literal(token.start, value)
        raise FeelSyntaxError(f"A value should stand here, not “{token.text}”", self.lexer.text, token.start)

    def _range(self, opened: Token, low: n.Node, *, included: bool) -> n.Node:
        self.expect("operator", "..")
        outer, self._range_end = self._range_end, True
        high = self._operation(_ADD)
        self._range_end = outer
        closing = self.advance()
        if closing.kind != "operator" or closing.text not in ("]", ")", "["):
            raise FeelSyntaxError("A range must end with a bracket", self.lexer.text, closing.start)
        return n.RangeOf(opened.start, low, high, included, closing.text == "]")

    def _list(self, opened: Token) -> n.Node:
        items: list[n.Node] = []
        while not self.at("operator", "]"):
            items.append(self._test())
            if len(items) == 1 and self.at("operator", ".."):
                return self._range(opened, items[0], included=True)
            if not self.take("operator", ","):
                break
            if self.at("operator", "]"):
                raise FeelSyntaxError("An element must follow the comma", self.lexer.text, self.token.start)
        self.expect("operator", "]")
        return n.ListOf(opened.start, tuple(items))

    def _context(self, opened: Token) -> n.Node:
        scope = self.lexer.scope
        entries: list[tuple[str, n.Node]] = []
        pos = opened.end
        while not self.at("operator", "}"):
            key = self.lexer.key(pos)
            if key is None:
                raise FeelSyntaxError("An entry's name and a colon should stand here", self.lexer.text, self.token.start)
            self.move(key.end)
            entries.append((key.text, self.expression()))
            self._declare(key.text)
            pos = self.token.end
            if not self.at("operator", ","):
                break
            self.advance()
        if not self.at("operator", "}"):
            self.expect("operator", "}")
        self.lexer.declare(scope)
        self.advance()
        return n.ContextOf(opened.start, tuple(entries))

    def _declare(self, name: str) -> None:
        if naming.needs_declaring(name):
            self.lexer.declare(self.lexer.scope | {name})
            self._seen |= {name}

    # Keywords

    def _keyword(self, token: Token) -> n.Node:
        self.advance()
        match token.text:
            case "true" | "false":
                return n.Literal(token.start, token.text == "true")
            case "null":
                return n.Literal(token.start, None)
            case "if":
                return self._if(token)
            case "for":
                iterations = self._iterations()
                self.expect("keyword", "return")
                return n.For(token.start, iterations, self.expression())
            case "some" | "every":
                iterations = self._iterations()
                self.expect("keyword", "satisfies")
                return n.Quantified(token.start, token.text == "every", iterations, self.expression())
            case "function":
                return self._function(token)
        raise FeelSyntaxError(f"A value should stand here, not “{token.text}”", self.lexer.text, token.start)

    def _if(self, token: Token) -> n.Node:
        branches = []
        while True:
            condition = self.expression()
            self.expect("keyword", "then")
            branches.append((condition, self.expression()))
            self.expect("keyword", "else")
            if not self.take("keyword", "if"):
                return n.If(token.start, tuple(branches), self.expression())

    def _iterations(self) -> tuple[n.Iteration, ...]:
        found = []
        while True:
            name = self.expect("name")
            self.expect("keyword", "in")
            domain = self.expression()
            end = self.expression() if self.take("operator", "..") else None
            found.append(n.Iteration(name.start, name.text, domain, end))
            if not self.take("operator", ","):
                return tuple(found)

    def _function(self, token: Token) -> n.Node:
        scope = self.lexer.scope
        parameters = self.parameters()
        for name, _ in parameters:
            self._declare(name)
        self.move(self.token.start)
        external = self.take("name", "external")
        body = self.expression()
        self.lexer.declare(scope)
        self.move(self.token.start)
        return n.FunctionOf(token.start, parameters, body, external)
