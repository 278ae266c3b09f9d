"""The WSGI application: everything the pages need, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from jinja2 import StrictUndefined

from webui import api, assets, display, errors, pages, security, session, shell
from webui.settings import WebSettings

if TYPE_CHECKING:
    from workflows.bootstrap import Parley


def create_app(parley: Parley, settings: WebSettings) -> Flask:
    """The WSGI application over an opened domain."""
    app = Flask("webui", static_folder="static", static_url_path="/static")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.extensions["parley"] = parley
    app.extensions["parley.settings"] = settings
    security.install(app, settings)
    assets.install(app)
    display.install(app)
    shell.install(app)
    errors.install(app)
    session.require_sign_in(app)
    for blueprint in (*pages.BLUEPRINTS, api.blueprint):
        app.register_blueprint(blueprint)
    return app
