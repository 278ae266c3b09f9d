"""What only a running server, or a process being started, shows."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator

import pytest
import waitress
from flask import Flask

from webui import command
from webui.cli.serve import LARGEST_READ
from webui.settings import LARGEST_UPLOAD


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """A server of the pages, as `parley serve` makes it, on a port of its own."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, max_request_body_size=LARGEST_READ)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.close()
    thread.join(10)


@pytest.mark.parametrize("length", [3 * 1024 * 1024, LARGEST_UPLOAD + 1, 2 * LARGEST_UPLOAD])
def test_what_is_too_long_is_refused_by_a_page_and_not_cut_off(port: int, length: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/risks/raise", body=b"x=" + b"a" * length, headers=form)
    answer = connection.getresponse()
    assert answer.status == 413
    assert "larger than Parley takes" in answer.read().decode()
    connection.close()


def test_interrupted_while_it_starts_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("webui.cli.main", interrupted)
    with pytest.raises(SystemExit) as stopped:
        command.main()
    assert stopped.value.code == command.INTERRUPTED
    assert capsys.readouterr().err == "Stopped.\n"
