"""Where the command `parley` begins: so light that Ctrl-C, however early, ends it without a traceback."""

from __future__ import annotations

import sys

INTERRUPTED = 130
"""The exit code of what was stopped by Ctrl-C, as shells have it."""


def main() -> None:
    """Load the command line and run it."""
    try:
        from webui.cli import main as commands  # takes long enough to be interrupted

        commands()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(INTERRUPTED)
