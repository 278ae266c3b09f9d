"""A condition in words, for people who read a policy on paper: `decide.decision = "accept"` as
"Decision (“Decide on risk”) is “Accept”". What has no words is left to the expression itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.feel import FeelError, compile_expression
from engine.feel import nodes as n
from engine.feel.formatting import literal_of
from workflows.studio.spoken import duration

_COMPARED = {
    "=": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
_ROUNDS = "_rounds"
_ONE_DAY = "1 day"


class _NoWordsError(Exception):
    """A part of an expression that is only said by itself."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of a policy's steps and of what their forms ask."""

    steps: Mapping[str, str]
    """Element id to its name."""
    questions: Mapping[tuple[str, str], str]
    """Element id and the key of a field of its form to the field's label; under an empty id, a form's own."""
    answers: Mapping[tuple[str, str, str], str]
    """Element id, key and value to the words of the value."""


def in_words(text: str, vocabulary: Vocabulary) -> str:
    """The condition in words; empty where it has none but its own."""
    try:
        return _said(compile_expression(text).tree, vocabulary)
    except (FeelError, _NoWordsError):
        return ""


def value_in_words(text: str, vocabulary: Vocabulary) -> str:
    """A value in words: "2 days times decision days (“Route”)"; empty where it has none but its own."""
    try:
        return _given(compile_expression(text).tree, vocabulary)
    except (FeelError, _NoWordsError):
        return ""


def _given(node: n.Node, vocabulary: Vocabulary) -> str:
    if isinstance(node, n.Arithmetic) and all(operator == "*" for operator, _ in node.rest):
        parts = [node.first, *(operand for _, operand in node.rest)]
        words = [_given(each, vocabulary) for each in parts]
        if len(words) == 2 and _ONE_DAY in words:
            words.remove(_ONE_DAY)
            return f"as many days as {words[0]} says"
        return " times ".join(words)
    if isinstance(node, n.If) and len(node.branches) == 1:
        [(condition, value)] = node.branches
        otherwise = _given(node.otherwise, vocabulary)
        return f"{_given(value, vocabulary)} where {_said(condition, vocabulary)}, else {otherwise}"
    if isinstance(node, n.Call) and _function(node) == "duration" and len(node.arguments) == 1:
        [length] = node.arguments
        if isinstance(length, n.Literal) and isinstance(length.value, str):
            return duration(length.value)
    return _subject(node, vocabulary)


def _said(node: n.Node, vocabulary: Vocabulary) -> str:
    if isinstance(node, n.Logic):
        parts = [
            f"({_said(each, vocabulary)})" if isinstance(each, n.Logic) else _said(each, vocabulary)
            for each in node.operands
        ]
        return (" and " if node.conjunction else " or ").join(parts)
    if isinstance(node, n.Compare):
        return _compared(node, vocabulary)
    if isinstance(node, n.Call) and _function(node) == "not" and len(node.arguments) == 1:
        inner = node.arguments[0]
        if isinstance(inner, n.Path | n.Name):
            return f"{_subject(inner, vocabulary)} is no"
        return f"it does not hold that {_said(inner, vocabulary)}"
    if isinstance(node, n.Path | n.Name):
        return f"{_subject(node, vocabulary)} is yes"
    raise _NoWordsError


def _compared(node: n.Compare, vocabulary: Vocabulary) -> str:
    left, right = node.left, node.right
    if isinstance(right, n.Literal) and right.value is None and node.op in ("=", "!="):
        if isinstance(left, n.Name) and ("", left.name) not in vocabulary.questions:
            reached = "was not reached" if node.op == "=" else "was reached"
            return f"“{_step(left.name, vocabulary)}” {reached}"
        return f"{_subject(left, vocabulary)} {'is open' if node.op == '=' else 'is given'}"
    return f"{_subject(left, vocabulary)} {_COMPARED[node.op]} {_value(left, right, vocabulary)}"


def _value(left: n.Node, right: n.Node, vocabulary: Vocabulary) -> str:
    if not isinstance(right, n.Literal):
        return _subject(right, vocabulary)
    if isinstance(right.value, bool):
        return "yes" if right.value else "no"
    if isinstance(right.value, str):
        known = vocabulary.answers.get((*_place(left), right.value))
        return f"“{known or right.value.replace('_', ' ')}”"
    return literal_of(right.value)


def _subject(node: n.Node, vocabulary: Vocabulary) -> str:
    if isinstance(node, n.Call) and _function(node) == "count" and len(node.arguments) == 1:
        [counted] = node.arguments
        if isinstance(counted, n.Name) and counted.name.endswith(_ROUNDS):
            return f"the number of answers at “{_step(counted.name.removesuffix(_ROUNDS), vocabulary)}”"
        raise _NoWordsError
    if isinstance(node, n.Name) and ("", node.name) in vocabulary.questions:
        return f"“{vocabulary.questions[('', node.name)].rstrip('?.:')}”"
    if isinstance(node, n.Path):
        step, key = _place(node)
        label = vocabulary.questions.get((step, key)) or key.replace("_", " ")
        return f"{label.rstrip('?.:')} (“{_step(step, vocabulary)}”)"
    raise _NoWordsError


def _place(node: n.Node) -> tuple[str, str]:
    """The step that gave a value, the innermost of called policies, and the value's key."""
    if isinstance(node, n.Name):
        return "", node.name
    if not isinstance(node, n.Path):
        raise _NoWordsError
    if isinstance(node.base, n.Name):
        return node.base.name, node.name
    if isinstance(node.base, n.Path):
        return node.base.name, node.name
    raise _NoWordsError


def _step(key: str, vocabulary: Vocabulary) -> str:
    return vocabulary.steps.get(key) or key.replace("_", " ")


def _function(node: n.Call) -> str:
    return node.function.name if isinstance(node.function, n.Name) else ""
