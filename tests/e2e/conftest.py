"""A served organisation with a committee of five and the real catalogue; people before real browsers."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from waitress.server import create_server

from tests.support import databases
from tests.support.once import Once
from tests.webui import organisation
from webui import WebSettings, create_app
from workflows.bootstrap import Parley
from workflows.types import SYSTEM_PERSON

MORE_MEMBERS = {
    "noor": ("Noor Haddad", "Head of compliance", "Compliance"),
    "felix": ("Felix Braun", "Head of retail", "Retail"),
}


@dataclass(frozen=True, slots=True)
class Served:
    """A running application: where it is, and the domain behind it."""

    address: str
    parley: Parley


def _fill(url: str, catalogue: Path) -> None:
    organisation.fill(url)
    parley = organisation.opened(url)
    for key, (name, title, function) in MORE_MEMBERS.items():
        parley.identity.add_person(SYSTEM_PERSON, id=key, name=name, email=f"{key}@example.org", title=title)
        parley.committee.add_member(
            SYSTEM_PERSON,
            "steering",
            key,
            function=function,
            valid_from=organisation.STARTED,
            is_chair=False,
            basis="Charter of 2026",
        )
    parley.risks.import_kev(SYSTEM_PERSON, catalogue.name, catalogue.read_bytes())
    parley.close()


@pytest.fixture(scope="session")
def committee_of_five(once: Once, sqlite_template: Path, shared_data: Path) -> Path:
    """A database to be copied: the organisation, five voters, the whole catalogue of 2025-08-25."""

    def make(folder: Path) -> None:
        place = folder / "five.sqlite3"
        shutil.copyfile(sqlite_template / f"{databases.TEMPLATE}.sqlite3", place)
        _fill(f"sqlite:///{place}", shared_data / "kev.json")

    return once("e2e-five", make) / "five.sqlite3"


@pytest.fixture
def served(committee_of_five: Path, tmp_path: Path) -> Iterator[Served]:
    """The application over a fresh copy, served as `parley serve` serves it."""
    place = tmp_path / "served.sqlite3"
    shutil.copyfile(committee_of_five, place)
    parley = organisation.opened(f"sqlite:///{place}")
    app = create_app(parley, WebSettings(secret_key="only for tests", bound_to_loopback=True))
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.effective_port}", parley)
    server.close()
    thread.join(timeout=10)
    parley.close()


class Visitor:
    """A person before a browser of their own."""

    def __init__(self, served: Served, page: Page, name: str) -> None:
        self.served = served
        self.page = page
        page.goto(f"{served.address}/sign-in")
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("My tasks")

    def open_task(self, name: str) -> None:
        """Open the first task of this name among one's tasks."""
        self.page.goto(f"{self.served.address}/tasks")
        self.page.get_by_role("link", name=name).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)

    def choose(self, **answers: str) -> None:
        """Choose radio buttons: the form field's key to the value."""
        for key, value in answers.items():
            self.page.locator(f'input[type="radio"][name="{key}"][value="{value}"]').check()

    def select(self, **answers: str) -> None:
        """Choose from lists: the form field's key to the value."""
        for key, value in answers.items():
            self.page.locator(f'select[name="{key}"]').select_option(value)

    def write(self, **answers: str) -> None:
        """Write into fields: the form field's key to the text."""
        for key, text in answers.items():
            self.page.locator(f'[name="{key}"]').fill(text)

    def send(self) -> None:
        """Submit the form, and see that it was taken."""
        self.page.locator("form.task .actions button").click()
        expect(self.page.locator(".form-errors")).to_have_count(0)
        expect(self.page.get_by_role("status").first).to_be_visible()


@pytest.fixture
def person(served: Served, browser: Browser) -> Iterator[Callable[[str], Visitor]]:
    """`person("Dana Reyes")`: signed in, in a browser with no memory of anybody else."""
    contexts: list[BrowserContext] = []
    seated: dict[str, Visitor] = {}
    thrown: list[str] = []

    def seat(name: str) -> Visitor:
        if name not in seated:
            context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
            contexts.append(context)
            page = context.new_page()
            page.on("pageerror", lambda error: thrown.append(str(error)))
            page.on("console", lambda said: thrown.append(said.text) if said.type == "error" else None)
            seated[name] = Visitor(served, page, name)
        return seated[name]

    yield seat
    for context in contexts:
        context.close()
    assert not thrown, f"The browser complained: {thrown}"
