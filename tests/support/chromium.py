"""A Chromium for the browser tests: PARLEY_CHROMIUM, else the system's, else npm's ``@sparticuz/chromium``.

Run as a script it installs what npm has to bring (axe-core always, Chromium's files for machines without one)
and unpacks it once into .venv/chromium; ``--check`` only asks whether that is needed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "tests" / "support" / "browser"
UNPACKED = ROOT / ".venv" / "chromium"
AXE = PACKAGES / "node_modules" / "axe-core" / "axe.min.js"
ARCHIVES = PACKAGES / "node_modules" / "@sparticuz" / "chromium" / "bin"

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
  <cachedir>{folder}/cache</cachedir>
</fontconfig>
"""

INFLATE = """
const { readFileSync, writeFileSync } = require('node:fs');
const { brotliDecompressSync } = require('node:zlib');
const [source, target] = process.argv.slice(1);
writeFileSync(target, brotliDecompressSync(readFileSync(source)));
"""

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def _front_end() -> ModuleType:
    """The build script of the front end, which knows where Node is and how npm installs from a lock."""
    spec = importlib.util.spec_from_file_location(
        "parley_front_end", ROOT / "webui" / "frontend" / "build.py"
    )
    if spec is None or spec.loader is None:
        raise RuntimeError("webui/frontend/build.py is missing.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def system_chromium() -> str | None:
    """The Chromium that this machine has of itself."""
    named = os.environ.get("PARLEY_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


def executable() -> tuple[Path, dict[str, str]]:
    """The browser to start, and what its environment needs on top of the present one."""
    found = system_chromium()
    if found:
        return Path(found), {}
    if not (UNPACKED / "chromium").exists():
        raise FileNotFoundError("No Chromium is installed for the tests: ./run test installs one.")
    libraries = [str(UNPACKED / "lib"), *filter(None, [os.environ.get("LD_LIBRARY_PATH")])]
    return UNPACKED / "chromium", {
        "LD_LIBRARY_PATH": os.pathsep.join(libraries),
        "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf"),
    }


def _lock() -> str:
    return hashlib.sha256((PACKAGES / "package-lock.json").read_bytes()).hexdigest()


def is_current() -> bool:
    """Whether the packages are those of the lock, and a Chromium is there."""
    stamp = PACKAGES / "node_modules" / ".parley-lock"
    if not stamp.exists() or stamp.read_text(encoding="ascii") != _lock():
        return False
    unpacked = UNPACKED / ".parley-lock"
    return bool(system_chromium()) or (unpacked.exists() and unpacked.read_text(encoding="ascii") == _lock())


def _unpack(node: str) -> None:
    """The browser, its libraries and fonts, made beside their place and moved there whole."""
    fresh = UNPACKED.with_name("chromium.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for archive in ("chromium.br", "al2023.tar.br", "fonts.tar.br", "swiftshader.tar.br"):
        inflated = fresh / archive.removesuffix(".br")
        subprocess.run([node, "-e", INFLATE, str(ARCHIVES / archive), str(inflated)], check=True)
        if inflated.suffix == ".tar":
            with tarfile.open(inflated) as bundle:
                # The first releases of Python 3.11 know no filters; the lock pins the archive anyway.
                if hasattr(tarfile, "data_filter"):
                    bundle.extraction_filter = tarfile.data_filter
                bundle.extractall(fresh)
            inflated.unlink()
    (fresh / "chromium").chmod(0o755)
    (fresh / "fonts.conf").write_text(FONTS.format(folder=UNPACKED / "fonts"), encoding="utf-8")
    (fresh / ".parley-lock").write_text(_lock(), encoding="ascii")
    shutil.rmtree(UNPACKED, ignore_errors=True)
    fresh.rename(UNPACKED)


def install() -> None:
    """Install what package-lock.json names and unpack the browser where the machine has none."""
    front_end = _front_end()
    stamp = PACKAGES / "node_modules" / ".parley-lock"
    if not stamp.exists() or stamp.read_text(encoding="ascii") != _lock():
        front_end.install(PACKAGES)
        stamp.write_text(_lock(), encoding="ascii")
    if not system_chromium():
        if (sys.platform, platform.machine()) != ("linux", "x86_64"):
            sys.exit("Install Chromium and name its program: PARLEY_CHROMIUM=/path/to/chromium ./run test")
        (node,), _ = front_end.find_node()
        _unpack(node)


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(0 if is_current() else 1)
    install()
