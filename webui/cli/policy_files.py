"""`parley policy export` and `import`: a policy's files out as a zip or a folder, and in again as a draft."""

from __future__ import annotations

from pathlib import Path

import click

from webui.cli.common import opened
from webui.cli.policy import SUFFIXES, policy
from webui.display import plural
from workflows.playing.facade import Playing
from workflows.scenarios.reading import FOLDER
from workflows.studio.archive import to_folder, to_zip, with_scenarios
from workflows.studio.bundles import read_material, read_scenarios, read_uploads
from workflows.studio.takeover import TakeoverPage
from workflows.types import SYSTEM_PERSON

__all__ = ["policy"]

PLACE = click.Path(path_type=Path)


@policy.command("export")
@click.argument("key")
@click.argument("place", type=PLACE)
@click.option("--version", "number", type=int, default=None, help="Number of the version; else the latest.")
@click.pass_obj
def export(database: str, key: str, place: Path, number: int | None) -> None:
    """Write a version of KEY, files and scenarios, to PLACE: a zip where it ends in .zip, else a folder.

    The same content gives the same bytes, so that a folder can be kept in Git and two zips can be compared.
    In a folder, diagrams, tables, forms and scenarios that are not of the version are taken out; other
    files stay.
    """
    with opened(database) as parley:
        version, held = parley.studio.history.files(SYSTEM_PERSON, key, number)
        scenarios = Playing(parley.context).of_version(SYSTEM_PERSON, version.hash)
    files = with_scenarios(held, scenarios)
    if place.suffix == ".zip":
        place.write_bytes(to_zip(files))
        gone: list[str] = []
    else:
        gone = to_folder(files, place, tuple(SUFFIXES))
    counted = f"{plural(len(held), 'file')} and {plural(len(scenarios), 'scenario')}"
    click.echo(f"{key}, version {version.number} ({version.hash[:12]}): {counted} in {place}")
    for name in gone:
        click.echo(f"  taken out: {name}, which this version does not hold")


@policy.command("import")
@click.argument("key")
@click.argument("paths", type=click.Path(exists=True, path_type=Path), nargs=-1, required=True)
@click.option("--title", default="", help="Title of a policy that is new.")
@click.pass_obj
def import_(database: str, key: str, paths: tuple[Path, ...], title: str) -> None:
    """Bring files in as a draft of KEY: zips, folders or single files, of Parley or of other tools.

    Nothing is released: a draft goes through review. Files are kept as they came, byte for byte. Where
    another tool wrote some of them, what they say is offered on the draft's page as Parley's own; here it is
    listed, with what could not be taken over.
    """
    given = [each for path in paths for each in _given(path)]
    files, material, scenarios = read_uploads(given), read_material(given), read_scenarios(given, key)
    with opened(database) as parley:
        made = parley.studio.make(SYSTEM_PERSON, key, title=title, files=files)
        kept = parley.studio.takeover.bring(SYSTEM_PERSON, made.id, files, material)
        if scenarios:
            Playing(parley.context).bring(SYSTEM_PERSON, made.id, scenarios)
        found = parley.studio.findings(SYSTEM_PERSON, made.id)
        takeover = parley.studio.takeover.page(SYSTEM_PERSON, made.id)
    told = f" and {plural(len(scenarios), 'scenario')}" if scenarios else ""
    click.echo(f"draft {made.id} of {key}: {plural(len(files), 'file')}{told}")
    if kept:
        click.echo(f"  kept beside it, for its forms: {', '.join(kept)}")
    _tell_takeover(takeover)
    for each in found:
        click.echo(f"  {'to mend' if each.is_refusal else 'to look at'}: {each.path} {each.sentence}")


def _given(path: Path) -> list[tuple[str, bytes]]:
    """A file; or of a folder, what lies in it and its scenarios, which are named by their folder."""
    if not path.is_dir():
        return [(path.name, path.read_bytes())]
    inside = [each for each in sorted(path.iterdir()) if each.is_file()]
    told = sorted((path / FOLDER).glob("*.json"))
    return [(each.relative_to(path).as_posix(), each.read_bytes()) for each in (*inside, *told)]


def _tell_takeover(page: TakeoverPage) -> None:
    """What other tools' files offer, and what could not be taken over."""
    if page.tools:
        click.echo(f"written by {' and '.join(page.tools)}; take what is meant on the draft's page")
    for offer in page.offers:
        click.echo(f"  offered: {', '.join(offer.elements)}: {offer.found} {offer.sentence}")
    for row in page.left:
        click.echo(f"  not taken over: {row.element}: {row.said} {row.value}".rstrip())
        click.echo(f"    {row.why} {row.advice}")
