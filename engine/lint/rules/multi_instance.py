"""A task for several people says for whom, once, and only people's tasks are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from engine.diagrams.xml import BPMN
from engine.lint.document import Node, text_of
from engine.lint.subject import Fault, Rule, Subject

MOST_INSTANCES = 1_000


def check(subject: Subject) -> Iterator[Fault]:
    """What is repeated, over what, and how often."""
    for node in subject.nodes:
        for loop in node.parts("multiInstanceLoopCharacteristics"):
            if node.kind not in ("userTask", "manualTask"):
                yield Fault(
                    node,
                    f"{node} is to run several times at once, which only tasks of people can: results of "
                    "others would overwrite one another. Take the marker off; an operation may take a "
                    "list.",
                )
            yield from _loop(node, loop)


def _loop(node: Node, loop: etree._Element) -> Iterator[Fault]:
    over, number = (loop.find(f"{{{BPMN}}}{tag}") for tag in ("loopDataInputRef", "loopCardinality"))
    texts = [text_of(part) for part in (over, number) if part is not None and text_of(part)]
    if len(texts) != 1:
        yield Fault(
            node,
            f"{node} is for several people, and it is {'said twice' if texts else 'not said'} for whom. "
            "Name the list it runs over (loopDataInputRef), or a number, and not both.",
        )
    elif number is not None and re.fullmatch(r"[0-9]+", texts[0]) and int(texts[0][:9]) > MOST_INSTANCES:
        yield Fault(
            node,
            f"{node} is to be done by {texts[0][:12]} people at once; {MOST_INSTANCES:,} are the most. "
            "Lower the number.",
        )


RULE = Rule("multi-instance", check)
