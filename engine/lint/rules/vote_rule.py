"""A vote says by which rule it is decided."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from engine.diagrams.xml import BPMN, PARLEY, local
from engine.lint.document import Node
from engine.lint.subject import Fault, Rule, Subject

MAJORITIES = ("half", "two thirds")
CLOSES = ("all", "certain", "due")


def check(subject: Subject) -> Iterator[Fault]:
    """Quorum, majority, close and field of each vote."""
    for node in subject.nodes:
        for vote in node.xml.iterfind(f"{{{BPMN}}}extensionElements/{{{PARLEY}}}vote"):
            for sentence in _faults(subject, node, vote):
                yield Fault(node, f"{node} is a vote {sentence}")


def _faults(subject: Subject, node: Node, vote: etree._Element) -> Iterator[str]:
    quorum = vote.get("quorum", "")
    if not re.fullmatch(r"[1-9][0-9]{0,2}", quorum):
        yield f"whose quorum is “{quorum}”, which no committee could meet. Write how many must vote, as in 3."
    for name, allowed in (("majority", MAJORITIES), ("close", CLOSES)):
        value = vote.get(name, allowed[0])
        if value not in allowed:
            yield f"with {name}=“{value}”. It may be {' or '.join(f'“{each}”' for each in allowed)}."
    if vote.get("close") == "due" and node.own("due") is None and not any(map(_ends_it, node.boundary)):
        yield "that closes when it is due, but is never due. Set parley:due, or attach a timer that ends it."
    fields = (subject.known.form_fields or {}).get(node.own("form") or "")
    field = vote.get("field", "choice")
    if fields and field not in fields:
        yield f"by the field “{field}”, which its form does not have. Name the field that holds the choice."


def _ends_it(event: Node) -> bool:
    """Whether an event attached to a vote is a timer that ends the voting."""
    timer = any(local(part) == "timerEventDefinition" for part in event.definitions())
    return timer and event.xml.get("cancelActivity", "true") != "false"


RULE = Rule("vote-rule", check)
