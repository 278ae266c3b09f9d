"""The cases whose stored states are kept as golden files: how each is drawn, brought there, and goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.engine.drawing import Drawing, again, seated_vote
from tests.engine.running import Run


@dataclass(frozen=True)
class Golden:
    """`goes` brings a case to where its state was kept; `on` takes it from there to its end."""

    drawing: Callable[[], Drawing]
    goes: Callable[[Run], None]
    on: Callable[[Run], None]


def called() -> Drawing:
    hearing = Drawing("hearing").start("referred").user("hear").user("minute").end("heard")
    hearing.path("referred hear minute heard")
    drawing = Drawing().start().call("call", hearing, days="start.days").user("after").end()
    return drawing.boundary("late", "call", "Duration", "P5D").path("start call after end", "late after")


def voted() -> Drawing:
    inner = seated_vote(over="start.seats", quorum=3)
    drawing = again("decide").user("vote", inner=inner, parley_performer="seat").path("merge vote decide")
    return drawing.boundary("closes", "vote", "Duration", "P3D").path("closes decide")


def joined() -> Drawing:
    drawing = again("decide").parallel("split", "join").user("a").user("b", parley_due="P2D").user("c")
    return drawing.path("merge split a join decide", "split b join", "split c join")


def waited() -> Drawing:
    drawing = Drawing().start().node("eventBasedGateway", "first").timer("soon", "Duration", "P1D")
    drawing.timer("later", "Duration", "P9D").user("early").user("tardy").end()
    return drawing.path("start first soon early end", "first later tardy end")


def embedded() -> Drawing:
    inner = Drawing("part").start("begin", form=None).user("one").user("two").end("parted")
    drawing = Drawing().start().sub("part", inner.path("begin one two parted")).user("after").end()
    return (
        drawing.boundary("cycle", "part", "Cycle", "R3/P1D", interrupting=False)
        .user("reminded")
        .path("start part after end", "cycle reminded end")
    )


def cast(run: Run, *choices: str) -> None:
    for choice in choices:
        run.complete("vote", choice=choice)


def vote_once_and_half(run: Run) -> None:
    cast(run, "yes", "yes", "no", "yes")
    run.complete("decide", again=True)
    cast(run, "no", "no")


def vote_on(run: Run) -> None:
    assert run.open == ["vote", "vote"]
    cast(run, "no", "yes")
    assert run.data()["vote_tally"]["outcome"] == "no"
    assert [each["choice"] for each in run.data()["vote"]] == ["no", "no", "no", "yes"]
    run.complete("decide", again=False)


def join_half(run: Run) -> None:
    for key in "abc":
        run.complete(key, n=Decimal("1.50"), on=date(2026, 5, 1))
    run.complete("decide", again=True)
    run.complete("b", n=Decimal(2))


def join_on(run: Run) -> None:
    assert run.data()["a"] == {"n": Decimal("1.50"), "on": date(2026, 5, 1)}
    run.complete("c")
    assert run.open == ["a"]
    run.complete("a")
    run.complete("decide", again=False)


def call_on(run: Run) -> None:
    run.complete("minute", said="so")
    assert run.data()["call"] == {"referred": {"days": 9}, "hear": {"by": "x"}, "minute": {"said": "so"}}
    run.complete("after")


def wait_on(run: Run) -> None:
    run.fire("soon")
    assert (run.open, run.waiting) == (["early"], [])
    run.complete("early")


def embed_half(run: Run) -> None:
    run.fire("cycle")
    run.complete("one", n=1)


def embed_on(run: Run) -> None:
    assert run.open == ["reminded", "two"]
    run.fire("cycle")
    assert run.open == ["reminded", "reminded", "two"]
    for key in ("two", "reminded", "reminded", "after"):
        run.complete(key)


GOLDEN = {
    "call": Golden(called, lambda run: run.complete("hear", by="x"), call_on),
    "vote": Golden(voted, vote_once_and_half, vote_on),
    "join": Golden(joined, join_half, join_on),
    "event-gateway": Golden(waited, lambda run: None, wait_on),
    "subprocess": Golden(embedded, embed_half, embed_on),
}
STARTS = {"call": {"days": Decimal(9)}, "vote": {"seats": ["s1", "s2", "s3", "s4"]}}
