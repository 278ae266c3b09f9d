"""The built files that the browser loads: their addresses, hashes, and a compressed copy of each."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, url_for
from markupsafe import Markup

COMPRESSED = {".css", ".js", ".svg"}
FOR_EVER = "public, max-age=31536000, immutable"


class Assets:
    """The build's manifest, read again when a build replaces it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read_at: int | None = None
        self._manifest: dict[str, dict[str, Any]] = {}

    def entry(self, name: str) -> dict[str, Any]:
        """What the manifest says of a file; empty where the front end has not been built."""
        place = self._folder / "dist" / "manifest.json"
        try:
            changed = place.stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        if changed != self._read_at:
            self._manifest = json.loads(place.read_bytes())
            self._read_at = changed
        return self._manifest.get(name, {})

    def address(self, name: str) -> str:
        """The address of a built file; its query changes when its content does."""
        version = self.entry(name).get("version")
        return url_for("static", filename=f"dist/{name}", v=version)

    def script(self, name: str) -> Markup:
        """The tag that loads a built script, after the page has been read."""
        return Markup('<script type="module" src="{}"{}></script>').format(
            self.address(name), self._integrity(name)
        )

    def style(self, name: str) -> Markup:
        """The tag that loads a built style sheet."""
        return Markup('<link rel="stylesheet" href="{}"{}>').format(self.address(name), self._integrity(name))

    def _integrity(self, name: str) -> Markup:
        found = self.entry(name).get("integrity")
        return Markup(' integrity="{}"').format(found) if found else Markup("")


@lru_cache(maxsize=64)
def _compressed(path: str, changed: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), 9, mtime=0)


def install(app: Flask) -> None:
    """Give templates `assets`, and let static files be kept for ever when asked for by their version."""
    folder = Path(app.static_folder or "")
    assets = Assets(folder)
    app.jinja_env.globals["assets"] = assets

    @app.after_request
    def _static(response: Response) -> Response:
        if request.endpoint != "static" or response.status_code not in (200, 304):
            return response
        name = (request.view_args or {}).get("filename", "")
        version = assets.entry(Path(name).name).get("version")
        known = version is not None and request.args.get("v") == version
        response.headers["Cache-Control"] = FOR_EVER if known else "no-cache"
        return _compress(response, folder / name)


def _compress(response: Response, path: Path) -> Response:
    """Send the compressed copy of a text file. Pages stay as they are: they carry secrets beside typed text
    (BREACH)."""
    if path.suffix not in COMPRESSED or response.status_code != 200:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] and "Range" not in request.headers and request.method == "GET":
        response.close()  # the file as it is, which is not sent
        response.direct_passthrough = False
        response.set_data(_compressed(str(path), path.stat().st_mtime_ns))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.pop("Accept-Ranges", None)
        if response.headers.get("ETag"):
            response.set_etag(response.get_etag()[0] or "", weak=True)
    return response
