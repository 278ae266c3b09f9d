"""The stage of a dry run: a throw-away installation with the policies of this one, the draft among them."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from engine import Engine
from engine.definitions.store import content_hash
from engine.types import Instance, Version
from workflows.bootstrap import Parley, Settings, open_parley
from workflows.errors import RuleBroken
from workflows.identity.types import Role
from workflows.scenarios.reading import read
from workflows.scenarios.stage import OPERATOR, POSTS, StageClock, Stages, seat
from workflows.scenarios.types import Scenario

SEATS, ALTERNATES = 5, 2
PEOPLE = (*(role.value for role in (Role.RAISER, *POSTS)), *(seat(n) for n in range(1, SEATS + 1)), OPERATOR)
"""Everybody on the stage of a dry run, in the order in which a person to act is looked for."""

_MEMBER = re.compile(r"member-([0-9]+)")


@dataclass(frozen=True, slots=True)
class Cast:
    """The policies of a stage, by key: all that are released here, and one with files of its own."""

    key: str
    files: Mapping[str, Mapping[str, bytes]]
    titles: Mapping[str, str]

    @property
    def digest(self) -> str:
        """A hash of all their content: what is told on such a stage comes out the same."""
        hashes = sorted(f"{key} {content_hash(files)}" for key, files in self.files.items())
        return sha256("\n".join(hashes).encode()).hexdigest()


def cast(engine: Engine, connection: Connection, key: str, files: Mapping[str, bytes], title: str) -> Cast:
    """What stands on the stage of a policy with these files: a draft's, or a version's."""
    definitions = engine.definitions
    own: dict[str, Mapping[str, bytes]] = {}
    titles: dict[str, str] = {}
    for each in definitions.keys(connection):
        latest: Version = definitions.latest(connection, each)
        own[each] = definitions.callees.own(
            connection, each, definitions.bundle(connection, latest.hash).files
        )
        titles[each] = latest.title
    own[key] = definitions.callees.own(connection, key, files)
    return Cast(key, own, {**titles, key: title})


@contextmanager
def stages(played: Cast) -> Iterator[Stages]:
    """Makes stages with these policies, for as long as they are needed."""
    with TemporaryDirectory(prefix="parley-stage-") as temporary:
        home = Path(temporary)
        folders = home / "policies"
        for key, files in played.files.items():
            (folders / key).mkdir(parents=True)
            (folders / key / "README.md").write_text(f"# {played.titles[key]}\n", encoding="utf-8")
            for path, data in files.items():
                (folders / key / path).write_bytes(data)
        yield Stages(home, folders, {})


def set_up(played: Cast, now: datetime) -> bytes:
    """A stage before anybody acts on it, compressed. Raises `RuleBroken` where the draft cannot run."""
    with stages(played) as made:
        parley, _ = made.open(scenario(played.key, now))
        url = parley.settings.database_url
        parley.close()
        if played.key in made.refused:
            raise RuleBroken(
                "This draft cannot run as it is drawn. Mend what stands against a release; then play it."
            )
        return zlib.compress(Path(url.removeprefix("sqlite:///")).read_bytes(), 1)


@dataclass(slots=True)
class Stage:
    """A stage that was opened."""

    parley: Parley
    clock: StageClock
    place: Path

    def struck(self) -> bytes:
        """The stage as it is now, compressed; nothing can be done on it any more."""
        self.parley.close()
        return zlib.compress(self.place.read_bytes(), 1)

    def case(self, case_id: str) -> Instance:
        """The case that is played."""
        with self.parley.database.reading() as connection:
            return self.parley.engine.instances.get(connection, case_id)


@contextmanager
def opened(kept: bytes, now: datetime) -> Iterator[Stage]:
    """Open a kept stage at its time."""
    with TemporaryDirectory(prefix="parley-stage-") as temporary:
        place = Path(temporary) / "stage.sqlite3"
        place.write_bytes(zlib.decompress(kept))
        clock = StageClock(now)
        parley = open_parley(Settings(f"sqlite:///{place}", durable=False), clock=clock)
        try:
            yield Stage(parley, clock, place)
        finally:
            parley.close()


def scenario(key: str, begins: datetime) -> Scenario:
    """The frame of a dry run as a scenario without steps."""
    frame = {
        "title": "",
        "policy": key,
        "begins": begins.isoformat(),
        "seats": SEATS,
        "alternates": ALTERNATES,
        "steps": [],
        "expected": {"state": "running"},
    }
    return read(Path("play.json"), json.dumps(frame))


def seat_of(person_id: str) -> int | None:
    """The place of a member of the committee, from 1; None for anybody else."""
    found = _MEMBER.fullmatch(person_id)
    return int(found[1]) if found else None


def role_of(person_id: str) -> str:
    """The role in which a scenario names a person of the stage."""
    return Role.COMMITTEE.value if seat_of(person_id) else person_id
