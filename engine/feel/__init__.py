"""FEEL, the one expression language of diagrams, tables and forms: a closed language without code (DMN
1.3 §10).

A leaf: it knows nothing of the rest of the engine. See docs/feel.md for what is supported and the limits.
"""

from .errors import FeelDataError, FeelError, FeelLimitError, FeelSyntaxError
from .expression import Expression, UnaryTests, compile_expression, compile_unary_tests, evaluate
from .values import Function, Range, YearsMonthsDuration

__all__ = [
    "Expression",
    "FeelDataError",
    "FeelError",
    "FeelLimitError",
    "FeelSyntaxError",
    "Function",
    "Range",
    "UnaryTests",
    "YearsMonthsDuration",
    "compile_expression",
    "compile_unary_tests",
    "evaluate",
]
