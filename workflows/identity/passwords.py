"""Passwords: hashed with argon2id, checked under a limit of tries that is kept in rows.

Sessions and tries use real time, not the installation's clock: nobody gains tries by moving a demonstration's
clock.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, func, insert, select, update

from engine.db import Database, UnitOfWork
from workflows.errors import RuleBroken, SignInRefused
from workflows.identity.models import credentials, sign_in_attempts
from workflows.identity.queries import find_by_email
from workflows.identity.types import Person
from workflows.keys import new_id

MIN_LENGTH = 12
MAX_LENGTH = 256
"""Long enough for any passphrase; a bound on what a hash may cost."""
WINDOW = timedelta(minutes=15)
TRIES_PER_ADDRESS = 5
"""Failures for one e-mail address within the window, since the last success."""
TRIES_PER_SOURCE = 50
"""Failures from one place within the window, whatever the address."""
KEPT = timedelta(days=90)
"""How long tries stay in their table."""

_hasher = PasswordHasher()


@cache
def _dummy() -> str:
    """Checked against where there is nobody, so that an unknown address takes as long as a wrong password."""
    return _hasher.hash(new_id())


def check_strength(person: Person, password: str) -> None:
    """Refuse a password that is too short, too long or made of the person's own name.

    Raises `RuleBroken`. Length and no composition rules: NIST SP 800-63B, section 5.1.1.2.
    """
    if len(password) < MIN_LENGTH:
        raise RuleBroken(
            f"A password needs {MIN_LENGTH} characters or more; a sentence is a good one.", rule="length"
        )
    if len(password) > MAX_LENGTH:
        raise RuleBroken(
            f"A password has {MAX_LENGTH} characters at the most. Choose a shorter one.", rule="length"
        )
    plain = password.casefold()
    if len(set(plain)) < 5:
        raise RuleBroken("This password repeats too few characters. Choose another one.", rule="common")
    own = {
        person.email.casefold(),
        person.email.partition("@")[0].casefold(),
        *person.name.casefold().split(),
    }
    if plain in own or plain.strip("0123456789!.-_ ") in own:
        raise RuleBroken("This password is made of the person's own name. Choose another one.", rule="common")


def store(connection: Connection, person: Person, password: str, now: datetime) -> None:
    """Hash and store a password. Raises `RuleBroken` where it is weak."""
    check_strength(person, password)
    values = {"password_hash": _hasher.hash(password), "set_at": now}
    changed = connection.execute(
        update(credentials).where(credentials.c.person_id == person.id).values(**values)
    )
    if changed.rowcount == 0:
        connection.execute(insert(credentials).values(person_id=person.id, **values))


def authenticate(database: Database, email: str, password: str, source: str) -> Person:
    """The active person whom address and password belong to.

    Raises:
        SignInRefused: wrong, unknown or inactive, in one and the same sentence; or too many tries, with
        `retry_at`.
    """
    address, source = email.strip().lower()[:320], source[:100]
    attempt = new_id()

    def begin() -> tuple[Person | None, str]:
        # The try is on record before the password is looked at, so that tries at the same moment all count.
        with database.unit_of_work() as uow:
            _check_limit(uow.connection, address, source)
            return _begin(uow, attempt, address, source)

    person, stored = database.retrying(begin)
    if not _matches(stored, password) or person is None or not person.active:
        raise SignInRefused()

    def succeed() -> None:
        with database.unit_of_work() as uow:
            uow.connection.execute(
                update(sign_in_attempts).where(sign_in_attempts.c.id == attempt).values(succeeded=True)
            )
            if _hasher.check_needs_rehash(stored):
                uow.connection.execute(
                    update(credentials)
                    .where(credentials.c.person_id == person.id, credentials.c.password_hash == stored)
                    .values(password_hash=_hasher.hash(password))
                )

    database.retrying(succeed)
    return person


def _begin(uow: UnitOfWork, attempt: str, address: str, source: str) -> tuple[Person | None, str]:
    connection, now = uow.connection, datetime.now(UTC)
    connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.at < now - KEPT))
    connection.execute(
        insert(sign_in_attempts).values(id=attempt, email=address, source=source, at=now, succeeded=False)
    )
    person = find_by_email(connection, address)
    stored = None
    if person is not None:
        stored = connection.execute(
            select(credentials.c.password_hash).where(credentials.c.person_id == person.id)
        ).scalar_one_or_none()
    return person, stored or _dummy()


def _matches(stored: str, password: str) -> bool:
    if len(password) > MAX_LENGTH:
        password = ""
    try:
        return _hasher.verify(stored, password) and stored != _dummy()
    except (VerificationError, InvalidHashError):
        return False


def _check_limit(connection: Connection, address: str, source: str) -> None:
    table, since = sign_in_attempts, datetime.now(UTC) - WINDOW
    last_success = connection.execute(
        select(func.max(table.c.at)).where(table.c.email == address, table.c.succeeded.is_(True))
    ).scalar_one_or_none()
    start = max(since, last_success) if last_success else since
    for column, value, limit, begin in (
        (table.c.email, address, TRIES_PER_ADDRESS, start),
        (table.c.source, source, TRIES_PER_SOURCE, since),
    ):
        if not value:
            continue
        tries = (
            connection.execute(
                select(table.c.at)
                .where(column == value, table.c.succeeded.is_(False), table.c.at > begin)
                .order_by(table.c.at.desc())
                .limit(limit)
            )
            .scalars()
            .all()
        )
        if len(tries) >= limit:
            retry_at = tries[-1] + WINDOW
            raise SignInRefused(
                f"There were too many tries. Nothing is lost: try again after {retry_at:%H:%M} UTC.",
                retry_at=retry_at,
            )
