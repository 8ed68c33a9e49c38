"""Snapshots loaded into real servers of other makers, and queries answered by these."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from bench.virtuoso import has_virtuoso
from kg.engines.embedded import EmbeddedEngine
from kg.errors import BadInput, BadQuery, NoSnapshot, PublishFailed, QueryTimeout
from kg.graphstore import GraphStore
from kg.journal import Journal
from kg.namespaces import expand, thing_iri
from kg.publishing import publish
from kg.records import Record
from kg.settings import Settings
from kg.transfer import MARKS, Transferred, transfer
from tests.kg.engines.homes import ask, running_engine
from tests.kg.samples import append, open_journal, practice, withdraw
from tests.loader.partner import run, run_json
from tests.servers import Server, oxigraph, virtuoso

TITLES = (
    "PREFIX dcterms: <http://purl.org/dc/terms/> "
    "SELECT ?title { ?thing dcterms:title ?title } ORDER BY ?title"
)
GRAPHS = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
COUNTED = (
    "PREFIX ssc4c: <https://w3id.org/ssc4c/def/> "
    "SELECT ?n FROM NAMED <https://w3id.org/ssc4c/graph/derived/statistics> "
    "{ GRAPH ?g { ?s ssc4c:activityCount ?n } }"
)
LONG = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?s{n} ?p{n} ?o{n} .' for n in range(12))} }}"
"""Runs for hours even in a small graph."""


@pytest.fixture(scope="module", params=["oxigraph", "union", "virtuoso"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server that keeps a default graph, one that shows the union of all, and Virtuoso."""
    folder = tmp_path_factory.mktemp("server")
    if request.param == "virtuoso" and not has_virtuoso():
        pytest.skip("the Debian package virtuoso-opensource-7-bin is missing")
    options = ["--union-default-graph"] if request.param == "union" else []
    start = virtuoso(folder) if request.param == "virtuoso" else oxigraph(folder, *options)
    with start as server:
        yield server


@dataclass
class Site:
    """A home folder and the server that is to answer for it."""

    settings: Settings
    journal: Journal
    hides_graphs: bool
    """Whether the server shows named graphs only to queries that name them."""

    def publish(self) -> str:
        """A new snapshot of what the journal holds."""
        return publish(self.settings, self.journal).snapshot.id

    def transfer(self, **values: str) -> Transferred:
        """Bring the server to it."""
        return transfer(replace(self.settings, **values), self.journal)  # type: ignore[arg-type]


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path, server: Server) -> Iterator[Site]:
    """Two practices that two sources share a title of, published; nothing at the server yet."""
    settings = Settings(
        home=tmp_path,
        engine=server.query,
        engine_store=server.store,
        engine_login=server.login,
        query_timeout=20.0,
        query_workers=1,
    )
    with Journal(settings.journal) as journal:
        append(
            journal,
            practice("a", title="Alpha"),
            dated("b", title='Beta – β \\ "q"'),
        )
        append(journal, practice("a", source="two", title="Alpha"))
        site = Site(settings, journal, request.node.callspec.params["server"] == "union")
        site.publish()
        yield site
    GraphStore(settings).drop(MARKS)


def dated(key: str, title: str) -> Record:
    """A practice with a year: it is counted, in a graph that belongs to no record."""
    plain = practice(key, title=title)
    year = Literal("2019", datatype=NamedNode(expand("xsd:gYear")))
    thing = NamedNode(thing_iri("practice", key))
    dates = Triple(thing, NamedNode(expand("ssc4c:startYear")), year)
    return Record.of("one", "practice", key, [*plain.triples, dates], "example.csv")


def titles(engine: EmbeddedEngine) -> list[str]:
    return ask(engine, TITLES).splitlines()[1:]


ALPHA, BETA = "Alpha", '"Beta – β \\ ""q"""'


def test_a_server_answers_for_the_snapshot_it_was_given(site: Site) -> None:
    done = site.transfer()

    assert done.how == "whole"
    with running_engine(site.settings) as engine:
        assert titles(engine) == [ALPHA, BETA]
        assert ask(engine, "ASK { ?s ?p 'Alpha'@en }") == "true"
        assert ask(engine, "CONSTRUCT { ?s ?p 1 } { ?s ?p 'Alpha'@en }", graph="text/turtle")


def test_named_graphs_are_the_same_as_here_or_refused(site: Site) -> None:
    done = site.transfer()
    with running_engine(replace(site.settings, engine="")) as engine:
        here = ask(engine, GRAPHS).splitlines()

    with running_engine(site.settings) as engine:
        if site.hides_graphs:
            with pytest.raises(BadQuery, match="FROM NAMED"):
                ask(engine, GRAPHS)
            one = GRAPHS.replace(" {", f" FROM NAMED <{here[1]}> {{", 1)
            assert ask(engine, one).splitlines() == here[:2]
            return
        there = ask(engine, GRAPHS).splitlines()

    assert there == here
    assert done.graphs == len(here) - 2  # neither the head nor the marks


@pytest.mark.parametrize("has_update", [True, False], ids=["with-update", "without"])
def test_changes_alone_are_sent_the_next_time(site: Site, server: Server, has_update: bool) -> None:
    update = server.update if has_update else ""
    site.transfer(engine_update=update)
    append(site.journal, dated("b", title="Bravo"), operation="update")
    append(site.journal, dated("c", title="Charlie"))
    withdraw(site.journal, practice("a"))
    site.publish()

    done = site.transfer(engine_update=update)

    assert done.how == "changes"
    assert site.transfer().how == "nothing"
    with running_engine(site.settings) as engine:
        assert titles(engine) == ["Alpha", "Bravo", "Charlie"]
        assert ask(engine, COUNTED) == "n\r\n2\r\n"
        there = ask(engine, "CONSTRUCT WHERE { ?s ?p ?o }", graph="application/n-triples")
    with running_engine(replace(site.settings, engine="")) as engine:
        here = ask(engine, "CONSTRUCT WHERE { ?s ?p ?o }", graph="application/n-triples")
    assert sorted(there.splitlines()) == sorted(here.splitlines())


def test_what_another_snapshot_left_is_removed_and_graphs_of_others_stay(site: Site) -> None:
    there = GraphStore(site.settings)
    triple = next(iter(practice("z").triples))
    old, others = "https://w3id.org/ssc4c/graph/old/practice/z", "http://example.org/others"
    for graph in (old, others):
        there.put((graph, [triple]))

    site.transfer()

    with running_engine(site.settings) as engine:
        for graph, answer in ((old, "false"), (others, "true")):
            query = f"ASK FROM NAMED <{graph}> {{ GRAPH ?g {{ {triple} }} }}"
            assert ask(engine, query) == answer
    there.drop(others)


class Cut(Exception):
    """What ends a transfer in its middle."""


def cut_after(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the store take so many requests and no more."""
    sent = [0]
    send = GraphStore._send

    def send_some(self: GraphStore, *arguments: object) -> object:
        sent[0] += 1
        if sent[0] > count:
            raise Cut
        return send(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(GraphStore, "_send", send_some)


@pytest.mark.parametrize("is_first", [True, False], ids=["whole", "changes"])
def test_a_transfer_that_was_cut_off_goes_on(
    site: Site, monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    if not is_first:
        site.transfer()
    append(site.journal, *(practice(f"n{number}") for number in range(9)))
    site.publish()

    count = 6
    while True:
        with monkeypatch.context() as patch:
            cut_after(count, patch)
            try:
                done = site.transfer()
                break
            except Cut:
                with running_engine(site.settings) as engine, pytest.raises(NoSnapshot):
                    titles(engine)
        count += 4

    assert count > 6
    assert done.how == ("whole" if is_first else "changes")
    with running_engine(site.settings) as engine:
        assert titles(engine) == [ALPHA, BETA, *["Example"] * 9]


def test_a_store_that_lost_something_is_found_out_and_filled_anew(site: Site) -> None:
    site.transfer()
    graph = practice("b").graph.value
    GraphStore(site.settings).drop(graph)

    with pytest.raises(PublishFailed, match=rf"{graph}: \d+ here, 0 there"):
        site.transfer()
    with running_engine(site.settings) as engine, pytest.raises(NoSnapshot):
        titles(engine)

    assert site.transfer().how == "whole"


def test_a_store_of_another_server_is_told(site: Site, tmp_path: Path) -> None:
    with oxigraph(tmp_path / "other") as other, pytest.raises(PublishFailed, match="one server"):
        site.transfer(engine_store=other.store)


def test_kept_snapshots_are_asked_here(site: Site) -> None:
    first = publish(site.settings, site.journal).snapshot.id
    append(site.journal, practice("c", title="Charlie"))
    site.publish()
    site.transfer()

    with running_engine(site.settings) as engine:
        assert ask(engine, TITLES, snapshot=first).splitlines()[1:] == [ALPHA, BETA]
        assert titles(engine) == [ALPHA, BETA, "Charlie"]


def test_addresses_must_be_set(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with Journal(settings.journal) as journal, pytest.raises(BadInput, match="SSC4C_ENGINE"):
        transfer(settings, journal)


def test_a_query_past_its_deadline_is_stopped(site: Site) -> None:
    site.transfer()

    with running_engine(site.settings) as engine:
        for _ in range(2):
            with pytest.raises(QueryTimeout):
                ask(engine, LONG, timeout=0.5)
        assert titles(engine) == [ALPHA, BETA]


def test_the_command_publishes_loads_and_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    with open_journal(home) as journal:
        append(journal, practice("a"))
    with oxigraph(tmp_path / "there") as there:
        monkeypatch.setenv("SSC4C_ENGINE", there.query)
        monkeypatch.setenv("SSC4C_ENGINE_STORE", there.store)

        first = run_json(home, "publish", "--to-engine")
        again = run(home, "publish", "--to-engine")

    assert (first["engine"]["how"], first["engine"]["snapshot"]) == ("whole", first["snapshot"])
    assert again.returncode == 0
    assert "each graph counted (sent: nothing)" in " ".join(again.stderr.split())
