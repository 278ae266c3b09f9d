"""Small diagrams as text, for tests that need to draw what no tool would."""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:parley="urn:parley:bpmn:1"'
)


def node(tag: str, key: str, inner: str = "", **attributes: str) -> str:
    """A BPMN element; `parley_x` becomes the attribute `parley:x`."""
    texts = "".join(f" {k.replace('parley_', 'parley:')}={quoteattr(v)}" for k, v in attributes.items())
    return f'<bpmn:{tag} id="{key}"{texts}>{inner}</bpmn:{tag}>'


def user(key: str, inner: str = "", **attributes: str) -> str:
    """A user task of the CIO."""
    return node("userTask", key, inner, **{"parley_role": "cio", **attributes})


def service(key: str, operation: str = "do", inner: str = "") -> str:
    """A service task."""
    return node("serviceTask", key, inner, parley_operation=operation)


def flow(source: str, target: str, condition: str = "", key: str | None = None) -> str:
    """A sequence flow; `key=""` leaves the id out."""
    identity = "" if key == "" else f' id="{key or f"{source}_to_{target}"}"'
    inner = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>" if condition else ""
    return (
        f'<bpmn:sequenceFlow{identity} sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
    )


def path(*keys: str) -> str:
    """Flows from each to the next."""
    return "".join(flow(a, b) for a, b in pairwise(keys))


def timer(text: str, tag: str = "timeDuration") -> str:
    """A timer event definition."""
    return f"<bpmn:timerEventDefinition><bpmn:{tag}>{escape(text)}</bpmn:{tag}></bpmn:timerEventDefinition>"


def process(body: str, key: str = "p", mark: str = 'isExecutable="true"') -> str:
    """A process element."""
    return f'<bpmn:process id="{key}" {mark}>{body}</bpmn:process>'


def diagram(body: str, *, around: str = "", mark: str = 'isExecutable="true"') -> bytes:
    """A file with one process; `around` stands beside it."""
    return definitions(around + process(body, mark=mark))


def definitions(inner: str) -> bytes:
    """A file."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<bpmn:definitions {NAMESPACES} id="file" targetNamespace="urn:parley:tests">'
        f"{inner}</bpmn:definitions>"
    ).encode()


def straight(*middle: str) -> bytes:
    """Start, these nodes one after the other (given as (key, xml) text made by `node`), end."""
    keys = [part.split('id="', 1)[1].split('"', 1)[0] for part in middle]
    return diagram(
        node("startEvent", "start") + "".join(middle) + node("endEvent", "end") + path("start", *keys, "end")
    )
