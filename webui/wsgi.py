"""The application for WSGI servers with processes of their own, set up by the environment alone.

    PARLEY_DATABASE=postgresql+psycopg://parley@db/parley PARLEY_ALLOWED_HOSTS=parley.example.org \\
    PARLEY_SECRET_KEY=… gunicorn --workers 4 --threads 8 'webui.wsgi:application()'

Each process opens the database for itself, so servers must not load the application before they fork.
"""

from __future__ import annotations

import os

from flask import Flask

from webui import create_app
from webui.settings import SECRET_VARIABLE, WebSettings
from workflows.bootstrap import Settings, open_parley
from workflows.errors import NotInstalled

DATABASE_VARIABLE = "PARLEY_DATABASE"
HOSTS_VARIABLE = "PARLEY_ALLOWED_HOSTS"
POOL_VARIABLE = "PARLEY_POOL_SIZE"
"""Database connections kept open per process: one for each of the server's threads."""
POOL_SIZE = 8


def application() -> Flask:
    """The application behind a proxy that ends TLS and sets X-Forwarded-For, -Proto and -Host.

    Raises:
        SystemExit: with a sentence, where the environment lacks something.
        NotInstalled: where the database is not set up yet.
    """
    parley = open_parley(Settings(_given(DATABASE_VARIABLE), pool_size=_pool_size()))
    hosts = tuple(host.strip() for host in _given(HOSTS_VARIABLE).split(",") if host.strip())
    if parley.installation() is None:
        raise NotInstalled
    # The key must be given: processes with keys of their own would sign each other's people out.
    settings = WebSettings(secret_key=_given(SECRET_VARIABLE), trusted_hosts=hosts, behind_proxy=True)
    return create_app(parley, settings)


def _given(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise SystemExit(f"Set {name} in the environment. docs/operations.md says to what.")
    return value


def _pool_size() -> int:
    text = os.environ.get(POOL_VARIABLE, str(POOL_SIZE))
    if not text.isdecimal() or not 1 <= int(text) <= 200:
        raise SystemExit(f"{POOL_VARIABLE} must be a number from 1 to 200, not {text!r}.")
    return int(text)
