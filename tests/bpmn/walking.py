"""Walks a story through a diagram by reading the XML alone: an oracle that shares only FEEL with the engine.

It knows what the shipped diagrams use: user tasks, votes over seats, service tasks, exclusive and parallel
gateways, timers. Anything else stops it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from engine.dmn import decide
from engine.dmn import parse as parse_table
from engine.feel import evaluate
from forms import check, parse
from tests.bpmn import deciding
from tests.bpmn.diagrams import BPMN, PARLEY, Diagrams, local
from tests.bpmn.reckoning import duration, moment, tally
from tests.bpmn.sitting import Committee
from tests.bpmn.treating import Follow
from workflows.risks.routing import CHALLENGE

SEAT = "seat {}"


class Walk:
    """One case on its way: `waiting` is where it waits, `passed` and `flows` are what it has been through."""

    def __init__(self, diagram: Path, begins: datetime, story: Mapping[str, Any]) -> None:
        self.now = begins
        self.committee = Committee(story, SEAT)
        self.follow = Follow(story, SEAT)
        self.story = story
        self.drawn = Diagrams(diagram)
        self.nodes, self.roles, self.homes = self.drawn.nodes, self.drawn.roles, self.drawn.homes
        self.diagram = diagram
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

    def start(self, element: str, answers: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        self.data[element] = self._checked(element, answers, options)
        self._leave(element)

    def challenge(self, given: Mapping[str, Any]) -> None:
        """The decision in force is challenged: its case is over, and a new one begins."""
        raised, decided = self.data["raise"], self.data["decide"]["decision"]
        said = {"origin": CHALLENGE, "ground": given["ground"], "to": given.get("to"), "decided": decided}
        self.data, self.rounds, self.races, self.due = {"raise": {**raised, **said}}, {}, {}, {}
        self.waiting, self.calls = [], []
        self._leave("raise")

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
            own = self.drawn.called_by(call)
            if set(own) & set(self.waiting) or call not in self.calls:
                continue
            self.calls.remove(call)
            self.data[call] = {
                key: self.data[key] for key in (*own, *(f"{each}_tally" for each in own)) if key in self.data
            }
            self._leave(call)
            self._return()

    def advance(self, period: str) -> None:
        self.now += duration(period)
        # What comes due may open what is due at once.
        while past := sorted((due, element) for element, due in self.due.items() if due <= self.now):
            element = past[0][1]
            host = self.nodes[element].get("attachedToRef")
            if self.nodes[element].get("cancelActivity") != "false":
                self.waiting.remove(element if host is None else host)
            del self.due[element]
            if host is not None and host not in self.waiting:
                for key, _ in self.drawn.attached(host):
                    self.due.pop(key, None)
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
        for key, _ in self.drawn.attached(element):
            self.due.pop(key, None)
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
        leaving = self.drawn.leaving(element)
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
                    self.due[element] = moment(node, self.context, self.now)
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
        given = self._given(node)
        own = self.drawn.called_by(element)
        for key in own:
            for name in (key, f"{key}_tally"):
                self.data.pop(name, None)
        self.data[own[0]] = given
        self.calls.append(element)
        self._leave(own[0])
        self._return()

    def _given(self, node: etree._Element) -> dict[str, Any]:
        """A node's parameters, evaluated."""
        return {
            parameter.get("name", ""): evaluate(parameter.get("value", ""), self.context, now=self.now)
            for parameter in node.iter(f"{PARLEY}parameter")
        }

    def _decide(self, element: str) -> None:
        """A decision by its table: the DMN of the folder, read as the engine reads it."""
        node = self.nodes[element]
        path, _, name = node.get(f"{PARLEY}decision", "").partition("#")
        model = parse_table((self.homes[element].parent / path).read_bytes())
        given = self._given(node)
        self.data[element] = decide(model, name, given, self.now).value

    def _open(self, element: str) -> None:
        self.waiting.append(element)
        for key, node in self.drawn.attached(element):
            self.due[key] = moment(node, self.context, self.now)
        if self.nodes[element].get(f"{PARLEY}performer") == "seat":
            self.data[element] = []
            if not self._places(element):
                self._count(element)
                self._settle(element)

    def _call(self, element: str) -> None:
        node = self.nodes[element]
        parameters = self._given(node)
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
        rule = self.nodes[element].find(f".//{PARLEY}vote")
        if rule is not None:
            seated = len(self._places(element))
            self.data[f"{element}_tally"] = tally(rule, self.data[element], seated)
