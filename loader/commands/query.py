"""`ssc4c query` and `ssc4c check`: ask the snapshot that is served."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat

from kg.catalogue import Catalogue, read_query
from kg.engines.fulltext import expand_matches, open_find
from kg.errors import BadInput
from kg.publishing import find_faults
from kg.settings import Settings
from kg.snapshots import Snapshots
from loader.commands.output import SET_ASIDE, AsJson, explained, print_json, print_table, say

_SOLUTIONS = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
_GRAPHS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
_SHOWN = 50
"""Rows of a table of findings; the rest is counted."""
_FORMATS = ("table", *_SOLUTIONS, *_GRAPHS)


def register(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command(
        epilog="Examples: ssc4c query queries/competency/cq-02-activities-for-a-goal.rq · "
        "ssc4c query q.rq --value country=https://w3id.org/ssc4c/id/country/BRA --format csv"
    )(query)
    app.command(epilog="Example: ssc4c check --json")(check)


@explained
def query(
    file: Annotated[Path, typer.Argument(help="A file with one SPARQL query.")],
    value: Annotated[
        list[str] | None, typer.Option(help="Value of a parameter, as name=value.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help=f"One of {', '.join(_FORMATS)}.")] = "table",
) -> None:
    """Run a query file against the current snapshot."""
    if form not in _FORMATS:
        raise BadInput(f"there is no format {form!r}; choose one of {', '.join(_FORMATS)}")
    named = read_query(file, is_named=False)
    examples = {name: term.value for name, term in named.parameters.items()}
    values = named.read_values({**examples, **dict(map(_split, value or ()))})
    snapshot = Snapshots(Settings.from_environment().home).current()
    text = expand_matches(named.text, open_find(snapshot.index_path))
    result = replace(named, text=text).run(snapshot.open(), values)
    if isinstance(result, QuerySolutions) and form == "table":
        print_table("", [each.value for each in result.variables], map(_cells, result))
    elif isinstance(result, QuerySolutions | QueryBoolean):
        chosen = _SOLUTIONS.get(form if form != "table" else "csv")
        if chosen is None:
            raise BadInput(f"rows cannot be written as {form}; choose {', '.join(_SOLUTIONS)}")
        result.serialize(sys.stdout.buffer, chosen)
    else:
        chosen_graph = _GRAPHS.get(form if form != "table" else "ttl")
        if chosen_graph is None:
            raise BadInput(f"a graph cannot be written as {form}; choose {', '.join(_GRAPHS)}")
        result.serialize(sys.stdout.buffer, chosen_graph)


@explained
def check(as_json: AsJson = False) -> None:
    """Run every query in queries/checks over the current snapshot: what is worth mending."""
    settings = Settings.from_environment()
    store = Snapshots(settings.home).current().open()
    checks = Catalogue(settings.project / "queries").group("checks")
    found = [(each, list(find_faults(each, store))) for each in checks]
    if as_json:
        print_json(
            [
                {"check": each.name, "severity": each.severity, **vars(fault)}
                for each, faults in found
                for fault in faults
            ]
        )
    else:
        rows = [
            (each.name.partition("/")[2], each.severity, len(faults), each.summary)
            for each, faults in found
        ]
        print_table("", ("check", "severity", "found", "what it looks for"), rows)
        faults = [(each.name, fault) for each, faults in found for fault in faults]
        if faults:
            shown = [(name, fault.graph, fault.problem) for name, fault in faults[:_SHOWN]]
            print_table("What was found", ("check", "record", "problem"), shown)
        if len(faults) > _SHOWN:
            say(f"… and {len(faults) - _SHOWN:,} more; --json lists all of them.")
    if any(faults for each, faults in found if each.severity == "blocking"):
        raise typer.Exit(SET_ASIDE)


def _split(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise BadInput(f"--value takes name=value, not {text!r}")
    return name, value


def _cells(row: object) -> list[str]:
    return ["" if term is None else term.value for term in row]  # type: ignore[attr-defined]
