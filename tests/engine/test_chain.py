"""The hash chain by itself: whatever is changed in it is found, and at its place."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.audit.chain import GENESIS, Link, faults, link

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXTS = st.text(max_size=30)


@st.composite
def chains(draw: st.DrawFn) -> list[Link]:
    """Chains of one to six entries with any actors, events and payloads."""
    links: list[Link] = []
    for seq in range(1, draw(st.integers(1, 6)) + 1):
        links.append(
            link(
                links[-1].hash if links else GENESIS,
                "case",
                seq,
                AT + timedelta(microseconds=draw(st.integers(0, 10**12))),
                draw(TEXTS),
                draw(TEXTS),
                draw(TEXTS),
                draw(st.text("0123456789abcdef", min_size=32, max_size=32)),
            )
        )
    return links


def found(links: list[Link], written: list[Link]) -> list[int]:
    """Numbers of the entries that do not hold, where `written` was what the head says."""
    return [seq for seq, _ in faults(links, len(written), written[-1].hash)]


def changed(entry: Link, name: str, draw: st.DrawFn) -> Link:
    """The entry with another value in one field."""
    old = getattr(entry, name)
    if isinstance(old, datetime):
        return replace(entry, **{name: old + timedelta(microseconds=draw(st.integers(1, 10**9)))})
    if isinstance(old, int):
        return replace(entry, **{name: draw(st.integers(-9, 99).filter(lambda value: value != old))})
    return replace(entry, **{name: draw(TEXTS.filter(lambda value: value != old))})


@given(chains())
def test_a_chain_holds_as_it_was_written(links: list[Link]) -> None:
    assert found(links, links) == []


@given(chains(), st.data())
def test_any_change_of_any_field_is_found_at_its_entry(links: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    name = data.draw(st.sampled_from([field.name for field in fields(Link)]))
    touched = list(links)
    touched[place] = changed(links[place], name, data.draw)
    # Where its number was changed, it is missed at its place.
    assert found(touched, links)[0] == place + 1


@given(chains(), st.data())
def test_an_entry_that_is_missing_is_named(links: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    assert found(links[:place] + links[place + 1 :], links)[0] == place + 1


@given(chains(), st.data())
def test_two_entries_cannot_change_places(links: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    other = data.draw(
        st.integers(0, len(links) - 1).filter(lambda number: number != place or len(links) == 1)
    )
    swapped = list(links)
    swapped[place] = replace(links[other], seq=place + 1)
    swapped[other] = replace(links[place], seq=other + 1)
    assert (found(swapped, links) == []) == (place == other)


@given(chains(), st.data())
def test_an_erased_payload_leaves_the_chain_whole(links: list[Link], data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.integers(0, len(links) - 1)))
    erased = [
        replace(entry, payload=None, salt=None) if place in gone else entry
        for place, entry in enumerate(links)
    ]
    assert found(erased, links) == []


@given(chains(), st.sampled_from(["payload", "salt"]))
def test_payload_and_salt_are_erased_together_or_not_at_all(links: list[Link], name: str) -> None:
    halved = [replace(links[0], **{name: None}), *links[1:]]
    assert found(halved, links) == [1]


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_fields_cannot_lend_each_other_text(actor: str, event: str, other: str, another: str) -> None:
    def made(who: str, what: str) -> str:
        return link(GENESIS, "case", 1, AT, who, what, "{}", "salt").hash

    assert (made(actor, event) == made(other, another)) == ((actor, event) == (other, another))
    assert made(f"{actor}\n{event}", other) != made(actor, f"{event}\n{other}")
