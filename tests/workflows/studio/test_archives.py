"""Archives that somebody made up or that broke on the way: what is a policy's is taken, the rest refused."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile

import pytest

from workflows.errors import FileRefused
from workflows.policies.commands import MAX_BYTES
from workflows.studio.bundles import read_uploads

DIAGRAM = b"<bpmn/>" * 40


def packed(*members: tuple[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def changed(data: bytes, mark: bytes, offset: int, value: bytes) -> bytes:
    """The zip with some bytes of its last record of this kind overwritten."""
    at = data.rfind(mark) + offset
    return data[:at] + value + data[at + len(value) :]


def test_folders_of_any_kind_are_left_out_so_that_nothing_lands_elsewhere() -> None:
    data = packed(
        ("../../../etc/p.bpmn", DIAGRAM), ("/abs/a.form", b"{}"), ("C:\\x\\b.form", b"{}"), ("..\\c.dmn", b"")
    )
    assert sorted(read_uploads([("p.zip", data)])) == ["a.form", "b.form", "c.dmn", "p.bpmn"]


def test_two_members_of_one_name_are_one_only_where_they_are_the_same() -> None:
    assert list(read_uploads([("p.zip", packed(("a/p.bpmn", DIAGRAM), ("b/p.bpmn", DIAGRAM)))])) == ["p.bpmn"]
    with pytest.raises(FileRefused, match=r"two different files p\.bpmn"):
        read_uploads([("p.zip", packed(("a/p.bpmn", DIAGRAM), ("b/p.bpmn", b"")))])


def test_a_link_is_the_text_it_holds_and_leads_nowhere() -> None:
    link = zipfile.ZipInfo("p.bpmn")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert read_uploads([("p.zip", made.getvalue())]) == {"p.bpmn": b"/etc/passwd"}


def test_what_grows_when_it_is_unpacked_is_refused_whatever_it_says_of_its_size() -> None:
    bomb = packed(("p.bpmn", b"0" * (4 * MAX_BYTES + 1)))
    for data in (bomb, changed(bomb, b"PK\x01\x02", 24, struct.pack("<I", 100))):
        with pytest.raises(FileRefused, match="Nothing was stored"):
            read_uploads([("p.zip", data)])


WHOLE = packed(("p.bpmn", DIAGRAM))
BROKEN = {
    "cut off": WHOLE[:-30],
    "nothing": b"",
    "encrypted": changed(changed(WHOLE, b"PK\x01\x02", 8, b"\x01"), b"PK\x03\x04", 6, b"\x01"),
    "packed in an unknown way": changed(
        changed(WHOLE, b"PK\x01\x02", 10, b"\x63"), b"PK\x03\x04", 8, b"\x63"
    ),
    "its place is nowhere": changed(WHOLE, b"PK\x05\x06", 16, b"\xf0\xff\xff\xff"),
    "its member is nowhere": changed(WHOLE, b"PK\x01\x02", 42, b"\xff\xff\xff\x7f"),
    "its name is no text": packed(("ä.bpmn", DIAGRAM)).replace("ä".encode(), b"\xff\xfe"),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_an_archive_that_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(FileRefused, match="no zip that can be read"):
        read_uploads([("p.zip", data)])


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_random_damage_is_never_a_traceback(packing: int) -> None:
    chance = random.Random(20261123)
    noise = bytes(chance.randrange(256) for _ in range(2_000))
    whole = packed(("p.bpmn", DIAGRAM + noise), ("a.form", b"{}"), packing=packing)
    refused = 0
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read_uploads([("p.zip", bytes(data))])
        except FileRefused:
            refused += 1
    assert refused > 200
