"""`ssc4c snapshots`: what is published, and the way back."""

from typing import Annotated

import typer

from kg.locking import writer_lock
from kg.settings import Settings
from kg.snapshots import Snapshots
from loader.commands.output import AsJson, explained, print_json, print_table, say

app = typer.Typer(help="List, roll back and prune snapshots.", no_args_is_help=True)


@app.command("list", epilog="Example: ssc4c snapshots list --json")
@explained
def list_all(as_json: AsJson = False) -> None:
    """Every snapshot, oldest first, and which one is served."""
    snapshots = Snapshots(Settings.from_environment().home)
    served = snapshots.current().id
    if as_json:
        print_json([{**each.manifest, "current": each.id == served} for each in snapshots.all()])
        return
    rows = (
        (
            "→" if each.id == served else "",
            each.id,
            each.manifest["created"],
            f"{each.manifest['records']:,}",
            f"{each.manifest['triples']:,}",
        )
        for each in snapshots.all()
    )
    print_table("", ("", "snapshot", "created", "records", "triples"), rows)
    if snapshots.is_pinned:
        say("A rollback holds the current snapshot; `ssc4c publish --resume` lets it go.")


@app.command(epilog="Examples: ssc4c snapshots rollback · ssc4c snapshots rollback 000001234")
@explained
def rollback(
    snapshot: Annotated[
        str, typer.Argument(help="Id or its beginning; without it, the one before.")
    ] = "",
) -> None:
    """Serve an earlier snapshot and stay there until `ssc4c publish --resume`."""
    settings = Settings.from_environment()
    with writer_lock(settings.home):
        chosen = Snapshots(settings.home).roll_back(snapshot or None)
    say(f"{chosen.id} is served and stays until `ssc4c publish --resume`.")


@app.command(epilog="Example: ssc4c snapshots prune --keep 5")
@explained
def prune(
    keep: Annotated[int | None, typer.Option(min=1, help="How many of the newest stay.")] = None,
) -> None:
    """Remove old snapshots; the one that is served always stays."""
    settings = Settings.from_environment()
    with writer_lock(settings.home):
        gone = Snapshots(settings.home).prune(keep or settings.keep_snapshots)
    say(f"{len(gone)} snapshots were removed.")
