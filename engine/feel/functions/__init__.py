"""The built-in functions, a module for each family of DMN 1.3 §10.3.4."""

from . import contexts, conversions, lists, numbers, ranges, statistics, strings, temporal
from .registry import BUILTINS, Builtin

__all__ = ["BUILTINS", "Builtin"]

_FAMILIES = (contexts, conversions, lists, numbers, ranges, statistics, strings, temporal)
