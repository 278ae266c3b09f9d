"""The application as other WSGI servers load it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from webui import wsgi
from workflows.errors import NotInstalled

GOOD = {
    "PARLEY_ALLOWED_HOSTS": "parley.example.org, parley.example.com",
    "PARLEY_SECRET_KEY": "only for tests",
    "PARLEY_POOL_SIZE": "3",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, real_database: Path, tmp_path: Path) -> pytest.MonkeyPatch:
    """Everything the application needs."""
    place = shutil.copyfile(real_database, tmp_path / "wsgi.sqlite3")
    for name, value in {**GOOD, "PARLEY_DATABASE": f"sqlite:///{place}"}.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_it_answers_the_hosts_it_was_told_over_tls_alone(environment: pytest.MonkeyPatch) -> None:
    app = wsgi.application()
    seen = {
        host: app.test_client().get("/sign-in", headers={"Host": host, "X-Forwarded-Proto": "https"})
        for host in ("parley.example.org", "parley.example.com", "elsewhere.example.org")
    }
    assert [answer.status_code for answer in seen.values()] == [200, 200, 400]
    cookies = seen["parley.example.org"].headers.getlist("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie for cookie in cookies)
    assert app.extensions["parley"].settings.pool_size == 3
    app.extensions["parley"].close()


@pytest.mark.parametrize("name", ["PARLEY_DATABASE", "PARLEY_ALLOWED_HOSTS", "PARLEY_SECRET_KEY"])
def test_what_is_missing_is_named(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.delenv(name)
    with pytest.raises(SystemExit, match=f"Set {name} in the environment"):
        wsgi.application()


@pytest.mark.parametrize("size", ["0", "many", "-1", "201"])
def test_a_pool_of_no_size_is_refused(environment: pytest.MonkeyPatch, size: str) -> None:
    environment.setenv("PARLEY_POOL_SIZE", size)
    with pytest.raises(SystemExit, match="must be a number from 1 to 200"):
        wsgi.application()


def test_a_database_that_is_not_set_up_is_no_application(
    environment: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    environment.setenv("PARLEY_DATABASE", sqlite_url)
    with pytest.raises(NotInstalled):
        wsgi.application()
