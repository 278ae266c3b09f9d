"""Headers, hosts, body size, forged requests."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.webui.conftest import Visit, Visitor
from webui import WebSettings, create_app
from webui.security import CONTENT_SECURITY_POLICY
from webui.settings import LARGEST_BODY
from workflows.bootstrap import Parley

PLACES = ["/sign-in", "/about", "/tasks", "/nowhere", "/static/icon.svg", "/api/cases/x/path"]


@pytest.mark.parametrize("path", PLACES)
def test_every_answer_carries_the_headers(stranger: Visitor, path: str) -> None:
    headers = stranger.get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_policy_allows_nothing_inline_and_no_frames() -> None:
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY


def test_pages_are_not_kept_and_hashed_files_are(stranger: Visitor, visit: Visit) -> None:
    assert visit("ivo").get("/tasks").headers["Cache-Control"] == "no-store"
    page = stranger.get("/sign-in").text
    address = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    hashed = stranger.get(address, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in hashed.headers["Cache-Control"]
    assert hashed.headers["Content-Encoding"] == "gzip"
    assert "immutable" not in stranger.get("/static/dist/app.css?v=another").headers["Cache-Control"]


def test_another_hosts_name_is_not_answered(stranger: Visitor) -> None:
    answer = stranger.get("/sign-in", headers={"Host": "evil.example.org"})
    assert answer.status_code == 400
    assert "Dana" not in answer.text


@pytest.mark.parametrize(
    "path", ["/sign-in/choose", "/sign-in", "/preferences/theme", "/clock", "/risks/raise"]
)
def test_a_post_without_the_token_is_refused(visit: Visit, path: str) -> None:
    answer = visit("ivo").client.post(path, data={"person": "dana", "by": "1"})
    assert answer.status_code == 400
    assert "Nothing was stored" in answer.text


def test_another_sessions_token_is_refused(visit: Visit) -> None:
    token = visit("dana").token()
    answer = visit("ivo").client.post("/clock", data={"csrf_token": token, "by": "1"})
    assert answer.status_code == 400


def test_a_body_that_is_too_large_is_refused_in_a_sentence(visit: Visit) -> None:
    ivo = visit("ivo")
    form = {"csrf_token": ivo.token(), "description": "x" * (LARGEST_BODY + 1)}
    answer = ivo.client.post("/risks/raise", data=form)
    assert answer.status_code == 413
    assert "larger than Parley takes" in answer.text


def test_not_on_the_loopback_address_cookies_need_tls_and_nobody_chooses_a_person(parley: Parley) -> None:
    app: Flask = create_app(parley, WebSettings("x", trusted_hosts=("localhost",)))
    answer = app.test_client().get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-parley=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Strict-Transport-Security" in answer.headers
    assert 'type="password"' in answer.text
    assert "Dana Reyes" not in answer.text


@pytest.mark.parametrize(
    "foreign",
    [{"X-Forwarded-For": "203.0.113.9"}, {"REMOTE_ADDR": "203.0.113.9"}],
    ids=["by proxy", "directly"],
)
def test_from_another_machine_nobody_chooses_a_person(stranger: Visitor, foreign: dict[str, str]) -> None:
    headers = {name: value for name, value in foreign.items() if name != "REMOTE_ADDR"}
    environ = {name: value for name, value in foreign.items() if name == "REMOTE_ADDR"}
    answer = stranger.get("/sign-in", headers=headers, environ_overrides=environ)
    assert "Dana Reyes" not in answer.text
