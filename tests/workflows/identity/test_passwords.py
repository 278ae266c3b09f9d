"""Sign-in by password: what is stored, what is refused, and how often one may try."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from tests.workflows.world import World
from workflows.errors import NotEntitled, RuleBroken, SignInRefused
from workflows.identity import passwords
from workflows.identity.models import credentials, sign_in_attempts

GOOD = "correct horse battery staple"


@pytest.fixture
def signed(small_world: World) -> World:
    small_world.parley.identity.set_password(small_world.people["admin"], "cio", GOOD)
    return small_world


def test_the_right_password_signs_in(signed: World) -> None:
    assert signed.parley.identity.authenticate(" CIO@bank.example ", GOOD).id == "cio"


def test_only_a_hash_is_stored(signed: World) -> None:
    with signed.parley.database.reading() as connection:
        stored = connection.execute(select(credentials.c.password_hash)).scalar_one()
    assert stored.startswith("$argon2id$")
    assert GOOD not in stored


def test_every_refusal_reads_the_same(signed: World) -> None:
    identity = signed.parley.identity
    signed.parley.identity.set_password(signed.people["admin"], "coo", GOOD)
    identity.change_person(signed.people["admin"], "coo", active=False)
    sentences = set()
    for email, password in (
        ("cio@bank.example", "wrong password"),
        ("nobody@bank.example", GOOD),
        ("ciso@bank.example", GOOD),
        ("coo@bank.example", GOOD),
        ("cio@bank.example", ""),
        ("cio@bank.example", "x" * 100_000),
    ):
        with pytest.raises(SignInRefused) as refused:
            identity.authenticate(email, password)
        sentences.add(str(refused.value))
    assert len(sentences) == 1


def test_too_many_tries_are_refused_for_a_while_even_with_the_right_password(signed: World) -> None:
    identity = signed.parley.identity
    for _ in range(passwords.TRIES_PER_ADDRESS):
        with pytest.raises(SignInRefused):
            identity.authenticate("cio@bank.example", "wrong")
    with pytest.raises(SignInRefused, match="too many tries") as refused:
        identity.authenticate("cio@bank.example", GOOD)
    assert refused.value.retry_at is not None
    assert refused.value.retry_at > datetime.now(UTC)
    signed.clock.advance(days=30)
    with pytest.raises(SignInRefused, match="too many tries"):
        identity.authenticate("cio@bank.example", GOOD)
    with signed.parley.database.unit_of_work() as uow:
        long_ago = datetime.now(UTC) - passwords.WINDOW - timedelta(seconds=1)
        uow.connection.execute(update(sign_in_attempts).values(at=long_ago))
    assert identity.authenticate("cio@bank.example", GOOD).id == "cio"


def test_a_success_clears_the_count(signed: World) -> None:
    identity = signed.parley.identity
    for _ in range(2):
        for _ in range(passwords.TRIES_PER_ADDRESS - 1):
            with pytest.raises(SignInRefused, match="do not match"):
                identity.authenticate("cio@bank.example", "wrong")
        assert identity.authenticate("cio@bank.example", GOOD).id == "cio"


def test_one_place_does_not_try_many_addresses(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "TRIES_PER_SOURCE", 3)
    for number in range(3):
        with pytest.raises(SignInRefused, match="do not match"):
            signed.parley.identity.authenticate(f"guess{number}@bank.example", GOOD, source="192.0.2.7")
    with pytest.raises(SignInRefused, match="too many tries"):
        signed.parley.identity.authenticate("cio@bank.example", GOOD, source="192.0.2.7")
    assert signed.parley.identity.authenticate("cio@bank.example", GOOD, source="192.0.2.8").id == "cio"


@pytest.mark.parametrize(
    "weak", ["short", "aaaaaaaaaaaaaaaa", "cio@bank.example", "x" * 257, "ababababababab"]
)
def test_weak_passwords_are_refused(small_world: World, weak: str) -> None:
    with pytest.raises(RuleBroken):
        small_world.parley.identity.set_password(small_world.people["admin"], "cio", weak)


def test_one_sets_the_own_password_and_not_that_of_others(signed: World) -> None:
    identity = signed.parley.identity
    identity.set_password(signed.people["cio"], "cio", "a new and better sentence")
    assert identity.authenticate("cio@bank.example", "a new and better sentence").id == "cio"
    with pytest.raises(NotEntitled):
        identity.set_password(signed.people["cio"], "ciso", GOOD)
