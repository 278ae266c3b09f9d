"""The hash chain. Pure.

An entry's hash covers the hash before it, its place, time, actor and event, and a *commitment* to the
payload: the SHA-256 of a random salt and the payload's canonical text. Erasing payload and salt leaves the
commitment, so the chain still holds, and what was erased cannot be guessed from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64
"""The hash before a chain's first entry."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it is stored."""

    chain: str
    seq: int
    at: datetime
    actor: str
    event: str
    payload: str | None
    salt: str | None
    commitment: str
    hash: str


def commitment_of(salt: str, payload: str) -> str:
    """SHA-256 over salt and payload, in hexadecimal."""
    return hashlib.sha256(f"{salt}\n{payload}".encode()).hexdigest()


def hash_of(
    previous: str, chain: str, seq: int, at: datetime, actor: str, event: str, commitment: str
) -> str:
    """SHA-256 over the entry's fields as a JSON list of texts: no other fields give the same list."""
    fields = (
        previous,
        chain,
        str(seq),
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        actor,
        event,
        commitment,
    )
    return hashlib.sha256(json.dumps(fields, separators=(",", ":")).encode()).hexdigest()


def link(
    previous: str, chain: str, seq: int, at: datetime, actor: str, event: str, payload: str, salt: str
) -> Link:
    """The next entry of a chain."""
    commitment = commitment_of(salt, payload)
    digest = hash_of(previous, chain, seq, at, actor, event, commitment)
    return Link(chain, seq, at, actor, event, payload, salt, commitment, digest)


def faults(links: Sequence[Link], head_seq: int, head_hash: str) -> list[tuple[int, str]]:
    """Where a chain does not hold: (entry's number, sentence), in order."""
    found: list[tuple[int, str]] = []
    previous = GENESIS
    for expected, entry in enumerate(links, start=1):
        if entry.seq != expected:
            found.append((expected, f"Entry {expected} is missing."))
            return found
        found.extend((entry.seq, sentence) for sentence in _entry_faults(previous, entry))
        previous = entry.hash
    if len(links) != head_seq or previous != head_hash:
        found.append((head_seq, f"The chain should end with entry {head_seq}, and does not."))
    return found


def _is_payload_kept(entry: Link) -> bool:
    """Whether payload and salt are those of the commitment, or both erased."""
    if entry.payload is None or entry.salt is None:
        return entry.payload is None and entry.salt is None
    return commitment_of(entry.salt, entry.payload) == entry.commitment


def _entry_faults(previous: str, entry: Link) -> list[str]:
    sentences = []
    if not _is_payload_kept(entry):
        sentences.append(f"Entry {entry.seq}: the payload is not the one that was recorded.")
    expected = hash_of(previous, entry.chain, entry.seq, entry.at, entry.actor, entry.event, entry.commitment)
    if expected != entry.hash:
        sentences.append(
            f"Entry {entry.seq}: its fields or its place in the chain are not those that were recorded."
        )
    return sentences
