"""Decision models (DMN 1.1 to 1.6): reading them, making decisions, and checking tables without running
them.
"""

from .analysis import Gap, Overlap, gaps, overlaps, unchecked
from .check import Problem, check
from .errors import (
    DmnError,
    DmnEvaluationError,
    DmnLimitError,
    DmnNotFoundError,
    DmnParseError,
)
from .explanation import Decision, Explanation, MatchedRule, TableExplanation
from .graph import decide, find
from .model import DecisionTable, Model
from .parse import link, parse

__all__ = [
    "Decision",
    "DecisionTable",
    "DmnError",
    "DmnEvaluationError",
    "DmnLimitError",
    "DmnNotFoundError",
    "DmnParseError",
    "Explanation",
    "Gap",
    "MatchedRule",
    "Model",
    "Overlap",
    "Problem",
    "TableExplanation",
    "check",
    "decide",
    "find",
    "gaps",
    "link",
    "overlaps",
    "parse",
    "unchecked",
]
