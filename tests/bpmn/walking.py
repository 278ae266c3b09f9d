"""Walks a story through a diagram by reading the XML alone: an oracle that shares only FEEL with the engine.

It knows what the shipped diagrams use: user tasks, votes over seats, service tasks, exclusive and parallel
gateways, timers. Anything else stops it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from engine.dmn import decide
from engine.dmn import parse as parse_table
from engine.feel import evaluate
from forms import check, parse
from tests.bpmn import deciding
from tests.bpmn.sitting import Committee
from tests.bpmn.treating import Follow

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
PARLEY = "{urn:parley:bpmn:1}"
SEAT = "seat {}"
POLICIES = Path(__file__).parents[2] / "bpmn"


def local(node: etree._Element) -> str:
    return etree.QName(node).localname


CALLED = {
    process.get("id", ""): diagram
    for diagram in sorted(POLICIES.glob("*/*.bpmn"))
    for process in etree.parse(diagram).getroot().iter(f"{BPMN}process")
}
"""Process id to the diagram that draws it."""


class Walk:
    """One case on its way: `waiting` is where it waits, `passed` and `flows` are what it has been through."""

    def __init__(self, diagram: Path, begins: datetime, story: Mapping[str, Any]) -> None:
        self.now = begins
        self.committee = Committee(story, SEAT)
        self.follow = Follow(story, SEAT)
        self.story = story
        self.nodes: dict[str, etree._Element] = {}
        self.roles: dict[str, str] = {}
        self.homes: dict[str, Path] = {}
        """Node id to the diagram that it is drawn in."""
        self.processes: dict[str, list[str]] = {}
        """Process id to the ids of its nodes, the start event first."""
        self.diagram = diagram
        self._read(diagram)
        self.rounds: dict[str, list[Any]] = {}
        self.races: dict[str, dict[str, str]] = {}
        """Event to all the events that its gateway waits for, each with the flow that leads to it."""
        self.calls: list[str] = []
        """Call activities that are being carried out, outermost first."""
        self.data: dict[str, Any] = {}
        self.waiting: list[str] = []
        self.due: dict[str, datetime] = {}
        self.passed: Counter[str] = Counter()
        self.flows: Counter[str] = Counter()
        self.joined: Counter[str] = Counter()
        self.called: dict[str, dict[str, Any]] = {}
        self.end: str | None = None

    def _read(self, diagram: Path) -> None:
        """Take in a diagram, and those of the processes that it calls."""
        process = etree.parse(diagram).getroot().find(f"{BPMN}process")
        assert process is not None
        nodes = {node.get("id", ""): node for node in process if node.get("id")}
        assert not set(nodes) & set(self.nodes), f"{diagram.name} uses ids of another diagram"
        self.nodes |= nodes
        self.homes |= dict.fromkeys(nodes, diagram)
        starts = [key for key, node in nodes.items() if local(node) == "startEvent"]
        self.processes[process.get("id", "")] = [*starts, *(key for key in nodes if key not in starts)]
        self.roles |= {
            (reference.text or ""): lane.get(f"{PARLEY}role", "")
            for lane in process.iter(f"{BPMN}lane")
            for reference in lane.iter(f"{BPMN}flowNodeRef")
        }
        for node in nodes.values():
            called = node.get("calledElement")
            if called and called not in self.processes:
                self._read(CALLED[called])

    def start(self, element: str, answers: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        self.data[element] = self._checked(element, answers, options)
        self._leave(element)

    def complete(self, element: str, answers: Mapping[str, Any], seat: int | None = None) -> None:
        assert element in self.waiting, f"{element} is not waiting; these are: {self.waiting}"
        if local(self.nodes[element]) == "intermediateCatchEvent":
            self.data[element] = {"outcome": "renewed", **answers}
            self._settle(element)
            self._return()
            return
        values = self._checked(element, answers, {})
        if self.nodes[element].get(f"{PARLEY}performer") != "seat":
            self._answer(element, values)
        else:
            place, places = SEAT.format(seat), self._places(element)
            assert place in places, f"{element} is not for {place}"
            assert place not in [each["seat"] for each in self.data[element]], f"{place} answered before"
            self.data[element].append({**values, "seat": place})
            if len(self.data[element]) < len(places):
                return
            self._count(element)
        self._settle(element)
        self._return()

    def _answer(self, element: str, values: Any) -> None:
        self.data[element] = values
        self.rounds.setdefault(element, []).append(values)

    @property
    def context(self) -> dict[str, Any]:
        """The data as expressions read them."""
        every = {f"{key}_rounds": self.rounds.get(key, []) for key in self.nodes}
        return {**every, **self.data}

    def _return(self) -> None:
        """Go on after each called process in which nothing waits any more."""
        for call in reversed(list(self.calls)):
            own = self.processes[self.nodes[call].get("calledElement", "")]
            if set(own) & set(self.waiting) or call not in self.calls:
                continue
            self.calls.remove(call)
            self.data[call] = {
                key: self.data[key] for key in (*own, *(f"{each}_tally" for each in own)) if key in self.data
            }
            self._leave(call)
            self._return()

    def advance(self, period: str) -> None:
        self.now += _duration(period)
        # What comes due may open what is due at once.
        while past := sorted((due, element) for element, due in self.due.items() if due <= self.now):
            element = past[0][1]
            host = self.nodes[element].get("attachedToRef")
            if self.nodes[element].get("cancelActivity") != "false":
                self.waiting.remove(element if host is None else host)
            del self.due[element]
            for node in self.nodes.values():
                if host is not None and node.get("attachedToRef") == host and host not in self.waiting:
                    self.due.pop(node.get("id", ""), None)
            self._leave(element)
            self._return()

    def _checked(self, element: str, answers: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
        if not self.nodes[element].get(f"{PARLEY}form"):
            assert not answers, f"{element} has no form"
            return {}
        form = parse((self.homes[element].parent / self.nodes[element].get(f"{PARLEY}form", "")).read_bytes())
        exact = {
            key: Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
            for key, value in answers.items()
        }
        checked = check(form, exact, {**self.data, **more}, self.now)
        assert checked.errors == {}, f"{element}: {checked.errors}"
        dropped = set(answers) - set(checked.values)
        assert not dropped, f"{element}: the form hides {dropped}"
        return dict(checked.values)

    def _settle(self, element: str) -> None:
        self.waiting.remove(element)
        for node in self.nodes.values():
            if node.get("attachedToRef") == element:
                self.due.pop(node.get("id", ""), None)
        self._leave(element)

    def _leave(self, element: str) -> None:
        self._win(element)
        self.passed[element] += 1
        for flow in self._chosen(element):
            self.flows[flow.get("id", "")] += 1
            self._enter(flow.get("targetRef", ""))

    def _win(self, element: str) -> None:
        """Of the events that one gateway waits for, the first one withdraws the others."""
        for event, flow in self.races.pop(element, {}).items():
            if event == element:
                self.flows[flow] += 1
                continue
            self.races.pop(event, None)
            self.waiting.remove(event)
            self.due.pop(event, None)

    def _chosen(self, element: str) -> Sequence[etree._Element]:
        leaving = [
            node
            for node in self.nodes.values()
            if local(node) == "sequenceFlow" and node.get("sourceRef") == element
        ]
        if local(self.nodes[element]) != "exclusiveGateway" or len(leaving) == 1:
            return leaving
        default = self.nodes[element].get("default")
        for flow in leaving:
            condition = flow.findtext(f"{BPMN}conditionExpression")
            if (
                flow.get("id") != default
                and condition
                and evaluate(condition, self.context, now=self.now) is True
            ):
                return [flow]
        assert default is not None, f"No way leads on from {element}."
        return [self.nodes[default]]

    def _enter(self, element: str) -> None:
        node = self.nodes[element]
        match local(node):
            case "userTask":
                self._open(element)
            case "serviceTask":
                self._call(element)
                self._leave(element)
            case "businessRuleTask":
                self._decide(element)
                self._leave(element)
            case "callActivity":
                self._enter_called(element)
            case "eventBasedGateway":
                self.passed[element] += 1
                events = {flow.get("targetRef", ""): flow.get("id", "") for flow in self._chosen(element)}
                self.races |= dict.fromkeys(events, events)
                for event in events:
                    self._enter(event)
            case "exclusiveGateway":
                self._leave(element)
            case "parallelGateway":
                self.joined[element] += 1
                if self.joined[element] == len(node.findall(f"{BPMN}incoming")):
                    self.joined[element] = 0
                    self._leave(element)
            case "intermediateCatchEvent":
                self.waiting.append(element)
                if node.find(f"{BPMN}timerEventDefinition") is not None:
                    self.due[element] = self._time(node)
            case "endEvent":
                self._end(element)
            case kind:
                raise AssertionError(f"{element} is a {kind}, which this walk does not know.")

    def _end(self, element: str) -> None:
        self.passed[element] += 1
        if self.homes[element] == self.diagram:
            self.end = element
        if self.nodes[element].find(f"{BPMN}terminateEventDefinition") is not None:
            ended = {key for key, home in self.homes.items() if home == self.homes[element]}
            self.waiting = [each for each in self.waiting if each not in ended]
            self.due = {key: due for key, due in self.due.items() if key not in ended}

    def _enter_called(self, element: str) -> None:
        """Begin a called process with what is handed to it, under the id of its start event."""
        node = self.nodes[element]
        given = {
            parameter.get("name", ""): evaluate(parameter.get("value", ""), self.context, now=self.now)
            for parameter in node.iter(f"{PARLEY}parameter")
        }
        own = self.processes[node.get("calledElement", "")]
        for key in own:
            for name in (key, f"{key}_tally"):
                self.data.pop(name, None)
        self.data[own[0]] = given
        self.calls.append(element)
        self._leave(own[0])
        self._return()

    def _decide(self, element: str) -> None:
        """A decision by its table: the DMN of the folder, read as the engine reads it."""
        node = self.nodes[element]
        path, _, name = node.get(f"{PARLEY}decision", "").partition("#")
        model = parse_table((self.homes[element].parent / path).read_bytes())
        given = {
            parameter.get("name", ""): evaluate(parameter.get("value", ""), self.context, now=self.now)
            for parameter in node.iter(f"{PARLEY}parameter")
        }
        self.data[element] = decide(model, name, given, self.now).value

    def _open(self, element: str) -> None:
        self.waiting.append(element)
        for node in self.nodes.values():
            if node.get("attachedToRef") == element:
                self.due[node.get("id", "")] = self._time(node)
        if self.nodes[element].get(f"{PARLEY}performer") == "seat":
            self.data[element] = []
            if not self._places(element):
                self._count(element)
                self._settle(element)

    def _time(self, node: etree._Element) -> datetime:
        after = node.findtext(f".//{BPMN}timeDuration")
        if after is not None and after.startswith("P"):
            return self.now + _duration(after)
        at = evaluate(after or node.findtext(f".//{BPMN}timeDate") or "", self.context, now=self.now)
        if isinstance(at, timedelta):
            return self.now + at
        if isinstance(at, date) and not isinstance(at, datetime):
            return datetime.combine(at, time(), UTC) + timedelta(days=1)
        assert isinstance(at, datetime)
        return at

    def _call(self, element: str) -> None:
        node = self.nodes[element]
        parameters = {
            parameter.get("name", ""): evaluate(parameter.get("value", ""), self.context, now=self.now)
            for parameter in node.iter(f"{PARLEY}parameter")
        }
        operation = node.get(f"{PARLEY}operation", "")
        self.called[operation] = parameters
        if operation.startswith("committee."):
            self.data[element] = self.committee.answer(operation, parameters, self.data, self.now)
        elif operation.startswith(("treatment.", "acceptance.")):
            self.data[element] = self.follow.answer(operation, parameters, self.data, self.now)
        elif operation == "dialogue.prepare_agenda":
            self.data[element] = {"next_at": self.now + timedelta(days=7)}
        elif operation == "dialogue.record":
            accounts = [self.data.get(each) or {} for each in ("cio_account", "ciso_account")]
            self.data[element] = {"held": any(each.get("held") == "held" for each in accounts)}
        elif operation == "charter.endorse":
            self.data[element] = {"review_from": self.now + timedelta(days=335)}
        elif operation.startswith(("risks.", "exemptions.", "emergencies.")):
            self.data[element] = deciding.answer(operation, parameters, self.data, self.now, self.story)

    def _places(self, element: str) -> list[str]:
        """The list that a step for several people runs over."""
        over = self.nodes[element].findtext(f".//{BPMN}loopDataInputRef") or ""
        places = evaluate(over, self.data, now=self.now)
        assert isinstance(places, list)
        return places

    def _count(self, element: str) -> None:
        """The tally: a quorum of votes, then more than half of those seated, less the recused."""
        rule = self.nodes[element].find(f".//{PARLEY}vote")
        if rule is None:
            return
        seated = len(self._places(element))
        assert rule.get("majority") == "half"
        choices = [each[rule.get("field", "")] for each in self.data[element]]
        recused = choices.count(rule.get("recuse"))
        counts = Counter(each for each in choices if each not in (rule.get("abstain"), rule.get("recuse")))
        best = sorted(counts.values(), reverse=True)
        if len(choices) - recused < int(rule.get("quorum", "")):
            outcome, reason = None, "no quorum"
        elif len(best) > 1 and best[0] == best[1]:
            outcome, reason = None, "tie"
        elif best and best[0] > (seated - recused) / 2:
            outcome, reason = counts.most_common(1)[0][0], "majority"
        else:
            outcome, reason = None, "no majority"
        self.data[f"{element}_tally"] = {
            "outcome": outcome,
            "reason": reason,
            "seated": seated,
            "recused": recused,
            "voted": len(choices) - recused,
            "counts": dict(counts),
        }


def _duration(text: str) -> timedelta:
    assert text.startswith("P"), text
    assert text.endswith("D"), text
    return timedelta(days=int(text[1:-1]))
