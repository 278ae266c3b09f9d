"""There is no transaction."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Transactions, whose cancelling undoes nothing here."""
    for node in subject.of("transaction"):
        yield Fault(
            node,
            f"{node} is a transaction, and what was decided in it cannot be undone by itself. Draw a "
            "subprocess, and say by tasks what is to be done when it is called off.",
        )


RULE = Rule("transaction", check)
