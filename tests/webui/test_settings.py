"""The secret key's place, and what counts as this very machine."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from webui.settings import SECRET_VARIABLE, WebSettings, is_loopback, read_secret


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SECRET_VARIABLE, raising=False)
    first = read_secret(tmp_path / "var")
    assert len(first) >= 64
    assert read_secret(tmp_path / "var") == first
    assert stat.S_IMODE((tmp_path / "var" / "secret-key").stat().st_mode) == 0o600


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, "from elsewhere")
    assert read_secret(tmp_path) == "from elsewhere"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "::1", "[::1]"])
def test_loopback_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", None, "0.0.0.0", "10.0.0.1", "example.org", "localhost.example.org", "::"]
)
def test_other_names_are_not_this_machine(host: str | None) -> None:
    assert not is_loopback(host)


def test_cookies_need_tls_unless_nobody_else_can_reach_the_server() -> None:
    assert WebSettings("x").secure_cookies
    assert not WebSettings("x", bound_to_loopback=True).secure_cookies
