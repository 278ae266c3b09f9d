"""What a file of another tool offers to Parley, and what of it could not be taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS = {
    "processes": "What a case runs",
    "people": "Who does it",
    "forms": "Forms",
    "conditions": "Conditions",
    "times": "Due times and timers",
    "decisions": "Decision tables",
    "calls": "Called policies",
    "messages": "Messages",
    "loops": "Steps for several people",
    "ids": "Names that expressions can read",
}
"""Kinds of offers, in the order in which a page shows them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to what an offer leaves open."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a diagram. `value` None stands for what is chosen."""

    path: str
    at: int
    """Which element of the file, counted in its order."""
    kind: str
    """`attribute` (BPMN's), `own` (ours), `text`, `parameter`, `owners`, `loop`, `id`, `input` (DMN's)."""
    name: str = ""
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What Parley would make of what a file says at one element, or by one name at several."""

    id: str
    """The same as long as the file says the same."""
    kind: str
    path: str
    element_ids: tuple[str, ...]
    elements: tuple[str, ...]
    """The same in plain words."""
    found: str
    """What the file says, in a sentence."""
    becomes: str
    """What it would be in Parley, as it is written."""
    sentence: str
    """What it would be in Parley, in a sentence."""
    edits: tuple[Edit, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Files that taking it puts into the draft."""
    needs: tuple[str, ...] = ()
    """Ids of offers that are taken with it."""
    choices: tuple[Choice, ...] = ()
    """What may be chosen; empty where nothing is left open."""
    chosen: str = ""
    """The choice that the names leave no doubt of; empty where a person must choose."""


@dataclass(frozen=True, slots=True)
class Left:
    """Something that could not be taken over. It stays in the file."""

    path: str
    element_id: str
    element: str
    """In plain words."""
    said: str
    """The name under which the file says it."""
    value: str
    """What it says, shortened."""
    why: str
    advice: str
    """What to do about it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Settings that are kept and need nothing: how many, and why they change nothing."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Takeover:
    """All that was found in a set of files."""

    tools: tuple[str, ...]
    """Names of the tools whose hand was recognised."""
    offers: tuple[Offer, ...]
    left: tuple[Left, ...]
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A file as it was before a taking."""

    path: str
    revision: int
    """The revision that the taking made."""


@dataclass(frozen=True, slots=True)
class TakeoverPage:
    """What the page of a draft's takeover shows."""

    draft_id: str
    key: str
    title: str
    revision: int
    may_take: bool
    """Whether the reader may change the draft now."""
    tools: tuple[str, ...]
    offers: tuple[Offer, ...]
    """What is offered of the files as they are."""
    taken: tuple[Offer, ...]
    """What was offered of the files as they came, and is not any more."""
    left: tuple[Left, ...]
    """What of the files as they came could not be taken over."""
    kept: tuple[Kept, ...]
    material: tuple[str, ...]
    """Names of the files that came with the draft and are no part of a policy."""
    earlier: tuple[Earlier, ...]
    """Files of which the draft keeps an earlier content, the newest first."""
    may_undo: bool
    """Whether nothing has changed since the last taking."""

    @property
    def ready(self) -> int:
        """How many offers leave nothing to be chosen."""
        return sum(not each.choices or bool(each.chosen) for each in self.offers)
