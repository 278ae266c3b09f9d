"""A web application over a small constructed organisation, and visitors who use it as a browser would."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from tests.support import databases
from tests.support.once import Once
from tests.webui import organisation
from webui import WebSettings, create_app
from workflows.bootstrap import Parley

SETTINGS = WebSettings(secret_key="only for tests", bound_to_loopback=True)


class Visitor:
    """A browser without script: follows forms with their hidden fields, keeps cookies."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **more: Any) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path, buffered=True, **more)

    def sign_in(self, person: str) -> Visitor:
        """Choose a person on the demonstration's sign-in page."""
        answer = self.post("/sign-in", {"person": person}, to="/sign-in/choose")
        assert answer.status_code == 303, answer.text
        return self

    def form(self, page: str, to: str | None = None) -> tuple[str, dict[str, str]]:
        """The address and the hidden fields of the page's form that goes `to` an address (else to the
        page's own)."""
        shown = self.get(page)
        assert shown.status_code == 200, shown.text
        wanted = to or page.split("?")[0]
        for form in html.document_fromstring(shown.text).forms:
            if form.get("action") == wanted and form.method == "POST":
                hidden = form.xpath(".//input[@type='hidden']")
                return wanted, {each.get("name"): each.get("value") for each in hidden}
        raise AssertionError(f"{page} has no form that goes to {wanted}")

    def post(self, page: str, answers: Mapping[str, Any], to: str | None = None) -> TestResponse:
        """Fill in the page's form and send it."""
        address, hidden = self.form(page, to)
        return self.client.post(address, data={**hidden, **answers})

    def token(self) -> str:
        """A forgery token of this visitor's session."""
        _, hidden = self.form("/about", "/preferences/theme")
        return hidden["csrf_token"]


Visit = Callable[[str], Visitor]


def _database(once: Once, sqlite_template: Path, kind: str) -> Path:
    def make(folder: Path) -> None:
        place = folder / "organisation.sqlite3"
        shutil.copyfile(sqlite_template / f"{databases.TEMPLATE}.sqlite3", place)
        organisation.fill(f"sqlite:///{place}", kind)

    return once(f"web-{kind}", make) / "organisation.sqlite3"


@pytest.fixture(scope="session")
def demonstration_database(once: Once, sqlite_template: Path) -> Path:
    """A demonstration organisation's database, to be copied."""
    return _database(once, sqlite_template, "demonstration")


@pytest.fixture(scope="session")
def real_database(once: Once, sqlite_template: Path) -> Path:
    """A real organisation's database, to be copied."""
    return _database(once, sqlite_template, "real")


def _opened(database: Path, folder: Path) -> Iterator[Parley]:
    place = folder / "web.sqlite3"
    shutil.copyfile(database, place)
    parley = organisation.opened(f"sqlite:///{place}")
    yield parley
    parley.close()


@pytest.fixture
def parley(demonstration_database: Path, tmp_path: Path) -> Iterator[Parley]:
    """The domain on a fresh copy of the demonstration organisation."""
    yield from _opened(demonstration_database, tmp_path)


@pytest.fixture
def real_parley(real_database: Path, tmp_path: Path) -> Iterator[Parley]:
    """The domain on a fresh copy of the real organisation."""
    yield from _opened(real_database, tmp_path)


@pytest.fixture
def app(parley: Parley) -> Flask:
    """The application over the demonstration, as `parley serve` makes it."""
    return create_app(parley, SETTINGS)


@pytest.fixture
def real_app(real_parley: Parley) -> Flask:
    """The application over the real organisation."""
    return create_app(real_parley, SETTINGS)


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app)


@pytest.fixture
def visit(app: Flask) -> Visit:
    """`visit("ivo")`: a visitor signed in as that person."""
    return lambda person: Visitor(app).sign_in(person)


@pytest.fixture
def raised(visit: Visit) -> str:
    """The address of the case of a risk that Rosa Lima has raised through the pages."""
    answer = visit("rosa").post("/risks/raise", organisation.RAISE)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


@pytest.fixture
def task_of(visit: Visit, raised: str) -> Callable[[str], str]:
    """`task_of("ivo")`: the address of the first task that waits for a person once the risk is raised."""

    def find(person: str) -> str:
        listed = html.document_fromstring(visit(person).get("/tasks").text)
        return str(listed.xpath("//tbody//th/a/@href")[0])

    return find
