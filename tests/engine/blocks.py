"""Random process diagrams of the supported elements.

A diagram is a tree of blocks. `draw` makes BPMN of it; what must become of a case in it is told by the token
game beside this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import strategies as st

from tests.engine.drawing import Drawing, instances


@dataclass
class Block:
    """A part of a process with one way in and one way out."""

    kind: str
    parts: list[Block] = field(default_factory=list)
    number: int = 0
    key: str = ""


CYCLES = 2
LEAVES = st.sampled_from(["user", "service", "sequential", "parallel instances"]).map(Block)


def _around(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    one = st.sampled_from(["loop", "sub", "call", "timer"]).flatmap(
        lambda kind: inner.map(lambda part: Block(kind, [part]))
    )
    two = st.sampled_from(["sequence", "both", "either", "some", "guarded", "reminded", "repeated"]).flatmap(
        lambda kind: st.lists(inner, min_size=2, max_size=3).map(lambda parts: Block(kind, parts))
    )
    return st.one_of(one, two)


def processes(leaves: int = 7) -> st.SearchStrategy[Block]:
    """Blocks with numbers and keys of their own."""
    return st.recursive(LEAVES, _around, max_leaves=leaves).map(
        lambda block: named(Block("sequence", [block]))
    )


def named(block: Block) -> Block:
    """The block, its parts told apart by keys.

    What a reminder starts has no joins: several at once would lend each other their tokens, as BPMN has it,
    and the token game here keeps them apart.
    """
    for part in parts_of(block):
        if part.kind in ("reminded", "repeated") and any(
            p.kind in ("both", "some") for p in parts_of(part.parts[1])
        ):
            part.parts[1] = Block("user")
    for number, part in enumerate(parts_of(block)):
        part.number, part.key = number, f"{part.kind.split()[0]}{number}"
    return block


def parts_of(block: Block) -> Iterator[Block]:
    """The block and all of its parts."""
    yield block
    for part in block.parts:
        yield from parts_of(part)


def draw(block: Block, process: str = "p") -> Drawing:
    """The process as a diagram, from a start to an end."""
    drawing = Drawing(process)
    prefix = "" if process == "p" else f"{process}_"
    start, end = f"{prefix}start", f"{prefix}end"
    drawing.start(start, form="any.form" if process == "p" else None).end(end)
    first, last = _draw(drawing, block)
    return drawing.path(f"{start} {first}", f"{last} {end}")


def _draw(d: Drawing, b: Block) -> tuple[str, str]:
    """Draw a block; the ids of its first and last node."""
    k = b.key
    match b.kind:
        case "user":
            d.user(k)
        case "service":
            d.service(k)
        case "sequential" | "parallel instances":
            d.user(k, inner=instances("start.items", sequential=b.kind == "sequential"))
        case "sequence":
            ends = [_draw(d, part) for part in b.parts]
            for (_, last), (first, _) in pairwise(ends):
                d.path(f"{last} {first}")
            return ends[0][0], ends[-1][1]
        case "both":
            d.parallel(f"{k}_s", f"{k}_j")
            for part in b.parts:
                first, last = _draw(d, part)
                d.path(f"{k}_s {first}", f"{last} {k}_j")
            return f"{k}_s", f"{k}_j"
        case "either":
            d.exclusive(f"{k}_s", f"{k}_j")
            for number, part in enumerate(b.parts):
                first, last = _draw(d, part)
                if number:
                    d.when(f"{k}_s", first, f"start.pick{b.number} = {number}")
                else:
                    d.default(f"{k}_s", first)
                d.path(f"{last} {k}_j")
            return f"{k}_s", f"{k}_j"
        case "some":
            d.user(f"{k}_q").inclusive(f"{k}_s", f"{k}_j").path(f"{k}_q {k}_s")
            for number, part in enumerate(b.parts):
                first, last = _draw(d, part)
                if number:
                    d.when(f"{k}_s", first, f"{k}_q.n >= {number}")
                else:
                    d.default(f"{k}_s", first)
                d.path(f"{last} {k}_j")
            return f"{k}_q", f"{k}_j"
        case "loop":
            d.exclusive(f"{k}_j", f"{k}_s").user(f"{k}_q")
            first, last = _draw(d, b.parts[0])
            d.path(f"{k}_j {first}", f"{last} {k}_q {k}_s").when(f"{k}_s", f"{k}_j", f"{k}_q.n > 0")
            d.exclusive(f"{k}_o").default(f"{k}_s", f"{k}_o")
            return f"{k}_j", f"{k}_o"
        case "sub":
            d.sub(k, draw(b.parts[0], k))
        case "call":
            d.call(k, draw(b.parts[0], f"{k}_process"))
        case "timer":
            d.timer(f"{k}_t", "Duration", "P1D")
            first, last = _draw(d, b.parts[0])
            d.path(f"{k}_t {first}")
            return f"{k}_t", last
        case "guarded":
            # The first part in a subprocess that a timer may break off; the others handle that.
            d.sub(k, draw(b.parts[0], k)).boundary(f"{k}_t", k, "Duration", "P1D").exclusive(f"{k}_j")
            first, last = _draw(d, b.parts[1])
            d.path(f"{k} {k}_j", f"{k}_t {first}", f"{last} {k}_j")
            return k, f"{k}_j"
        case "reminded":
            d.user(k).boundary(f"{k}_t", k, "Duration", "P1D", interrupting=False).end(f"{k}_e")
            first, last = _draw(d, b.parts[1])
            d.path(f"{k}_t {first}", f"{last} {k}_e")
        case "repeated":
            d.user(k).boundary(f"{k}_t", k, "Cycle", f"R{CYCLES}/P1D", interrupting=False).end(f"{k}_e")
            first, last = _draw(d, b.parts[1])
            d.path(f"{k}_t {first}", f"{last} {k}_e")
        case _:
            raise AssertionError(b.kind)
    return k, k
