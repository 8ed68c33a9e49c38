"""The commands of `ssc4c` that read and write the graph."""

import typer

from loader.commands import data, journal, query, releases, snapshots

app = typer.Typer(
    name="ssc4c",
    help="Build, check and serve the graph of South-South cooperation for children.",
    epilog="Exit codes: 0 done · 1 failed · 2 bad input · 3 something was set aside · "
    "4 journal broken · 5 another load is at work · 6 publish failed · "
    "7 release refused",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
data.register(app)
query.register(app)
releases.register(app)
app.add_typer(journal.app, name="journal")
app.add_typer(snapshots.app, name="snapshots")
app.add_typer(releases.app, name="releases")
