"""Pages of the organisation and the charter in a real browser: axe-core finds nothing, nothing overflows."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
import waitress
from flask import Flask
from playwright.sync_api import Page

from tests.support.browsing import LookedAt
from tests.webui.conftest import Visit

pytestmark = pytest.mark.browser

PLACES = [
    "/organisation",
    "/organisation/people/dana",
    "/charter",
    "/charter/1",
    "/charter/report",
    "/stopped",
]
READER = {"/organisation": "adam", "/organisation/people/dana": "adam", "/stopped": "adam"}


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application, served as `parley serve` serves it."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    served = threading.Thread(target=server.run, daemon=True)
    served.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    served.join(timeout=1)


@pytest.fixture
def endorsed(visit: Visit) -> None:
    """A charter in force."""
    case = visit("gus").post("/charter", {"purpose": "", "reason": "The first one."}).headers["Location"]
    for person, answer in (("dana", "agree"), ("ivo", "agree"), ("eva", "endorse")):
        (task,) = re.findall(r'href="(/tasks/[0-9a-f]+)"', visit(person).get(case).text)
        assert visit(person).post(task, {"answer": answer}).status_code == 303


@pytest.mark.usefixtures("endorsed")
def test_pages_are_accessible_and_fit(page: Page, address: str, looked_at: LookedAt) -> None:
    for person in ("adam", "gus"):
        page.context.clear_cookies()
        page.goto(f"{address}/sign-in")
        page.click(f"button[name=person][value={person}]")
        page.wait_for_url("**/tasks")
        for place in PLACES:
            if READER.get(place, "gus") != person:
                continue
            page.goto(f"{address}{place}")
            looked_at(page)
