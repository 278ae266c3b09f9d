"""`parley policy`: load policies from folders, list them, show one."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from engine.lint import Around, Report, exit_status, lint_file, lint_folder
from webui.cli.common import EXISTING_FOLDER, opened
from webui.display import plural
from workflows.bootstrap import operations
from workflows.forms_port import BundleForms
from workflows.scenarios.coverage import PolicyCoverage
from workflows.scenarios.coverage import coverage as tell_coverage
from workflows.scenarios.types import Scenario
from workflows.shipped import shipped_policies
from workflows.types import SYSTEM_PERSON, Role

SUFFIXES = {".bpmn", ".dmn", ".form"}


@click.group()
def policy() -> None:
    """Load and look at policies: diagrams with their tables and forms."""


def folders(given: Path) -> list[Path]:
    """The folder itself where it holds a policy's files, else those of its folders that do."""
    holds = [path for path in (given, *sorted(given.iterdir())) if path.is_dir()]
    found = [
        path for path in holds if any(each.suffix in SUFFIXES for each in path.iterdir() if each.is_file())
    ]
    return found[:1] if found[:1] == [given] else found


@policy.command()
@click.argument("folder", type=EXISTING_FOLDER)
@click.option("--note", default="", help="Why it should be released; a comment on the draft.")
@click.pass_obj
def load(database: str, folder: Path, note: str) -> None:
    """Make drafts of what FOLDER holds: one policy, or a folder of policies.

    Nothing is released by it: a draft is reviewed by CIO and CISO and endorsed first. The same content again
    changes nothing.
    """
    found = folders(folder)
    if not found:
        raise click.ClickException(
            f"{folder} holds no policy (no .bpmn, .dmn or .form file). Nothing was loaded."
        )
    with opened(database) as parley:
        for each in found:
            loaded = parley.policies.load_folder(SYSTEM_PERSON, each, note=note)
            if loaded.version is not None:
                click.echo(f"{loaded.key}: this is version {loaded.version.number} already; nothing was made")
            else:
                click.echo(
                    f"{loaded.key}: a draft ({loaded.draft_id}), not released; send it to review on its page"
                )


@policy.command()
@click.pass_obj
def install(database: str) -> None:
    """Install the policies that ship with this release and that the database has no version of."""
    with opened(database) as parley:
        for version in parley.policies.load_shipped(SYSTEM_PERSON):
            click.echo(f"{version.key}: version {version.number} ({version.hash[:12]})")


@policy.command("list")
@click.pass_obj
def list_(database: str) -> None:
    """All policies in their latest version."""
    with opened(database) as parley:
        found = parley.policies.policies(SYSTEM_PERSON)
    for each in found:
        click.echo(f"{each.key:<24} version {each.latest.number:<4} {each.latest.hash[:12]}  {each.title}")
    if not found:
        click.echo("No policy has been released yet. Load one with “parley policy load FOLDER”.")


@policy.command()
@click.argument("key")
@click.option(
    "--version", "number", type=int, default=None, help="Number of the version; the latest without it."
)
@click.pass_obj
def show(database: str, key: str, number: int | None) -> None:
    """One policy: its version, its files and their hashes."""
    with opened(database) as parley:
        wanted = None
        if number is not None:
            known = parley.policies.versions(SYSTEM_PERSON, key)
            wanted = next((each.hash for each in known if each.number == number), None)
            if wanted is None:
                raise click.ClickException(
                    f"{key} has no version {number}; it has {plural(len(known), 'version')}."
                )
        page = parley.policies.page(SYSTEM_PERSON, key, wanted)
    click.echo(f"{page.policy.title}, version {page.version.number}, {page.version.state}")
    click.echo(f"  hash      {page.version.hash}")
    click.echo(f"  recorded  {page.version.recorded_at:%Y-%m-%d %H:%M} UTC {page.version.note}".rstrip())
    click.echo(f"  in use by {plural(page.open_cases, 'open case')}")
    for each in page.included:
        click.echo(f"  includes {each.key}, version {each.number} ({each.hash[:12]}), which it calls")
    for file in page.files:
        click.echo(f"  {file.sha256[:12]}  {file.size:>8}  {file.path}")


@policy.command()
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def lint(context: click.Context, paths: tuple[Path, ...], as_json: bool) -> None:
    """Check diagrams, tables and forms as a release would, without a database.

    Each of PATHS is a file, a policy's folder, or a folder of policies. A policy is checked with those in the
    folders beside it that it calls.

    Exit status: 0 where all could be released as drawn, 1 where something is refused, 2 where a file could
    not be read at all.
    """
    around = Around(BundleForms(), operations(), [str(role) for role in Role])
    reports = [report for path in paths for report in _reports(path, around)]
    if as_json:
        click.echo(json.dumps([report.as_dict() for report in reports], indent=2, ensure_ascii=False))
    else:
        for report in reports:
            _tell(report)
    context.exit(exit_status(reports))


@policy.command()
@click.argument("folder", type=EXISTING_FOLDER, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--keep-records", is_flag=True, help="Write what an auditor reads beside each scenario. Read it, then."
)
@click.pass_context
def coverage(context: click.Context, folder: Path | None, as_json: bool, keep_records: bool) -> None:
    """Tell every scenario of the policies in FOLDER, and say what of the diagrams they take.

    FOLDER is one policy's or holds several; without it, the policies that ship. Each scenario is told twice
    on a temporary installation: the case saved and restored between its steps, and alive in memory. Exit
    status: 0 where all is true and every sequence flow, event and table's rule is taken, else 1.
    """
    home = folder or shipped_policies()

    def progress(number: int, total: int, scenario: Scenario) -> None:
        if not as_json:
            click.echo(f"{number:>4} of {total}  {scenario.policy}: {scenario.title}", err=True)

    found = tell_coverage(home, progress, keep_records=keep_records)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2, ensure_ascii=False))
    else:
        for each in found:
            _tell_coverage(each)
    context.exit(0 if all(each.is_complete for each in found) else 1)


def _tell_coverage(policy_: PolicyCoverage) -> None:
    counts = ", ".join(
        f"{each.total - len(each.missing)} of {each.total} {each.kind}"
        for each in policy_.taken
        if each.total
    )
    click.echo(f"{policy_.key}: {plural(policy_.scenarios, 'scenario')}, {counts}")
    for taken in policy_.taken:
        for name in taken.missing:
            click.echo(f"  not taken: {name}")
    for name, fault in policy_.faults:
        click.echo(f"  {name}: {fault}")


def _reports(path: Path, around: Around) -> list[Report]:
    if path.is_dir():
        return lint_folder(path, around)
    return [lint_file(path, forms=around.forms, operations=around.operations, roles=around.roles)]


def _tell(report: Report) -> None:
    """A file's findings, a line each."""
    verdict = "could be released as drawn" if report.releasable else "is refused"
    click.echo(f"{report.path}: {verdict if report.readable else 'could not be read'}")
    for finding in report.findings:
        where = f" at {finding.element_id}" if finding.element_id else ""
        click.echo(f"  {finding.severity.value} {finding.rule}{where}: {finding.sentence}")
