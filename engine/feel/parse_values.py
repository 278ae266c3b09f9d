"""The part of the parser that reads values and whatever else brackets and keywords begin."""

from __future__ import annotations

import decimal
from abc import ABC, abstractmethod

from . import names as naming
from . import nodes as n
from .errors import FeelLimitError, FeelSyntaxError
from .lexer import Lexer, Token
from .limits import MAX_EXPONENT
from .parse_types import TypeParser
from .surroundings import Surroundings
from .temporal import parse_at_literal
from .values import NUMBERS

COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
ADD = 4
"""The precedence of addition: what the operand of a comparison may be."""


class ValueParser(TypeParser, ABC):
    """Reads literals, names, brackets and keywords; the parser proper reads the operators between them."""

    def __init__(self, text: str, surroundings: Surroundings) -> None:
        super().__init__(Lexer(text, surroundings.names), surroundings.types)
        self.range_end = False
        self.seen = surroundings.names | surroundings.members

    @abstractmethod
    def expression(self) -> n.Node:
        """A whole expression, one level deeper than the one around it."""

    @abstractmethod
    def operation(self, floor: int) -> n.Node:
        """An operand, with the operators of at least the precedence `floor` that follow it."""

    @abstractmethod
    def test(self) -> n.Node:
        """A unary test."""

    @abstractmethod
    def open_range(self) -> n.OpenRange:
        """A comparison without a left side."""

    def primary(self) -> n.Node:
        """A literal, a name, or what a bracket or a keyword begins."""
        token = self.token
        if token.kind == "operator":
            return self._bracketed(token)
        if token.kind == "keyword":
            return self._keyword(token)
        if token.kind == "end":
            raise FeelSyntaxError(
                "The expression ends where a value should follow", self.lexer.text, token.start
            )
        self.advance()
        if token.kind == "name":
            if token.text == "not" and self.token.kind in ("name", "keyword", "number", "string"):
                raise FeelSyntaxError("“not” needs brackets: not(…)", self.lexer.text, token.start)
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
            if self.token.kind == "operator" and self.token.text in COMPARISONS:
                node: n.Node = self.open_range()
            else:
                node = self.expression()
                if self.at("operator", ".."):
                    return self.range(token, node, included=False)
            self.expect("operator", ")")
            return node
        if token.text == "[":
            return self._list(token)
        if token.text == "]":
            return self.range(token, self.expression(), included=False)
        if token.text == "{":
            return self._context(token)
        if token.text == "@" and self.token.kind == "string":
            literal = self.advance()
            value = parse_at_literal(literal.text)
            return n.Literal(token.start, value)
        raise FeelSyntaxError(f"A value should stand here, not “{token.text}”", self.lexer.text, token.start)

    def range(self, opened: Token, low: n.Node, *, included: bool) -> n.Node:
        """The rest of a range after its lower end."""
        self.expect("operator", "..")
        outer, self.range_end = self.range_end, True
        high = self.operation(ADD)
        self.range_end = outer
        closing = self.advance()
        if closing.kind != "operator" or closing.text not in ("]", ")", "["):
            raise FeelSyntaxError("A range must end with a bracket", self.lexer.text, closing.start)
        return n.RangeOf(opened.start, low, high, included, closing.text == "]")

    def _list(self, opened: Token) -> n.Node:
        items: list[n.Node] = []
        while not self.at("operator", "]"):
            items.append(self.test())
            if len(items) == 1 and self.at("operator", ".."):
                return self.range(opened, items[0], included=True)
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
                raise FeelSyntaxError(
                    "An entry's name and a colon should stand here", self.lexer.text, self.token.start
                )
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
            self.seen |= {name}

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
