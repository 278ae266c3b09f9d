"""Where the installed SpiffWorkflow evaluates or executes text, by its syntax trees; and which of these
places a piece of work came to.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import SpiffWorkflow

ROOT = Path(SpiffWorkflow.__file__).parent

BUILTINS = {"eval", "exec", "compile", "__import__"}
"""Called by their bare name."""
OF_MODULES = {
    "ast": {"parse", "literal_eval"},
    "code": {"interact"},
    "importlib": {"import_module", "__import__", "reload"},
    "marshal": {"load", "loads"},
    "os": {"popen", "system", "execv", "execve", "execvp", "spawnl", "spawnv", "startfile"},
    "pickle": {"load", "loads", "Unpickler"},
    "runpy": {"run_module", "run_path"},
    "subprocess": {"Popen", "call", "check_call", "check_output", "getoutput", "run"},
}
"""Functions of the standard library that turn text or bytes into something that happens."""
OF_ENGINES = {"evaluate", "execute", "call_service", "validate"}
"""Methods of script engines and of their environments, whatever the object is called."""


@dataclass(frozen=True, slots=True)
class Site:
    """A call in the library's text, without its keyword arguments. Lines are not part of what it is: they
    move with every release.
    """

    module: str
    function: str
    call: str

    def __str__(self) -> str:
        return f"{self.module}.{self.function}: {self.call}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site's text stands."""

    file: str
    first: int
    last: int
    name: str


def scan(root: Path = ROOT) -> dict[Site, Place]:
    """Every place below a package that evaluates, executes, imports or unpickles what it is given."""
    found: dict[Site, Place] = {}
    for path in sorted(root.rglob("*.py")):
        module = ".".join(path.relative_to(root).with_suffix("").parts)
        for function, call in _calls(ast.parse(path.read_bytes()), ()):
            if _is_evaluation(call.func):
                name = call.func.id if isinstance(call.func, ast.Name) else _attribute(call.func)
                site = Site(module, function, ast.unparse(ast.Call(call.func, call.args, [])))
                found[site] = Place(str(path), call.lineno, call.end_lineno or call.lineno, name)
    return found


def _calls(node: ast.AST, around: tuple[str, ...]) -> Iterator[tuple[str, ast.Call]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        around = (*around, node.name)
    if isinstance(node, ast.Call):
        yield ".".join(around), node
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, around)


def _is_evaluation(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id in BUILTINS or called.id in set().union(*OF_MODULES.values()) - {"call", "run"}
    if not isinstance(called, ast.Attribute):
        return False
    owner = ast.unparse(called.value)
    if owner in OF_MODULES and called.attr in OF_MODULES[owner]:
        return True
    if owner == "builtins":
        return called.attr in BUILTINS
    # XML schemas are validated too: that is no text of ours.
    return called.attr in OF_ENGINES and not owner.endswith("validator")


def _attribute(called: ast.expr) -> str:
    assert isinstance(called, ast.Attribute)
    return called.attr


class Reached(set[Site]):
    """The sites that were called, not only passed, while they were watched."""


@contextmanager
def watched(sites: dict[Site, Place]) -> Iterator[Reached]:
    """Note which sites are called meanwhile: by the interpreter's own report of every call."""
    by_file: dict[str, list[tuple[Site, Place]]] = {}
    for site, place in sites.items():
        by_file.setdefault(place.file, []).append((site, place))
    reached = Reached()

    def report(frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call":
            caller, name = frame, getattr(argument, "__name__", "")
        elif event == "call" and frame.f_back is not None:
            caller, name = frame.f_back, frame.f_code.co_name
            if name == "__init__":
                name = type(frame.f_locals.get("self")).__name__
        else:
            return
        for site, place in by_file.get(caller.f_code.co_filename, ()):
            if place.first <= caller.f_lineno <= place.last and name == place.name:
                reached.add(site)

    before = sys.getprofile()
    sys.setprofile(report)
    try:
        yield reached
    finally:
        sys.setprofile(before)
