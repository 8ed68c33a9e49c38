"""`ssc4c build`, `load`, `validate`, `publish`, `status`, `quarantine` and `dump`."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.engines.embedded import EmbeddedEngine
from kg.errors import EngineFailed, NoSnapshot
from kg.journal import Journal
from kg.locking import writer_lock
from kg.publishing import Published
from kg.publishing import publish as publish_journal
from kg.settings import Settings
from kg.snapshots import Snapshots
from kg.transfer import Transferred, transfer
from loader.commands.journal import open_journal
from loader.commands.output import (
    SET_ASIDE,
    AsJson,
    explained,
    print_json,
    print_table,
    progress,
    say,
)
from loader.commands.reports import print_report
from loader.pipeline import LoadReport

Wait = Annotated[
    float, typer.Option(help="Seconds to wait for another load to finish.", show_default=True)
]
Engine = Annotated[
    str,
    typer.Option(
        help="SHACL engine: shacl (fast, taken where it is installed) or pyshacl (reference).",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command(epilog="Example: ssc4c build")(build)
    app.command(epilog="Example: ssc4c load partner.csv --source partner --dry-run")(load)
    app.command(epilog="Example: ssc4c validate practices.csv actors.csv")(validate)
    app.command(epilog="Example: ssc4c publish --resume")(publish)
    app.command(epilog="Example: ssc4c status --json")(status)
    app.command(epilog="Example: ssc4c quarantine --source partner")(quarantine)
    app.command(epilog="Example: ssc4c dump > graph.nq")(dump)


@explained
def build(engine: Engine = "", wait: Wait = 60.0, as_json: AsJson = False) -> None:
    """Load everything in the folders ontology and data, and publish it."""
    with _workshop(engine, wait) as workshop:
        with _bars() as on_source:
            reports = workshop.build(on_source)
        published = publish_journal(workshop.settings, workshop.journal, say)
    _conclude(reports, published, as_json)


@explained
def load(
    file: Annotated[Path, typer.Argument(help="A CSV or Turtle file.")],
    source: Annotated[str, typer.Option(help="Short name of who says this, such as `galaxy`.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would happen.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="The file is all the source says: withdraw the rest.")
    ] = False,
    allow_many: Annotated[
        bool,
        typer.Option(
            "--allow-many-withdrawals",
            help="With --full: withdraw even more than half of what the source said.",
        ),
    ] = False,
    engine: Engine = "",
    wait: Wait = 60.0,
    as_json: AsJson = False,
) -> None:
    """Load one file of one source, and publish what was accepted."""
    with _workshop(engine, wait) as workshop:
        with progress(file.name) as on_batch:
            report = workshop.load_file(
                file,
                source,
                dry_run=dry_run,
                full=full,
                on_batch=on_batch,
                allow_many=allow_many,
            )
        published = None
        if not dry_run:
            published = publish_journal(workshop.settings, workshop.journal, say)
    _conclude([report], published, as_json)


@explained
def validate(
    files: Annotated[list[Path], typer.Argument(help="CSV or Turtle files.")],
    engine: Engine = "",
    as_json: AsJson = False,
) -> None:
    """Check files against the shapes; nothing is stored."""
    from loader.checking import check_files

    settings = Settings.from_environment()
    report = check_files(settings.project, files, engine)
    _conclude([report], None, as_json)


@explained
def publish(
    resume: Annotated[
        bool, typer.Option("--resume", help="Let go of a rollback: serve the newest again.")
    ] = False,
    to_engine: Annotated[
        bool,
        typer.Option("--to-engine", help="Load what is served into the server at SSC4C_ENGINE."),
    ] = False,
    wait: Wait = 60.0,
    as_json: AsJson = False,
) -> None:
    """Make a snapshot of what the journal holds."""
    settings = Settings.from_environment()
    with _locked(settings, wait), Journal(settings.journal) as journal:
        if resume:
            Snapshots(settings.home).resume()
        published = publish_journal(settings, journal, say)
    transferred = _transfer(settings) if to_engine else None
    _conclude([], published, as_json, transferred)


def _transfer(settings: Settings) -> Transferred:
    with Journal(settings.journal) as journal, progress("triples sent") as on_triples:
        return transfer(settings, journal, say, on_triples)


@explained
def status(as_json: AsJson = False) -> None:
    """What is in the journal, in quarantine, and served."""
    settings = Settings.from_environment()
    with open_journal(settings) as journal:
        sequence, entry_hash = journal.last()
        aside = journal.quarantine()
        counts = journal.counts()
    snapshots = Snapshots(settings.home)
    manifest = _served(snapshots)
    said: dict[str, Any] = {
        "home": str(settings.home),
        "journal": {"entries": sequence, "hash": entry_hash, "records": counts},
        "quarantine": len(aside),
        "snapshot": manifest,
        "pinned": snapshots.is_pinned,
        "behind": sequence - (manifest or {}).get("sequence", 0),
        "store": _store(settings),
    }
    if as_json:
        print_json(said)
        return
    rows = [("home", settings.home), ("journal entries", f"{sequence:,}")]
    rows += [(f"records of {source}", f"{count:,}") for source, count in counts.items()]
    rows += [
        ("set aside", f"{len(aside):,}"),
        ("snapshot", manifest["id"] if manifest else "none: run `ssc4c build`"),
        ("triples served", f"{manifest['triples']:,}" if manifest else "0"),
        ("entries not in it", f"{said['behind']:,}"),
        ("answered from", said["store"] or "nowhere: no server runs here"),
    ]
    if snapshots.is_pinned:
        rows.append(("rollback", "holds this snapshot until `ssc4c publish --resume`"))
    print_table("", ("", ""), rows)


@explained
def quarantine(
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    as_json: AsJson = False,
) -> None:
    """What was set aside, and why."""
    with open_journal(Settings.from_environment()) as journal:
        items = journal.quarantine(source)
    if as_json:
        print_json([_quarantined_json(item) for item in items])
        return
    rows = (
        (item.source, item.item, "\n".join(each["message"] for each in json.loads(item.report)))
        for item in items
    )
    print_table("", ("source", "item", "reasons"), rows)


@explained
def dump() -> None:
    """The canonical N-Quads of the snapshot that is served: same inputs, same bytes."""
    import sys

    sys.stdout.buffer.writelines(Snapshots(Settings.from_environment().home).current().dump())


def _quarantined_json(item: Any) -> dict[str, Any]:
    content = item.content.decode() if item.content is not None else None
    return {**vars(item), "content": content, "report": json.loads(item.report)}


def _store(settings: Settings) -> str | None:
    """Where a running server answers from; nothing if none runs."""
    with closing(EmbeddedEngine(settings)) as engine:
        try:
            return engine.tell_store()
        except EngineFailed:
            return None


def _served(snapshots: Snapshots) -> dict[str, Any] | None:
    try:
        return dict(snapshots.current().manifest)
    except NoSnapshot:
        return None


@contextmanager
def _locked(settings: Settings, wait: float) -> Iterator[None]:
    with writer_lock(settings.home, wait, lambda holder: say(f"Waiting for {holder} …")):
        yield


@contextmanager
def _workshop(engine: str, wait: float) -> Iterator[Any]:
    from loader.building import Workshop  # brings in what other commands spare
    from loader.validation.engines import choose_engine

    choose_engine(engine)
    settings = Settings.from_environment()
    with _locked(settings, wait), Journal(settings.journal) as journal:
        yield Workshop(settings, journal, engine)


@contextmanager
def _bars() -> Iterator[Callable[[str], Callable[[int], None]]]:
    with progress("build") as on_batch:
        yield lambda source: on_batch


def _conclude(
    reports: list[LoadReport],
    published: Published | None,
    as_json: bool,
    transferred: Transferred | None = None,
) -> None:
    """Print what happened, and leave with the exit code that tells it."""
    faults = published.faults if published else ()
    if as_json:
        print_json(
            {
                "loads": [report.to_json() for report in reports],
                "snapshot": published.snapshot.id if published else None,
                "faults": [vars(fault) for fault in faults],
                "engine": vars(transferred) if transferred else None,
            }
        )
    else:
        for report in reports:
            print_report(report)
        for fault in faults:
            say(f"Set aside by {fault.check}: {fault.graph}: {fault.problem}")
        if published:
            manifest = published.snapshot.manifest
            word = "Published" if published.is_new else "Nothing new; still"
            say(
                f"{word} {published.snapshot.id}: {manifest['records']:,} records, "
                f"{manifest['triples']:,} triples."
            )
            if published.served != published.snapshot:
                say(
                    f"A rollback holds {published.served.id}: that one is served until "
                    "`ssc4c publish --resume`."
                )
        if transferred:
            say(
                f"{transferred.store} holds {transferred.snapshot}: {transferred.graphs:,} "
                f"graphs, {transferred.triples:,} triples, each graph counted "
                f"(sent: {transferred.how})."
            )
    if faults or not all(report.is_clean for report in reports):
        raise typer.Exit(SET_ASIDE)
