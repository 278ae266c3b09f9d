"""What only a running server, or a process being started, shows."""

from __future__ import annotations

import http.client
import resource
import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from webui import command
from webui.receiving import make_server
from webui.settings import LARGEST_UPLOAD


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """A server of the pages, as `parley serve` makes it, on a port of its own."""
    server = make_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.task_dispatcher.shutdown()  # whoever served the last request has gone before the door is shut
    server.close()
    thread.join(10)


@pytest.mark.parametrize("length", [3 * 1024 * 1024, LARGEST_UPLOAD + 1, 2 * LARGEST_UPLOAD])
def test_what_is_too_long_is_refused_by_a_page_and_not_cut_off(port: int, length: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/risks/raise", body=b"x=" + b"a" * length, headers=form)
    refused(connection)
    connection.close()


def refused(connection: http.client.HTTPConnection) -> str:
    answer = connection.getresponse()
    assert answer.status == 413
    page = answer.read().decode()
    assert "larger than Parley takes" in page
    return page


def test_far_more_than_could_ever_be_kept_is_read_to_its_end_and_refused_by_a_page(port: int) -> None:
    """A disk image chosen by mistake: no browser shows an answer before it has sent all."""
    block, blocks = b"a" * 4_000_000, 24
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("POST", "/imports")
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.putheader("Content-Length", str(len(block) * blocks))
    connection.endheaders()
    for _ in range(blocks):
        connection.send(block)
    assert "(11 MB)" in refused(connection)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/risks/raise", body=(block for _ in range(blocks)), headers=form)
    assert "(1 MB)" in refused(connection)
    connection.request("GET", "/sign-in")
    assert connection.getresponse().status == 200, "the same connection goes on"
    connection.close()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000, "in kilobytes"


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
