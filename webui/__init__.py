"""The web layer of Parley: pages, a small JSON interface, sessions, the command line. No rule of the domain
is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webui.settings import WebSettings
from webui.version import __version__

if TYPE_CHECKING:
    from flask import Flask

    from workflows.bootstrap import Parley

__all__ = ["WebSettings", "__version__", "create_app"]


def create_app(parley: Parley, settings: WebSettings) -> Flask:
    """The WSGI application over an opened domain."""
    from webui.application import create_app as make  # what only asks for the version needs none of it

    return make(parley, settings)
