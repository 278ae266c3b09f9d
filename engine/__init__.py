"""Runs versioned BPMN diagrams for people, durably and on the record. Knows nothing of risks.

This module is the engine's face: `Engine` is loaded when it is first asked for, so that the leaves
`engine.feel` and `engine.dmn`, which others use by themselves, do not bring SpiffWorkflow along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.facade import Engine

__all__ = ["Engine"]


def __getattr__(name: str) -> Any:
    """Load the façade on first use."""
    if name == "Engine":
        from engine.facade import Engine

        return Engine
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
