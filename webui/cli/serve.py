"""`parley serve` and `parley worker`: the web server, and what keeps timers going."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import SQLAlchemyError

from webui.cli.common import folder_of, opened
from webui.settings import LOOPBACK_NAMES, WebSettings, is_loopback, read_secret
from workflows.errors import EngineError, NotInstalled, WorkflowsError

if TYPE_CHECKING:
    from workflows.bootstrap import Parley

log = logging.getLogger("parley.worker")

EVERY = 5.0
"""Seconds between two sweeps for due timers."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option(
    "--threads", default=8, show_default=True, type=click.IntRange(1, 256), help="Requests served at once."
)
@click.option("--no-worker", is_flag=True, help="Leave due timers to a separate “parley worker”.")
@click.option(
    "--allowed-host", "hosts", multiple=True, metavar="NAME", help="A name browsers reach the server by."
)
@click.option("--behind-proxy", is_flag=True, help="A proxy in front sets X-Forwarded-For, -Proto and -Host.")
@click.pass_obj
def serve(
    database: str,
    host: str,
    port: int,
    threads: int,
    no_worker: bool,
    hosts: tuple[str, ...],
    behind_proxy: bool,
) -> None:
    """Serve the pages.

    Not on the loopback address, cookies travel over TLS alone: put a proxy with a certificate in front,
    and name the host that browsers use with --allowed-host.
    """
    from webui import create_app
    from webui.receiving import make_server

    _log_plainly()
    loopback = is_loopback(host) and not behind_proxy
    if not loopback and not hosts:
        raise click.UsageError(
            "Name the host that browsers reach the server by: --allowed-host parley.example.org"
        )
    settings = WebSettings(
        secret_key=read_secret(folder_of(database)),
        bound_to_loopback=loopback,
        trusted_hosts=(*hosts, *(LOOPBACK_NAMES if is_loopback(host) else ())),
        behind_proxy=behind_proxy,
    )
    # One for each request served at a time, and one for the worker.
    with opened(database, threads + 1) as parley:
        app = create_app(parley, settings)
        if parley.installation() is None:
            raise NotInstalled
        stop = threading.Event()
        try:
            server = make_server(app, host=host, port=port, threads=threads)
        except OSError as taken:
            raise click.ClickException(
                f"Port {port} of {host} cannot be used: {taken.strerror or taken}. Choose one with --port."
            ) from taken
        _announce(parley, host, port, loopback)
        if not no_worker:
            threading.Thread(target=sweep, args=(parley, stop), name="worker", daemon=True).start()
        try:
            server.run()
        except KeyboardInterrupt:
            click.echo("Stopped.")
        finally:
            stop.set()
            server.close()


@click.command()
@click.pass_obj
def worker(database: str) -> None:
    """Fire due timers until stopped. Several may run at once, also beside servers."""
    _log_plainly()
    click.echo("Looking for due timers. Stop with Ctrl-C.")
    with opened(database) as parley:
        try:
            sweep(parley, threading.Event())
        except KeyboardInterrupt:
            click.echo("Stopped.")


def sweep(parley: Parley, stop: threading.Event, every: float = EVERY) -> None:
    """Sweep again and again until told to stop. A failing sweep is logged, and tried again."""
    while not stop.is_set():
        try:
            parley.dialogue.open_missing()
            while parley.engine.worker.sweep() and not stop.is_set():
                pass
        except (SQLAlchemyError, EngineError, WorkflowsError):  # a worker that ends fires no timer any more
            log.exception("Due timers could not be fired; trying again in %s seconds.", every)
        stop.wait(every)


def _announce(parley: Parley, host: str, port: int, loopback: bool) -> None:
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"\nParley is at http://{shown}:{port}/   (stop with Ctrl-C)")
    installation = parley.installation()
    if installation is not None and installation.is_demonstration and loopback:
        click.echo(f"\n{installation.organisation} is constructed. Choose on its page whom to sign in as:")
        for person in parley.identity.people()[:20]:
            click.echo(f"  {person.name:<24} {person.title}")
    click.echo("", nl=True)


def _log_plainly() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("parley").setLevel(logging.INFO)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue of a few requests is no news
