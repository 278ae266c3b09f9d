"""How the web layer is set up: what is secret, which hosts are answered, how long a sign-in lasts."""

from __future__ import annotations

import ipaddress
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
"""What a Host header may say where the server is bound to the loopback address."""

SECRET_VARIABLE = "PARLEY_SECRET_KEY"  # noqa: S105 - the variable's name, not its value
LARGEST_BODY = 1024 * 1024
"""Bytes a request may carry: the largest form is a few kilobytes."""
LARGEST_UPLOAD = 11 * 1024 * 1024
"""Bytes that the upload of a register may carry."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Settings of one web process.

    `bound_to_loopback` says that nobody from another machine can reach the server; only then may a
    demonstration's people be signed in as without a password, and only then may a cookie travel without TLS.
    """

    secret_key: str
    bound_to_loopback: bool = False
    trusted_hosts: tuple[str, ...] = LOOPBACK_NAMES
    behind_proxy: bool = False
    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=10)

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies are sent over TLS alone."""
        return not self.bound_to_loopback


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address means this very machine."""
    if not host:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_secret(folder: Path) -> str:
    """The key that signs sessions: from the environment, else from a file only its owner may read.

    The file is made on first use. Raises OSError where the folder can be neither read nor written.
    """
    given = os.environ.get(SECRET_VARIABLE)
    if given:
        return given
    place = folder / "secret-key"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return place.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_hex(32)
        file.write(key)
    return key
