"""`ssc4c release` and `ssc4c releases`: dated snapshots that are kept and never change."""

from typing import Annotated, Any

import typer

from kg.errors import ReleaseRefused
from kg.journal import Journal
from kg.locking import writer_lock
from kg.releases import Release, Releases
from kg.releasing import make_release
from kg.seals import find_damage
from kg.settings import Settings
from loader.commands.journal import open_journal
from loader.commands.output import AsJson, explained, print_json, print_table, say

app = typer.Typer(help="List and verify releases.", no_args_is_help=True)
_DAMAGED = 4
"""Exit code when a release is not as it was made; that of a broken journal."""


def register(to: typer.Typer) -> None:
    """Put the command on the command line."""
    to.command(epilog='Examples: ssc4c release · ssc4c release --title "Before the summit"')(
        release
    )


@explained
def release(
    name: Annotated[
        str, typer.Option(help="Its date; today's by default, with .2 for a second that day.")
    ] = "",
    title: Annotated[str, typer.Option(help="What people call it.")] = "",
    wait: Annotated[float, typer.Option(help="Seconds to wait for a load to finish.")] = 60.0,
    as_json: AsJson = False,
) -> None:
    """Keep the snapshot that is served for ever, if every example query still answers."""
    settings = Settings.from_environment()
    try:
        with (
            writer_lock(settings.home, wait, lambda holder: say(f"Waiting for {holder} …")),
            open_journal(settings) as journal,
        ):
            made = make_release(settings, journal, name, title, say)
    except ReleaseRefused as refusal:
        _tell_faults(refusal, as_json)
        raise
    if as_json:
        print_json(made.facts)
        return
    say(
        f"Released {made.name}: {made.facts['records']:,} records, {made.facts['triples']:,} "
        f"triples; {made.facts['examples']} examples answered. {_tell_changes(made)}"
    )


@app.command("list", epilog="Example: ssc4c releases list --json")
@explained
def list_all(as_json: AsJson = False) -> None:
    """Every release, oldest first."""
    releases = Releases(Settings.from_environment().home).all()
    if as_json:
        print_json([_without_files(each.facts) for each in releases])
        return
    rows = [
        (
            each.name,
            f"{each.facts['records']:,}",
            f"{each.facts['triples']:,}",
            each.facts["examples"],
            _tell_changes(each),
            each.title,
        )
        for each in releases
    ]
    print_table("", ("release", "records", "triples", "examples", "new", "title"), rows)


@app.command(epilog="Examples: ssc4c releases verify · ssc4c releases verify 2026-11-24")
@explained
def verify(
    name: Annotated[str, typer.Argument(help="One release; without it, all.")] = "",
    as_json: AsJson = False,
) -> None:
    """Compute all hashes anew: files, graph and journal are what they were when it was made."""
    settings = Settings.from_environment()
    releases = Releases(settings.home)
    chosen = [releases.find(name)] if name else releases.all()
    with open_journal(settings) as journal:
        found = {each.name: _verify(each, journal) for each in chosen}
    if as_json:
        print_json(found)
    else:
        rows = [
            (each, "as it was made" if not what else "\n".join(what))
            for each, what in found.items()
        ]
        print_table("", ("release", "is"), rows)
    if any(found.values()):
        raise typer.Exit(_DAMAGED)


def _verify(release: Release, journal: Journal) -> list[str]:
    say(f"verifying {release.name}")
    return list(find_damage(release, journal))


def _tell_faults(refusal: ReleaseRefused, as_json: bool) -> None:
    if as_json:
        faults = [{"query": query, "reason": reason} for query, reason in refusal.faults]
        print_json({"released": None, "reason": refusal.detail, "faults": faults})
    elif refusal.faults:
        print_table("", ("query", "what is wrong"), refusal.faults)


def _tell_changes(release: Release) -> str:
    changes = release.facts["changes"]
    told = ", ".join(f"{count:,} {change}" for change, count in changes.items())
    return f"{told or 'nothing new'}" + (f" since {release.previous}" if release.previous else "")


def _without_files(facts: Any) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key != "files"}
