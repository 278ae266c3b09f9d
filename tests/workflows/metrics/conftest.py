"""The demonstration, as the tests of it made it."""

from __future__ import annotations

from tests.workflows.demo.conftest import demonstration, demonstration_folder

__all__ = ["demonstration", "demonstration_folder"]
