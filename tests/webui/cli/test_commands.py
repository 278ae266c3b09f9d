"""The command line: every command has a help text, does its work, and is refused in a sentence."""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tests.webui import organisation
from webui.cli import main
from webui.cli.common import DEBUG_VARIABLE
from webui.version import __version__

ROOT = Path(__file__).resolve().parents[3]
Parley = Callable[..., Result]


@pytest.fixture
def parley(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Parley:
    """`parley("audit", "verify")` on a database of its own, from a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(DEBUG_VARIABLE, raising=False)
    monkeypatch.setenv("PARLEY_DATABASE", f"sqlite:///{tmp_path / 'var' / 'parley.sqlite3'}")
    return lambda *words, **more: CliRunner().invoke(main, list(words), **more)


@pytest.fixture
def filled(parley: Parley, demonstration_database: Path, tmp_path: Path) -> Parley:
    """The same on a copy of the demonstration organisation."""
    (tmp_path / "var").mkdir()
    shutil.copyfile(demonstration_database, tmp_path / "var" / "parley.sqlite3")
    return parley


def commands(group: click.Group, path: Sequence[str] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize(
    ("path", "command"),
    list(commands(main)),
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_every_command_and_option_says_what_it_is_for(
    parley: Parley, path: tuple[str, ...], command: click.Command
) -> None:
    assert command.help
    assert [each.name for each in command.params if isinstance(each, click.Option) and not each.help] == []
    shown = parley(*path, "--help")
    assert shown.exit_code == 0
    assert "Usage:" in shown.output


def test_the_commands_there_are(parley: Parley) -> None:
    assert set(main.commands) == {
        "audit",
        "db",
        "decide",
        "demo",
        "feel",
        "import",
        "init",
        "organisation",
        "policy",
        "register",
        "serve",
        "tck",
        "worker",
    }
    assert __version__ in parley("--version").output


def test_a_real_organisation_from_nothing(parley: Parley) -> None:
    assert parley("db", "upgrade").exit_code == 0
    named = ["--organisation", "Nordhavn Bank", "--name", "Adam Novak", "--email", "adam@example.org"]
    typed = "a long enough passphrase\na long enough passphrase\n"
    made = parley("init", *named, input=typed)
    assert made.exit_code == 0, made.output
    assert "adam@example.org" in made.output
    assert "passphrase" not in made.output
    assert "risk-decision" in parley("policy", "list").output
    again = parley(
        "init",
        "--organisation",
        "Other",
        "--name",
        "B",
        "--email",
        "b@example.org",
        "--password",
        "another passphrase",
    )
    assert again.exit_code == 1
    assert "already set up" in again.output
    verified = parley("audit", "verify")
    assert verified.exit_code == 0
    assert "The record holds" in verified.output


def test_a_database_that_was_not_made_is_said_to_be_so(parley: Parley, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    refused = parley("policy", "list")
    assert refused.exit_code == 1
    assert "parley db upgrade" in refused.output
    assert "Traceback" not in refused.output


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y", "sqlite:////nowhere/at/all/parley.sqlite3"])
def test_a_database_that_cannot_be_used_is_said_to_be_so(parley: Parley, url: str) -> None:
    refused = parley("--database", url, "policy", "list")
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: ")
    assert "Traceback" not in refused.output


def test_a_mistyped_path_makes_no_database(parley: Parley, tmp_path: Path) -> None:
    place = tmp_path / "mistyped.sqlite3"
    refused = parley("--database", f"sqlite:///{place}", "audit", "verify")
    assert refused.exit_code == 1
    assert f"There is no database at {place}. Nothing was made." in refused.output
    assert not place.exists()


@pytest.mark.parametrize("words", [("audit", "verify"), ("db", "upgrade")])
def test_another_kind_of_database_is_refused_by_its_name(parley: Parley, words: Sequence[str]) -> None:
    refused = parley("--database", "mysql://root@localhost/parley", *words)
    assert refused.exit_code == 1
    assert "in SQLite or PostgreSQL, not in mysql" in refused.output


def test_policies_are_loaded_once(filled: Parley) -> None:
    first = filled("policy", "load", str(ROOT / "bpmn"))
    assert first.exit_code == 0, first.output
    assert "risk-decision: this is version 1 already; nothing was made" in first.output
    assert "risk-decision: version 1" in filled("policy", "install").output
    shown = filled("policy", "show", "risk-decision", "--version", "1")
    assert "risk-decision.bpmn" in shown.output
    assert filled("policy", "show", "risk-decision", "--version", "7").exit_code == 1
    assert filled("policy", "show", "none").exit_code == 1


def test_a_folder_without_a_policy(filled: Parley, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused = filled("policy", "load", str(tmp_path / "empty"))
    assert refused.exit_code == 1
    assert "holds no policy" in refused.output


def test_a_diagram_that_cannot_be_released(filled: Parley, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "broken.bpmn").write_text("<definitions>", encoding="utf-8")
    refused = filled("policy", "load", str(folder))
    assert refused.exit_code == 1
    assert "Nothing was" in refused.output


def test_the_catalogue_is_imported_and_again_is_the_same(filled: Parley, shared_data: Path) -> None:
    first = filled("import", "kev", str(shared_data / "kev.csv"))
    assert first.exit_code == 0, first.output
    assert "1,404 rows read" in first.output
    again = filled("import", "kev", str(shared_data / "kev.csv"))
    assert "1404 as before" in again.output


def test_a_row_that_cannot_be_read_is_named(filled: Parley, tmp_path: Path) -> None:
    catalogue = json.loads(json.dumps(organisation.KEV))
    catalogue["vulnerabilities"].append(
        {**catalogue["vulnerabilities"][0], "cveID": "CVE-2024-9999", "dateAdded": "soon"}
    )
    catalogue["count"] = 2
    file = tmp_path / "kev.json"
    file.write_text(json.dumps(catalogue), encoding="utf-8")
    result = filled("import", "kev", str(file))
    assert result.exit_code == 1
    assert "CVE-2024-9999" in result.output
    assert "1 left out" in result.output


def test_altering_the_record_is_found(filled: Parley, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "var" / "parley.sqlite3")
    with connection:
        connection.execute("DROP TRIGGER audit_entries_no_update")
        connection.execute("UPDATE audit_entries SET actor = actor || '!' WHERE seq = 1")
    connection.close()
    result = filled("audit", "verify")
    assert result.exit_code == 1
    assert "entry 1" in result.output


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("1 + 2 / 3", "1.666666666666666666666666666666667"),
        ('if 2 > 1 then "yes" else "no"', '"yes"'),
        ("[1..3][item > 1]", None),
        ('{a: 1, b: date("2026-03-02")}', '{"a": 1, "b": "2026-03-02"}'),
        ("null", "null"),
    ],
)
def test_feel(parley: Parley, expression: str, printed: str | None) -> None:
    result = parley("feel", expression)
    assert result.exit_code == 0, result.output
    if printed is not None:
        assert result.output.strip() == printed


def test_feel_with_data(parley: Parley, tmp_path: Path) -> None:
    data = tmp_path / "data.json"
    data.write_text('{"decide": {"decision": "exempt", "days": 90}}', encoding="utf-8")
    assert (
        parley("feel", 'decide.decision = "exempt" and decide.days < 365', "--data", str(data)).output
        == "true\n"
    )
    data.write_text("[1]", encoding="utf-8")
    assert parley("feel", "1", "--data", str(data)).exit_code == 1


def test_feel_says_what_is_wrong_and_where(parley: Parley) -> None:
    result = parley("feel", "1 +")
    assert result.exit_code == 1
    assert "column" in result.output


def test_a_decision_comes_with_its_reason(parley: Parley, shared_data: Path, tmp_path: Path) -> None:
    folder = next((shared_data / "dmn-tck").rglob("0004-lending"))
    data = tmp_path / "data.json"
    data.write_text("{}", encoding="utf-8")
    result = parley("decide", str(next(folder.glob("*.dmn"))), "No such decision", "--data", str(data))
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")


def test_the_conformance_kit_counts_by_case_and_in_sum(parley: Parley, shared_data: Path) -> None:
    folder = next((shared_data / "dmn-tck").rglob("compliance-level-2"))
    report = json.loads(parley("tck", str(folder), "--json").output)
    assert report["passed"] == report["total"] == sum(case["total"] for case in report["cases"].values())
    assert report["total"] > 100


def test_serving_for_others_needs_a_name(filled: Parley) -> None:
    refused = filled("serve", "--host", "0.0.0.0")
    assert refused.exit_code == 2
    assert "--allowed-host" in refused.output


def test_nothing_is_served_from_a_database_without_an_organisation(parley: Parley) -> None:
    parley("db", "upgrade")
    refused = parley("serve", "--port", "1")
    assert refused.exit_code == 1
    assert "parley init" in refused.output


def test_lint_says_what_a_release_would(
    parley: Parley, root: Path, tmp_path: Path, shared_data: Path
) -> None:
    shipped = root / "bpmn" / "risk-decision" / "risk-decision.bpmn"
    assert parley("policy", "lint", str(shipped)).exit_code == 0
    refused = parley("policy", "lint", str(shared_data / "bpmn-miwg" / "ref-A.1.0.bpmn"))
    assert refused.exit_code == 1
    assert "is refused" in refused.output
    unread = tmp_path / "note.bpmn"
    unread.write_text("<html>")
    mixed = parley("policy", "lint", "--json", str(shipped), str(unread))
    assert mixed.exit_code == 2
    read, broken = json.loads(mixed.output)
    assert (read["readable"], read["findings"], broken["readable"]) == (True, [], False)
    assert broken["findings"][0]["rule"] == "well-formed"


def test_lint_takes_folders_and_forms_and_says_what_is_no_file(
    parley: Parley, root: Path, tmp_path: Path
) -> None:
    folder = root / "bpmn" / "weekly-dialogue"
    whole = parley("policy", "lint", "--json", str(folder))
    assert whole.exit_code == 0
    assert {Path(each["path"]).name for each in json.loads(whole.output)} == {
        path.name for path in folder.iterdir() if path.suffix in (".bpmn", ".dmn", ".form")
    }
    form = tmp_path / "odd.form"
    form.write_text('{"components": 3}')
    refused = parley("policy", "lint", str(form))
    assert (refused.exit_code, "form-readable" in refused.output) == (1, True)
    for nothing in ("/dev/zero", str(tmp_path / "none.bpmn")):
        unread = parley("policy", "lint", nothing)
        assert (unread.exit_code, "could not be read" in unread.output) == (2, True)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds no policy" in parley("policy", "lint", str(empty)).output


def test_coverage_says_what_scenarios_take(parley: Parley, root: Path, tmp_path: Path) -> None:
    folder = root / "bpmn" / "weekly-dialogue"
    told = parley("policy", "coverage", str(folder))
    assert told.exit_code == 0, told.output
    assert "weekly-dialogue: 5 scenarios, 16 of 16 sequence flows, 6 of 6 events" in told.output
    copy = shutil.copytree(folder, tmp_path / "weekly-dialogue")
    for path in (copy / "scenarios").glob("*.json"):
        path.unlink()
    missing = parley("policy", "coverage", "--json", str(copy))
    assert missing.exit_code == 1
    (policy,) = json.loads(missing.stdout)
    assert [each["total"] - len(each["missing"]) for each in policy["taken"]] == [0, 0, 0]


def test_a_port_that_is_taken_is_said_before_anything_runs(
    filled: Parley, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*_: object, **__: object) -> None:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    swept: list[object] = []
    module = sys.modules["webui.cli.serve"]  # under its dotted name stands the command
    monkeypatch.setattr(module, "sweep", lambda *_: swept.append(1))
    # The server's own class leaves its socket to the garbage collector where binding fails.
    monkeypatch.setattr("waitress.create_server", taken)
    result = filled("serve", "--port", "8123")
    assert result.exit_code == 1
    assert "Port 8123 of 127.0.0.1 cannot be used" in result.output
    assert swept == [], "no worker began on a database that is closed again"


def test_a_database_of_an_earlier_release_is_said_to_be_so(filled: Parley, tmp_path: Path) -> None:
    place = tmp_path / "var" / "parley.sqlite3"
    with sqlite3.connect(place) as connection:
        connection.execute(
            "UPDATE alembic_version SET version_num = 'engine_0001' WHERE version_num LIKE 'engine%'"
        )
    connection.close()
    refused = filled("serve", "--port", "18999")
    assert refused.exit_code == 1
    assert "parley db upgrade" in refused.output


def test_nobody_else_on_the_machine_reads_a_new_database(parley: Parley, tmp_path: Path) -> None:
    assert parley("db", "upgrade").exit_code == 0
    assert (tmp_path / "var" / "parley.sqlite3").stat().st_mode & 0o077 == 0


def test_a_real_organisation_is_staffed_in_an_administrator_s_name(parley: Parley) -> None:
    secret = "a long enough passphrase"
    assert parley("db", "upgrade").exit_code == 0
    words = ("--organisation", "Nordhavn", "--name", "Adam Novak", "--email", "adam@example.org")
    assert parley("init", *words, "--password", secret).exit_code == 0

    def act(*words: str) -> Result:
        return parley("organisation", "--by", "adam@example.org", "--password", secret, *words)

    assert act("unit", "payments", "Payments").exit_code == 0
    for name, email in (("Dana Reyes", "dana@example.org"), ("Mei Tan", "mei@example.org")):
        added = act("person", name, email, "--unit", "payments", "--new-password", "another long passphrase")
        assert added.exit_code == 0, added.output
    assert (
        "Dana Reyes is appointed"
        in act("appoint", "dana@example.org", "cio", "--basis", "Resolution 1").output
    )
    seated = act("member", "mei@example.org", "finance", "--chair", "--basis", "Charter")
    assert "Mei Tan is on the Steering committee" in seated.output
    refused = act("member", "dana@example.org", "it", "--basis", "Charter")
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: ")
    assert act("asset", "Gateway", "--unit", "payments", "--criticality", "high", "--shared").exit_code == 0
    assert parley("audit", "verify").exit_code == 0
    stranger = parley("organisation", "--by", "mei@example.org", "--password", "wrong", "unit", "x", "X")
    assert stranger.exit_code == 1
