"""Messages find the one case that waits for them, or say so and are kept; signals reach all that wait."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.errors import ElementFailed, NotFound
from engine.messages.commands import Delivery
from engine.spiff.events import AwaitedEvent, correlation_text
from engine.types import Actor
from tests.engine.drawing import Drawing
from tests.engine.playing import Stage

MESSAGE = '<bpmn:messageEventDefinition messageRef="m_reply"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="s_alarm"/>'
DEFINED = b'<bpmn:message id="m_reply" name="reply"/><bpmn:signal id="s_alarm" name="alarm"/>'


def bundle(drawing: Drawing) -> dict[str, bytes]:
    files = drawing.files()
    files["p.bpmn"] = files["p.bpmn"].replace(b"<bpmn:process ", DEFINED + b"<bpmn:process ", 1)
    return files


def waiting(inner: str = MESSAGE, correlation: str | None = "start.reference") -> dict[str, bytes]:
    drawing = Drawing().start().user("one")
    drawing.node("intermediateCatchEvent", "wait", inner, parley_correlation=correlation).user("after").end()
    return bundle(drawing.path("start one wait after end"))


def send(stage: Stage, correlation: Any, **payload: Any) -> Delivery:
    return stage.engine.messages.send(
        Actor("mailroom"), name="reply", correlation=correlation, payload=payload
    )


@pytest.fixture
def case(alone: Stage) -> Stage:
    """A case that waits for a reply to R-1."""
    alone.release(waiting())
    alone.start(reference="R-1")
    alone.do("one", "carla")
    return alone


def test_a_message_goes_to_the_case_that_waits_for_its_key(case: Stage) -> None:
    first = case.instance_id
    case.start(reference="R-2")
    case.do("one", "carla")
    delivery = send(case, "R-1", said="yes", amount=Decimal("1.50"))
    assert (delivery.state, delivery.instance_ids) == ("delivered", (first,))
    assert case.open == []
    case.instance_id = first
    assert case.open == ["after"]
    # The payload stands under the event's own id, and overwrites nothing.
    assert case.data["wait"] == {"said": "yes", "amount": Decimal("1.50")}
    assert case.data["start"] == {"reference": "R-1"}
    assert send(case, "R-1").state == "unmatched"
    assert case.faults() == []


def test_a_message_nobody_waits_for_is_kept_and_can_be_delivered_later(case: Stage) -> None:
    early = send(case, "R-9", said="yes")
    assert early.state == "unmatched"
    assert "No case waits for it. It is kept" in early.sentence
    case.start(reference="R-9")
    case.do("one", "carla")
    assert case.open == []
    assert [row.id for row in case.read(case.engine.messages.undelivered)] == [early.id]
    assert case.engine.messages.deliver(early.id).state == "delivered"
    assert case.open == ["after"]
    assert case.read(case.engine.messages.undelivered) == []


def test_a_message_for_two_cases_goes_to_neither(case: Stage) -> None:
    first = case.instance_id
    case.start(reference="R-1")
    case.do("one", "carla")
    delivery = send(case, "R-1", said="yes")
    assert delivery.state == "ambiguous"
    assert case.open == []
    case.engine.instances.cancel(Actor("admin"), first, "Raised twice")
    assert case.engine.messages.deliver(delivery.id).instance_ids == (case.instance_id,)
    assert case.open == ["after"]


def test_a_message_is_taken_once(case: Stage) -> None:
    delivery = send(case, "R-1", said="yes")
    again = case.engine.messages.deliver(delivery.id)
    assert again.state == "delivered"
    assert case.path.completed["wait"] == 1
    with pytest.raises(NotFound):
        case.engine.messages.deliver("0" * 32)


def test_the_same_message_sent_again_is_the_first(case: Stage) -> None:
    def sent() -> Delivery:
        return case.engine.messages.send(
            Actor("mailroom"), name="reply", correlation="R-7", payload={}, token="letter-1234"
        )

    assert sent().id == sent().id
    assert len(case.read(case.engine.messages.undelivered)) == 1


@pytest.mark.parametrize(
    ("waited", "sent", "matches"),
    [
        ("7", "7", True),
        (Decimal("7.0"), "7", True),
        (7, Decimal(7), True),
        ("7", "07", False),
        ("a", "A", False),
    ],
)
def test_equal_keys_match(waited: Any, sent: Any, matches: bool) -> None:
    assert (correlation_text(waited) == correlation_text(sent)) is matches


@pytest.mark.parametrize("key", [None, "", True, [], {"a": 1}, "x" * 201])
def test_what_is_no_key_is_refused(stage: Stage, key: Any) -> None:
    with pytest.raises(ElementFailed, match="correlation key"):
        send(stage, key)


def test_a_case_without_a_key_says_so_once_and_waits(alone: Stage) -> None:
    alone.release(waiting())
    alone.start()
    alone.do("one", "carla")
    assert [i.element_id for i in alone.incidents] == ["wait"]
    assert alone.retry() is False
    assert len(alone.incidents) == 1


def test_a_signal_reaches_all_that_wait(alone: Stage) -> None:
    alone.release(waiting(SIGNAL, None))
    cases = []
    for _ in range(3):
        cases.append(alone.start())
        alone.do("one", "carla")
    delivery = alone.engine.messages.broadcast(Actor("soc"), name="alarm", payload={"level": 3})
    assert sorted(delivery.instance_ids) == sorted(cases)
    for case in cases:
        alone.instance_id = case
        assert alone.open == ["after"]
        assert alone.data["wait"] == {"level": 3}
    assert alone.faults() == []


def test_what_a_case_sends_is_delivered_by_the_worker_after_the_commit(alone: Stage) -> None:
    alone.release(waiting())
    alone.start(reference="R-1")
    alone.do("one", "carla")
    receiver = alone.instance_id
    payload = (
        "<bpmn:extensionElements><parley:parameters>"
        '<parley:parameter name="said" value="one.say"/></parley:parameters></bpmn:extensionElements>'
    )
    drawing = Drawing().start().user("one").end()
    drawing.node("sendTask", "tell", payload, parley_correlation="start.about", messageRef="m_reply")
    alone.release(bundle(drawing.path("start one tell end")))
    alone.start(about="R-1")
    alone.do("one", "carla", say="done")
    assert alone.instance.state == "completed"
    alone.instance_id = receiver
    assert alone.open == []
    assert alone.sweep() == 1
    assert alone.open == ["after"]
    assert alone.data["wait"] == {"said": "done"}
    assert alone.sweep() == 0


def test_an_event_based_gateway_takes_the_message_and_lets_the_timer_go(alone: Stage) -> None:
    drawing = (
        Drawing().start().user("one").node("eventBasedGateway", "first").timer("late", "Duration", "P3D")
    )
    drawing.node("intermediateCatchEvent", "wait", MESSAGE, parley_correlation="start.reference")
    drawing.user("thank").user("chase").end().path("start one first wait thank end", "first late chase end")
    alone.release(bundle(drawing))
    alone.start(reference="R-1")
    alone.do("one", "carla")
    assert [t.element_id for t in alone.timers] == ["late"]
    send(alone, "R-1")
    assert (alone.open, alone.timers) == (["thank"], [])
    alone.start(reference="R-2")
    alone.do("one", "carla")
    alone.clock.advance(days=3)
    assert alone.sweep() == 1
    assert alone.open == ["chase"]
    assert send(alone, "R-2").state == "unmatched"


def test_a_boundary_message_interrupts(alone: Stage) -> None:
    drawing = Drawing().start().user("one").user("stopped").end()
    drawing.node(
        "boundaryEvent", "halt", MESSAGE, parley_correlation="start.reference", attachedToRef="one",
        cancelActivity="true",
    ).path("start one end", "halt stopped end")  # fmt: skip
    alone.release(bundle(drawing))
    alone.start(reference="R-1")
    assert send(alone, "R-1").state == "delivered"
    assert alone.open == ["stopped"]


def test_a_message_that_meets_a_fault_is_taken_up_by_the_retry(
    case: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fire(*_: Any) -> None:
        raise ArithmeticError("nobody foresaw this")

    with monkeypatch.context() as patch:
        patch.setattr(AwaitedEvent, "fire", fire)
        assert send(case, "R-1", said="yes").state == "delivered"
        assert [i.element_id for i in case.incidents] == ["wait"]
    assert send(case, "R-1", said="no").state == "unmatched"
    assert case.retry() is True
    assert case.open == ["after"]
    assert case.data["wait"] == {"said": "yes"}
