"""Completing a task through HTTP, beside the same command and an empty page of the same application."""

from __future__ import annotations

import re
import secrets
from typing import Any

from flask import Flask, render_template_string
from flask.testing import FlaskClient

from benchmarks._completing import counting
from benchmarks._measuring import Report, Samples
from benchmarks._policy import ANSWERS, ROUND
from tests.webui import organisation
from webui import WebSettings, create_app
from workflows.bootstrap import Parley
from workflows.types import Person

EMPTY = "{% extends 'layout.html' %}{% block title %}Empty{% endblock %}"
PEOPLE = {
    "cio_position": "dana",
    "ciso_position": "ivo",
    "decide": "dana",
    "respond": "ivo",
    "answer_challenge": "dana",
}
SENT = {
    **ANSWERS,
    "respond": {**ANSWERS["respond"], "new_evidence": "The vendor has since told of a second way in."},
}
"""The yardstick's answers, with what the shipped policy asks of a second challenge."""
PAGES = 4.0
"""Empty pages that HTTP may cost on top of the command."""
_HIDDEN = re.compile(r'name="(csrf_token|_token|_revision)"[^>]*?value="([^"]*)"')


class _Browser:
    """A person with a session."""

    def __init__(self, app: Flask, person: str) -> None:
        self.client: FlaskClient = app.test_client()
        answer = self.client.post(
            "/sign-in/choose", data={"person": person, **self.hidden("/sign-in")}, buffered=True
        )
        assert answer.status_code == 303, answer.status_code

    def hidden(self, address: str) -> dict[str, str]:
        """The hidden fields of a page's form."""
        shown = self.client.get(address, buffered=True)
        assert shown.status_code == 200, shown.status_code
        return dict(_HIDDEN.findall(shown.text))

    def get(self, address: str) -> None:
        """Ask for a page."""
        shown = self.client.get(address, buffered=True)
        assert shown.status_code == 200, shown.status_code
        assert shown.data

    def send(self, address: str, fields: dict[str, Any]) -> str:
        """Send a form; the address of the page it leads to."""
        answer = self.client.post(address, data=fields, buffered=True)
        assert answer.status_code == 303, answer.status_code
        return answer.headers["Location"]

    def send_and_follow(self, address: str, fields: dict[str, Any]) -> None:
        """Send a form and show the page it leads to."""
        self.get(self.send(address, fields))


def measured(url: str, report: Report, cases: int, kind: str) -> None:
    """The same tasks of like cases: by the command, through HTTP, and an empty page, in turn."""
    organisation.fill(url)
    parley = organisation.opened(url)
    app = create_app(parley, WebSettings(secret_key=secrets.token_hex(), bound_to_loopback=True))
    app.add_url_rule("/empty", view_func=lambda: render_template_string(EMPTY))
    browsers = {name: _Browser(app, name) for name in set(PEOPLE.values())}
    people = {name: parley.identity.person(name) for name in browsers}
    command = Samples(f"{kind}: the command with the organisation's own directory")
    sending = Samples(f"{kind}: through HTTP, the form sent")
    whole = Samples(f"{kind}: through HTTP, the form sent and the next page shown")
    empty = Samples(f"{kind}: an empty page of the same application")
    statements: list[int] = []
    for number in range(cases + 2):
        one, two, three = (_case(parley, people) for _ in range(3))
        keep = number >= 2
        for element_id in ("cio_position", "ciso_position", *ROUND * 2):
            name = PEOPLE[element_id]
            task_id, revision = _task(parley, one, element_id)
            arguments = (parley, people[name], task_id, revision, SENT[element_id])
            if number == 1:
                with counting(parley) as seen:
                    _complete(*arguments)
                statements.append(sum(seen.values()))
            else:
                (command if keep else Samples("")).take(_complete, *arguments)
            for case, samples, send in ((two, sending, browsers[name].send),
                                        (three, whole, browsers[name].send_and_follow)):  # fmt: skip
                address = f"/tasks/{_task(parley, case, element_id)[0]}"
                fields = {**browsers[name].hidden(address), **SENT[element_id]}
                (samples if keep else Samples("")).take(send, address, fields)
            (empty if keep else Samples("")).take(browsers[name].get, "/empty")
    report.add(command, sending, whole, empty)
    report.note(f"{kind}: statements with the organisation's own directory", "statements", max(statements))
    more = f"{kind}: HTTP above the command, in empty pages"
    above = (whole.median - command.median) / empty.median
    processor = (whole.processor_median - command.processor_median) / empty.processor_median
    report.note(f"{more}, in processor time", "pages", processor)
    report.hold(more, "pages", above, PAGES)
    parley.close()


def _case(parley: Parley, people: dict[str, Person]) -> str:
    _, case = parley.risks.raise_risk(people["dana"], organisation.RAISE, secrets.token_urlsafe(16))
    return case.id


def _task(parley: Parley, case_id: str, element_id: str) -> tuple[str, int]:
    with parley.database.reading() as connection:
        found = parley.engine.tasks.of_instance(connection, case_id)
    return next((t.id, t.revision) for t in found if t.state == "open" and t.element_id == element_id)


def _complete(parley: Parley, person: Person, task_id: str, revision: int, answers: dict[str, Any]) -> None:
    token = secrets.token_urlsafe(16)
    parley.cases.submit(person, task_id, revision=revision, token=token, answers=answers)
