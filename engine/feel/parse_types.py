"""The parser's footing (the current token) and the part that reads types and parameter lists."""

from __future__ import annotations

import re

from . import names as naming
from . import types
from .errors import FeelLimitError, FeelSyntaxError
from .lexer import Kind, Lexer, Token
from .limits import MAX_DEPTH
from .surroundings import TypeTable
from .types import FeelType

_PARAMETER = re.compile(rf"[{naming.START}][{naming.PART}\s{re.escape(naming.SYMBOLS)}]*")


class TokenReader:
    """The current token of a text and the few ways of moving on from it."""

    def __init__(self, lexer: Lexer) -> None:
        self.lexer = lexer
        self.token = lexer.token(0)

    def at(self, kind: Kind, text: str | None = None) -> bool:
        """Whether the current token is of `kind` (and reads `text`)."""
        return self.token.kind == kind and (text is None or self.token.text == text)

    def advance(self) -> Token:
        """Go on to the next token; returns the one left behind."""
        token = self.token
        self.token = self.lexer.token(token.end)
        return token

    def move(self, pos: int) -> None:
        """Make the token at or after `pos` the current one, read in the names in scope now."""
        self.token = self.lexer.token(pos)

    def take(self, kind: Kind, text: str) -> bool:
        """Go past the current token if it is this one; whether it was."""
        if self.token.kind == kind and self.token.text == text:
            self.advance()
            return True
        return False

    def expect(self, kind: Kind, text: str | None = None) -> Token:
        """Go past the current token, which must be this one; raises FeelSyntaxError where it is not."""
        if self.at(kind, text):
            return self.advance()
        wanted = f"“{text}”" if text else f"a {kind}"
        found = f"not “{self.token.text}”" if self.token.kind != "end" else "but the expression ends"
        raise FeelSyntaxError(f"{wanted} should stand here, {found}", self.lexer.text, self.token.start)

    def end(self) -> None:
        """Raise FeelSyntaxError unless the text ends here."""
        if not self.at("end"):
            raise FeelSyntaxError(
                f"“{self.token.text}” does not belong here: the expression before it is complete",
                self.lexer.text,
                self.token.start,
            )


class TypeParser(TokenReader):
    """Reads types as `instance of` and function definitions name them; `known` are a model's own."""

    def __init__(self, lexer: Lexer, known: TypeTable | None) -> None:
        super().__init__(lexer)
        self._types = known

    def type(self, depth: int = 0) -> FeelType:
        """A type at the current token."""
        if depth > MAX_DEPTH:
            raise FeelLimitError("A type is nested too deep", self.lexer.text, self.token.start)
        if self.take("keyword", "function"):
            return self._function_type(depth)
        self.token = self.lexer.type_name(self.token.start)
        name = self.expect("name").text
        while self.at("operator", "."):
            self.advance()
            name += "." + self.expect("name").text
        if name in ("list", "range") and self.take("operator", "<"):
            element = self.type(depth + 1)
            self.expect("operator", ">")
            return FeelType(name, element=element)
        if name == "context" and self.take("operator", "<"):
            return FeelType(name, fields=self._fields(depth))
        own = self._types.get(name) if self._types else None
        return types.SIMPLE.get(name) or own or FeelType(name)

    def parameters(self) -> tuple[tuple[str, FeelType | None], ...]:
        """`(name: type, name, …)` of a function definition."""
        found: list[tuple[str, FeelType | None]] = []
        pos = self.token.end
        self.expect("operator", "(")
        while not self.at("operator", ")"):
            start = self.lexer.skip(pos)
            match = _PARAMETER.match(self.lexer.text, start)
            if not match:
                raise FeelSyntaxError("A parameter's name should stand here", self.lexer.text, start)
            self.move(match.end())
            kind = self.type() if self.take("operator", ":") else None
            found.append((naming.plain(match[0]), kind))
            pos = self.token.end
            if not self.take("operator", ","):
                break
        self.expect("operator", ")")
        return tuple(found)

    def _fields(self, depth: int) -> tuple[tuple[str, FeelType], ...]:
        fields = []
        while True:
            key = self.lexer.key(self.token.start)
            if key is None:
                raise FeelSyntaxError(
                    "An entry's name and a colon should stand here", self.lexer.text, self.token.start
                )
            self.move(key.end)
            fields.append((key.text, self.type(depth + 1)))
            if not self.take("operator", ","):
                self.expect("operator", ">")
                return tuple(fields)

    def _function_type(self, depth: int) -> FeelType:
        self.expect("operator", "<")
        parameters: list[FeelType] = []
        while not self.at("operator", ">"):
            parameters.append(self.type(depth + 1))
            if not self.take("operator", ","):
                break
        self.expect("operator", ">")
        self.expect("operator", "->")
        return FeelType("function", parameters=tuple(parameters), result=self.type(depth + 1))
