"""A call activity calls a process of its bundle."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject, called_process


def check(subject: Subject) -> Iterator[Fault]:
    """Calls of nothing, or of what is elsewhere."""
    processes = subject.processes()
    for node in subject.of("callActivity"):
        called = called_process(node)
        if not called:
            yield Fault(node, f"{node} does not say which process it calls. Name one of this bundle.")
        elif called not in processes:
            there = ", ".join(f"“{key}”" for key in sorted(processes)[:10])
            yield Fault(
                node,
                f"{node} calls the process “{called}”, which is not in the bundle. A version must hold all "
                f"that it runs: add the file that has it. There are: {there}.",
            )


RULE = Rule("called-process", check)
