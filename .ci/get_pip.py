"""Puts pip into a virtual environment on machines whose Python has neither ensurepip nor pip.

    python3 .ci/get_pip.py .venv/bin/python     fetch and install it
    python3 .ci/get_pip.py --requirement        print the pin, for a pip that is there to install it elsewhere

Fetches one pinned wheel of pip with the standard library alone, from the index that pip itself would ask
(PIP_INDEX_URL, else ``index-url`` of pip's configuration files, else the Python Package Index), and refuses
it unless its SHA-256 is the pinned one. The wheel then installs itself.
"""

from __future__ import annotations

import configparser
import hashlib
import html.parser
import os
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

VERSION = "26.3"
WHEEL = f"pip-{VERSION}-py3-none-any.whl"
SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
DEFAULT_INDEX = "https://pypi.org/simple"


class _Links(html.parser.HTMLParser):
    """The addresses that an index page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value for name, value in attrs if tag == "a" and name == "href" and value]


def index() -> str:
    """The address of the index that pip is configured for on this machine."""
    if os.environ.get("PIP_INDEX_URL"):
        return os.environ["PIP_INDEX_URL"]
    home = Path.home()
    places = [
        Path(os.environ.get("PIP_CONFIG_FILE", os.devnull)),
        home / ".config" / "pip" / "pip.conf",
        home / ".pip" / "pip.conf",
        Path("/etc/pip.conf"),
    ]
    for place in places:
        # Like pip, read option values as they stand: a password may hold a percent sign.
        settings = configparser.RawConfigParser()
        settings.read(place, encoding="utf-8")
        for section in ("install", "global"):
            if settings.has_option(section, "index-url"):
                return settings.get(section, "index-url")
    return DEFAULT_INDEX


def fetch(address: str) -> bytes:
    """What the address answers with; a user name and password within it are sent as such."""
    parts = urllib.parse.urlsplit(address)
    opener = urllib.request.build_opener()
    if parts.username:
        manager = urllib.request.HTTPPasswordMgrWithPriorAuth()
        host = parts.netloc.rpartition("@")[2]
        bare = urllib.parse.urlunsplit(parts._replace(netloc=host))
        user, password = urllib.parse.unquote(parts.username), urllib.parse.unquote(parts.password or "")
        manager.add_password(None, bare, user, password, is_authenticated=True)
        opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(manager))
        address = bare
    if parts.scheme not in {"http", "https"}:
        raise OSError(f"it is no address on the web: {address}")
    # The address is the index that pip is set up for; what comes from it is held against a pinned hash.
    request = urllib.request.Request(address, headers={"Accept": "text/html, */*"})  # noqa: S310
    with opener.open(request, timeout=120) as answer:
        content: bytes = answer.read()
    return content


def main(python: str) -> int:
    """Install pip for the interpreter ``python``; returns the exit status."""
    page = f"{index().rstrip('/')}/pip/"
    try:
        links = _Links()
        links.feed(fetch(page).decode("utf-8"))
        wanted = [link for link in links.addresses if urllib.parse.urlsplit(link).path.endswith(f"/{WHEEL}")]
        if not wanted:
            print(f"{page} does not offer {WHEEL}.", file=sys.stderr)
            return 1
        content = fetch(urllib.parse.urljoin(page, wanted[0]))
    except OSError as failure:
        print(f"{page} did not answer: {failure}", file=sys.stderr)
        return 1
    if hashlib.sha256(content).hexdigest() != SHA256:
        print(f"{WHEEL} from {page} is not the file that was pinned; nothing was installed.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(folder) / WHEEL
        wheel.write_bytes(content)
        command = [python, f"{wheel}/pip", "install", "--no-index", "--no-deps", str(wheel)]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    if sys.argv[1:] == ["--requirement"]:
        print(f"pip=={VERSION} --hash=sha256:{SHA256}")
        sys.exit(0)
    sys.exit(main(sys.argv[1]))
