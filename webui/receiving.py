"""The web server of `parley serve`, which reads what is too long to its end.

A browser that is cut off while it sends shows no page at all, and whoever sent something too long would not
learn why. So all of it is taken from the wire, no more is kept than the longest request that is accepted, and
the application refuses it by a page that says so.
"""

from __future__ import annotations

from typing import Any

import waitress
from flask import Flask
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from webui.settings import LARGEST_UPLOAD

LARGEST_READ = 8 * 1024**3
"""Bytes of a request that are taken from the wire at all. Beyond that the connection is cut."""


class _Kept(OverflowableBuffer):  # type: ignore[misc]  # the server's package has no types
    """Keeps the beginning of a body, as much as could be accepted, and counts the rest."""

    def __init__(self, overflow: int) -> None:
        super().__init__(overflow)
        self._received = 0

    def __len__(self) -> int:
        return self._received

    def append(self, data: bytes) -> None:
        """Take what came."""
        if self._received <= LARGEST_UPLOAD:
            super().append(data)
        self._received += len(data)


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # as above
    def parse_header(self, header_plus: bytes) -> None:
        """As the server's own, but for where the body is kept."""
        super().parse_header(header_plus)
        if self.body_rcv is not None:
            self.body_rcv.buf = _Kept(self.adj.inbuf_overflow)


class _Channel(HTTPChannel):  # type: ignore[misc]  # as above
    parser_class = _Parser


def make_server(app: Flask, *, host: str, port: int, threads: int) -> Any:
    """A server of the application that listens already; its `run` serves until it is interrupted.

    Raises:
        OSError: the address or the port cannot be used.
    """
    sockets: dict[int, Any] = {}
    server = waitress.create_server(
        app, sockets, host=host, port=port, threads=threads, ident=None, max_request_body_size=LARGEST_READ
    )
    for each in sockets.values():  # one for each address that the host's name has
        if hasattr(each, "channel_class"):
            each.channel_class = _Channel
    return server
