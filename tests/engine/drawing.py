"""Draws small BPMN diagrams for tests: nodes by kind, flows as paths, no layout."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

FORM = "any.form"
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:parley="urn:parley:bpmn:1" id="drawn" targetNamespace="urn:parley:drawn">'
)


class Drawing:
    """A process, drawn node by node.

    Example::

        Drawing("p").start().user("a").end().path("start a end").bpmn()
    """

    def __init__(self, process: str = "p") -> None:
        self.process = process
        self._nodes: list[str] = []
        self._flows: dict[tuple[str, str], str] = {}
        self._conditions: dict[tuple[str, str], str] = {}
        self._defaults: dict[str, str] = {}
        self._others: list[Drawing] = []

    def node(self, tag: str, key: str, inner: str = "", **attributes: str | None) -> Drawing:
        """Any flow node; `parley_x` becomes the attribute `parley:x`, `default` is filled in by `bpmn`."""
        texts = "".join(
            f" {name.replace('parley_', 'parley:')}={quoteattr(value)}"
            for name, value in attributes.items()
            if value is not None
        )
        self._nodes.append(
            f'<bpmn:{tag} id="{key}" name="{key.replace("_", " ")}"{texts} {{default:{key}}}>'
            f"{inner}</bpmn:{tag}>"
        )
        return self

    def start(self, key: str = "start", *, form: str | None = FORM) -> Drawing:
        """The start event."""
        return self.node("startEvent", key, parley_form=form, parley_role="raiser")

    def user(
        self,
        key: str,
        *,
        role: str | None = "cio",
        form: str | None = FORM,
        inner: str = "",
        **attributes: str | None,
    ) -> Drawing:
        """A user task of a role."""
        return self.node("userTask", key, inner, parley_role=role, parley_form=form, **attributes)

    def service(self, key: str, operation: str = "do", **parameters: str) -> Drawing:
        """A service task calling an operation with FEEL parameters."""
        return self.node("serviceTask", key, _parameters(parameters), parley_operation=operation)

    def parallel(self, *keys: str) -> Drawing:
        """Parallel gateways."""
        for key in keys:
            self.node("parallelGateway", key)
        return self

    def exclusive(self, *keys: str) -> Drawing:
        """Exclusive gateways."""
        for key in keys:
            self.node("exclusiveGateway", key)
        return self

    def inclusive(self, *keys: str) -> Drawing:
        """Inclusive gateways."""
        for key in keys:
            self.node("inclusiveGateway", key)
        return self

    def end(self, key: str = "end", *, terminate: bool = False) -> Drawing:
        """An end event."""
        inner = f'<bpmn:terminateEventDefinition id="{key}_t"/>' if terminate else ""
        return self.node("endEvent", key, inner)

    def timer(self, key: str, kind: str, text: str) -> Drawing:
        """An intermediate timer event: kind is `Duration`, `Date` or `Cycle`."""
        return self.node("intermediateCatchEvent", key, _timer(key, kind, text))

    def boundary(self, key: str, host: str, kind: str, text: str, *, interrupting: bool = True) -> Drawing:
        """A boundary timer."""
        return self.node(
            "boundaryEvent",
            key,
            _timer(key, kind, text),
            attachedToRef=host,
            cancelActivity="true" if interrupting else "false",
        )

    def sub(self, key: str, inner: Drawing) -> Drawing:
        """An embedded subprocess."""
        self._others += inner._others
        return self.node("subProcess", key, inner.body())

    def call(self, key: str, other: Drawing | str, **parameters: str) -> Drawing:
        """A call activity with FEEL parameters; the process it calls is in the same file, or named only."""
        if isinstance(other, Drawing):
            self._others.append(other)
        process = other.process if isinstance(other, Drawing) else other
        return self.node("callActivity", key, _parameters(parameters), calledElement=process)

    def path(self, *paths: str) -> Drawing:
        """Sequence flows along each path of ids."""
        for path in paths:
            keys = path.split()
            for source, target in pairwise(keys):
                self._flows.setdefault((source, target), f"{source}_to_{target}")
        return self

    def when(self, source: str, target: str, condition: str) -> Drawing:
        """A flow with a condition."""
        self.path(f"{source} {target}")
        self._conditions[source, target] = condition
        return self

    def default(self, source: str, target: str) -> Drawing:
        """A gateway's default flow."""
        self.path(f"{source} {target}")
        self._defaults[source] = f"{source}_to_{target}"
        return self

    def body(self) -> str:
        """The nodes and flows as text."""
        nodes = "".join(self._nodes)
        while "{default:" in nodes:
            before, _, rest = nodes.partition("{default:")
            key, _, after = rest.partition("}")
            default = f'default="{self._defaults[key]}"' if key in self._defaults else ""
            nodes = before + default + after
        flows = ""
        for (source, target), key in self._flows.items():
            condition = self._conditions.get((source, target))
            inner = (
                ""
                if condition is None
                else f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>"
            )
            flows += (
                f'<bpmn:sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">'
                f"{inner}</bpmn:sequenceFlow>"
            )
        return nodes + flows

    def processes(self) -> str:
        """This process and those it calls, as text; a file's first process is the one that a case runs."""
        own = f'<bpmn:process id="{self.process}" isExecutable="true">{self.body()}</bpmn:process>'
        return own + "".join(other.processes() for other in self._others)

    def bpmn(self) -> bytes:
        """The file."""
        return f"{HEAD}{self.processes()}</bpmn:definitions>".encode()

    def files(self) -> dict[str, bytes]:
        """A bundle with the diagram and the form that takes anything."""
        return {"p.bpmn": self.bpmn(), FORM: b"{}"}


def _timer(key: str, kind: str, text: str) -> str:
    return (
        f'<bpmn:timerEventDefinition id="{key}_d"><bpmn:time{kind}>{escape(text)}</bpmn:time{kind}>'
        "</bpmn:timerEventDefinition>"
    )


def _parameters(values: Mapping[str, str]) -> str:
    rows = "".join(
        f'<parley:parameter name="{name}" value={quoteattr(value)}/>' for name, value in values.items()
    )
    return extended(f"<parley:parameters>{rows}</parley:parameters>") if rows else ""


def extended(inner: str) -> str:
    """Extension elements."""
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


def instances(over: str, *, sequential: bool = False, until: str | None = None, vote: str = "") -> str:
    """Multi-instance characteristics over a list in the case's data, for a task's `inner`."""
    condition = ""
    if until is not None:
        condition = f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>"
    extension = extended(f"<parley:vote {vote}/>") if vote else ""
    return (
        f'{extension}<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<bpmn:loopDataInputRef>{over}</bpmn:loopDataInputRef>{condition}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def seated_vote(
    *, over: str = "seat_members", quorum: int = 3, majority: str = "half", close: str = "all"
) -> str:
    """The inner part of a user task that is a committee's vote."""
    rule = (
        f'field="choice" quorum="{quorum}" majority="{majority}" close="{close}" '
        'abstain="abstain" recuse="recuse"'
    )
    return instances(over, vote=rule)


def again(last: str) -> Drawing:
    """A drawing whose last task may lead round once more: `merge` is where a round begins."""
    return (
        Drawing()
        .start()
        .exclusive("merge", "more")
        .user(last)
        .end()
        .path("start merge", f"{last} more")
        .when("more", "merge", f"{last}.again")
        .default("more", "end")
    )
