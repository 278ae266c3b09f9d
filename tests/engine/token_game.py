"""What must become of a case in a diagram of blocks: a token game that knows nothing of the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.engine.blocks import CYCLES, Block


@dataclass
class _Process:
    """A process or subprocess at work: it ends when its last token has."""

    ended: Callable[[], None]
    tokens: int = 1
    open: list[_Waiting] = field(default_factory=list)
    inner: list[_Process] = field(default_factory=list)

    def token_ended(self) -> None:
        self.tokens -= 1
        if not self.tokens:
            self.ended()


@dataclass
class _Waiting:
    """A task or timer that is open."""

    key: str
    go: Callable[[int], None]
    within: _Process
    due: int = 0
    """Day on which a timer is due."""


class Expected:
    """The token game: what must be open, and what must have been completed, after each act."""

    def __init__(self, block: Block, items: int, picks: dict[int, int]) -> None:
        self.items, self.picks = items, picks
        self.today = 0
        self.tasks: list[_Waiting] = []
        self.timers: list[_Waiting] = []
        self.completed: Counter[str] = Counter()
        self.ended = False
        top = _Process(lambda: setattr(self, "ended", True))
        self._enter(block, top, top.token_ended)

    @property
    def open(self) -> list[str]:
        return sorted(task.key for task in self.tasks)

    @property
    def waiting(self) -> list[str]:
        return sorted(timer.key for timer in self.timers)

    def complete(self, key: str, answer: int) -> None:
        """Complete the first open task of that key."""
        next(task for task in self.tasks if task.key == key).go(answer)

    def fire(self, key: str) -> None:
        """Fire the first waiting timer of that key, on the day it is due or later."""
        timer = next(timer for timer in self.timers if timer.key == key)
        self.today = max(self.today, timer.due)
        timer.go(0)

    def _wait(
        self, among: list[_Waiting], key: str, process: _Process, go: Callable[[int], None]
    ) -> _Waiting:
        def leave(answer: int) -> None:
            among.remove(waiting)
            self.completed[key] += 1
            go(answer)

        waiting = _Waiting(key, leave, process, self.today + 1)
        among.append(waiting)
        return waiting

    def _cancel(self, process: _Process) -> None:
        for inner in process.inner:
            self._cancel(inner)
        self.tasks[:] = [task for task in self.tasks if task.within is not process]
        self.timers[:] = [timer for timer in self.timers if timer.within is not process]

    def _enter(self, b: Block, within: _Process, done: Callable[[], None]) -> None:
        k = b.key
        match b.kind:
            case "user":
                self._wait(self.tasks, k, within, lambda _: done())
            case "service":
                self.completed[k] += 1
                done()
            case "sequential" | "parallel instances":
                self._instances(b, within, done)
            case "sequence":
                self._sequence(b.parts, within, done)
            case "both":
                self._all(b.parts, within, done)
            case "either":
                self._enter(b.parts[self.picks.get(b.number, 0) % len(b.parts)], within, done)
            case "some":

                def chosen(answer: int) -> None:
                    self._all(b.parts[1 : answer + 1] or b.parts[:1], within, done)

                self._wait(self.tasks, f"{k}_q", within, chosen)
            case "loop":

                def asked(answer: int) -> None:
                    self._enter(b, within, done) if answer > 0 else done()

                self._enter(b.parts[0], within, lambda: void(self._wait(self.tasks, f"{k}_q", within, asked)))
            case "sub" | "call":

                def left() -> None:
                    self.completed[k] += 1
                    done()

                inner = _Process(left)
                within.inner.append(inner)
                self._enter(b.parts[0], inner, inner.token_ended)
            case "timer":
                self._wait(self.timers, f"{k}_t", within, lambda _: self._enter(b.parts[0], within, done))
            case "guarded":
                self._guarded(b, within, done)
            case "reminded" | "repeated":
                self._reminded(b, within, done, 1 if b.kind == "reminded" else CYCLES)
            case _:
                raise AssertionError(b.kind)

    def _sequence(self, parts: list[Block], within: _Process, done: Callable[[], None]) -> None:
        if parts:
            self._enter(parts[0], within, lambda: self._sequence(parts[1:], within, done))
        else:
            done()

    def _all(self, parts: list[Block], within: _Process, done: Callable[[], None]) -> None:
        left = len(parts)

        def one() -> None:
            nonlocal left
            left -= 1
            if not left:
                done()

        for part in parts:
            self._enter(part, within, one)

    def _instances(self, b: Block, within: _Process, done: Callable[[], None]) -> None:
        left = self.items

        def one(_: int) -> None:
            nonlocal left
            left -= 1
            # Its tasks are many, the element is completed once.
            self.completed[b.key] -= 1
            if not left:
                self.completed[b.key] += 1
                done()
            elif b.kind == "sequential":
                self._wait(self.tasks, b.key, within, one)

        if not left:
            self.completed[b.key] += 1
            done()
        for _ in range(min(left, 1) if b.kind == "sequential" else left):
            self._wait(self.tasks, b.key, within, one)

    def _guarded(self, b: Block, within: _Process, done: Callable[[], None]) -> None:
        def left() -> None:
            self.timers.remove(timer)
            self.completed[b.key] += 1
            done()

        def fired(_: int) -> None:
            self._cancel(inner)
            self._enter(b.parts[1], within, done)

        inner = _Process(left)
        within.inner.append(inner)
        timer = self._wait(self.timers, f"{b.key}_t", within, fired)
        self._enter(b.parts[0], inner, inner.token_ended)

    def _reminded(self, b: Block, within: _Process, done: Callable[[], None], times: int) -> None:
        timer: _Waiting

        def left(_: int) -> None:
            if timer in self.timers:
                self.timers.remove(timer)
            done()

        def wait(due: int, times: int) -> None:
            nonlocal timer

            def fired(_: int) -> None:
                within.tokens += 1
                passed = min(times, self.today - due + 1) if times > 1 else 1
                if times > passed:
                    wait(due + passed, times - passed)
                self._enter(b.parts[1], within, within.token_ended)

            timer = self._wait(self.timers, f"{b.key}_t", within, fired)
            timer.due = due

        wait(self.today + 1, times)
        self._wait(self.tasks, b.key, within, left)


def void(_: Any) -> None:
    """Nothing."""
