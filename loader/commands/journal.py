"""`ssc4c journal`: verify, back up, restore and move the journal."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import URL

from kg.errors import BadInput, NoSnapshot
from kg.journal import Journal
from kg.locking import writer_lock
from kg.settings import Settings
from loader.commands.output import AsJson, explained, print_json, say

app = typer.Typer(help="Verify, back up, restore and move the journal.", no_args_is_help=True)


@app.command(epilog="Example: ssc4c journal verify")
@explained
def verify(as_json: AsJson = False) -> None:
    """Recompute the chain of hashes and every kept content."""
    with open_journal(Settings.from_environment()) as journal:
        count = journal.verify()
    if as_json:
        print_json({"entries": count, "verified": True})
    else:
        say(f"The journal holds: {count} entries, each hash as it should be.")


@app.command(epilog="Example: ssc4c journal backup /backups/journal-2026-11-24.sqlite")
@explained
def backup(file: Annotated[Path, typer.Argument(help="A new SQLite file.")]) -> None:
    """Write the whole journal, verified, to one file."""
    if file.exists():
        raise BadInput(f"{file} is there already; name a new file")
    draft = file.with_name(file.name + ".part")
    draft.unlink(missing_ok=True)
    settings = Settings.from_environment()
    with open_journal(settings) as here, writer_lock(settings.home):
        with Journal(_sqlite(draft)) as there:
            count = here.copy_to(there)
        draft.rename(file)
    say(f"{count} entries were written to {file} and verified.")


@app.command(epilog="Example: SSC4C_HOME=/srv/new ssc4c journal restore backup.sqlite")
@explained
def restore(file: Annotated[Path, typer.Argument(help="What `journal backup` wrote.")]) -> None:
    """Fill an empty journal from a backup; publish afterwards to serve it."""
    if not file.is_file():
        raise BadInput(f"there is no file {file}")
    settings = Settings.from_environment()
    with writer_lock(settings.home), Journal(_sqlite(file)) as there:
        there.verify()
        with Journal(settings.journal) as here:
            count = there.copy_to(here)
    say(f"{count} entries were restored and verified. Run `ssc4c publish` to serve them.")


@app.command(epilog="Example: ssc4c journal copy --to postgresql+psycopg://user@host/ssc4c")
@explained
def copy(
    to: Annotated[str, typer.Option("--to", help="SQLAlchemy URL of an empty journal.")],
) -> None:
    """Copy the journal to another database, SQLite or PostgreSQL, and verify it there."""
    settings = Settings.from_environment()
    with (
        open_journal(settings) as here,
        writer_lock(settings.home),
        Journal(to) as there,
    ):
        count = here.copy_to(there)
    say(f"{count} entries were copied and verified. Set SSC4C_JOURNAL_URL to use the new journal.")


def open_journal(settings: Settings) -> Journal:
    """The journal that is there; raises NoSnapshot where nothing was built yet."""
    if not settings.journal_url and not (settings.home / "journal.sqlite").exists():
        raise NoSnapshot(f"nothing was built in {settings.home} yet; run `ssc4c build` first")
    return Journal(settings.journal)


def _sqlite(file: Path) -> str:
    return URL.create("sqlite", database=str(file)).render_as_string(hide_password=False)
