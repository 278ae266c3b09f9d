"""Opening the editor of a draft's diagram, beside a page with bpmn-js's modeler and nothing else.

    ./run bench opening [--json FILE] [--runs N]

Both open the same diagram of 100 elements in the same Chromium, from the same server, in turn: first with an
empty cache, then again with a warm one. A figure is the time from the navigation to the moment at which one
can draw, by the page's own clock. Compare the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if __name__ == "__main__":  # run as a file: the packages stand beside this folder, not in it
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from playwright.sync_api import Browser, sync_playwright
from waitress.server import create_server

from benchmarks._bare import built, diagram, serve_bare
from benchmarks._databases import fresh
from benchmarks._measuring import Report, Samples, machine, ratio
from tests.support import chromium
from tests.webui import organisation
from webui import WebSettings, create_app

MOST = 1.5
"""Times the bare page's time."""
FORM = {
    "id": "said",
    "type": "default",
    "title": "What is said",
    "schemaVersion": 19,
    "components": [{"type": "textarea", "id": "words", "key": "words", "label": "What do you say?"}],
}
NOTED = """
new MutationObserver((changes, self) => {
    if (changes.some(({ target }) => target.dataset.ready === 'true')) {
        window.readyAfter = performance.now();
        self.disconnect();
    }
}).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-ready'] });
"""


@contextmanager
def served(url: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The application and the bare page on one server: its address, and the path of the editor."""
    organisation.fill(url)
    parley = organisation.opened(url)
    files = {"large.bpmn": diagram(), "said.form": json.dumps(FORM).encode()}
    draft = parley.studio.make(parley.identity.person("gus"), "large", files=files)
    app = create_app(parley, WebSettings(secret_key=secrets.token_hex(), bound_to_loopback=True))
    serve_bare(app, folder)
    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}", f"/drafts/{draft.id}/edit"
    server.close()
    thread.join(timeout=10)
    parley.close()


def measured(browser: Browser, address: str, editor: str, runs: int, report: Report) -> None:
    """Both pages in turn; the first round is not counted."""
    seat = browser.new_context()
    page = seat.new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name="Gus Moreau").click()
    page.wait_for_url("**/tasks")
    signed_in = seat.storage_state()
    seat.close()
    pages = {"the editor": editor, "bare bpmn-js": "/bare"}
    found = {
        (name, cache): Samples(f"{name}, {cache} cache") for cache in ("empty", "warm") for name in pages
    }
    for number in range(runs + 1):
        for name, path in sorted(pages.items(), reverse=number % 2 == 1):
            context = browser.new_context(storage_state=signed_in, viewport={"width": 1280, "height": 900})
            context.add_init_script(NOTED)
            page = context.new_page()
            for cache in ("empty", "warm"):
                page.goto(f"{address}{path}")
                page.wait_for_selector("[data-ready=true]")
                if number:
                    found[name, cache].wall.append(page.evaluate("window.readyAfter"))
            context.close()
    for cache in ("empty", "warm"):
        ours, bare = found["the editor", cache], found["bare bpmn-js", cache]
        for each in (ours, bare):
            report.note(each.what, "ms", each.median)
        report.hold(f"{cache} cache: the editor beside bare bpmn-js", "times", ratio(ours, bare), MOST)


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, keep; 1 where a bound was missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    parser.add_argument("--runs", type=int, default=15, help="of each page and each cache")
    options = parser.parse_args(arguments)
    path, settings = chromium.executable()
    report = Report("opening", machine(runs=options.runs))
    print(", ".join(f"{what}: {value}" for what, value in report.machine.items()))
    with tempfile.TemporaryDirectory() as name, fresh("sqlite") as url, sync_playwright() as driver:
        built(Path(name))
        browser = driver.chromium.launch(
            executable_path=path, args=list(chromium.FLAGS), env={**os.environ, **settings}
        )
        with served(url, Path(name)) as (address, editor):
            measured(browser, address, editor, options.runs, report)
        browser.close()
    report.write(options.json)
    return 0 if all(bound.holds for bound in report.bounds) else 1


if __name__ == "__main__":
    sys.exit(main())
