"""A store elsewhere that takes graphs: by Graph Store Protocol, N-Quads or SPARQL Update."""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote, urlencode

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from kg.engines.peer import Address, Peer, Unreachable, read_reason
from kg.errors import PublishFailed
from kg.namespaces import BASE, GRAPH, expand
from kg.settings import Settings

PROBE: Final = Quad(
    NamedNode(BASE),
    NamedNode(expand("ssc4c:sequence")),
    NamedNode(BASE),
    NamedNode(GRAPH + "meta/probe"),
)
"""Tells what a store takes and how it shows graphs; it is removed again."""
_TRIPLES: Final = "application/n-triples"
_QUADS: Final = "application/n-quads"

Graph = tuple[str, Sequence[Triple]]
"""A graph's IRI, empty for the default graph, and some or all of its triples."""


class GraphStore:
    """Where the graphs of a server are written; raises PublishFailed when it does not take them."""

    def __init__(self, settings: Settings) -> None:
        self._peer = Peer(Address.of(settings.engine_store, settings.engine_login))
        self._update_url = settings.engine_update
        self.takes_quads = False
        """Whether N-Quads may be posted to the store itself."""

    @property
    def name(self) -> str:
        """Its address, without the login."""
        return self._peer.address.url

    @property
    def can_remove(self) -> bool:
        """Whether single triples can be removed."""
        return bool(self._update_url)

    def try_quads(self) -> None:
        """Post the probe as N-Quads; nothing is raised if that is not taken."""
        self._send("POST", self.name, _QUADS, _nquads([PROBE]))

    def put(self, graph: Graph) -> None:
        """Replace one graph."""
        self._must("PUT", self._url(graph[0]), _TRIPLES, _ntriples(graph[1]))

    def drop(self, graph: str) -> None:
        """Remove one graph, if it is there."""
        status, reason = self._send("DELETE", self._url(graph))
        if status not in (200, 202, 204, 404):
            raise self._failure(status, reason)

    def add(self, graphs: Sequence[Graph]) -> None:
        """Add triples to graphs in as few requests as the store allows."""
        if self.takes_quads:
            quads = (_quad(name, triple) for name, triples in graphs for triple in triples)
            self._must("POST", self.name, _QUADS, _nquads(quads))
        elif self._update_url and len(graphs) > 1 and all(name for name, _ in graphs):
            self._update("INSERT DATA", graphs)
        else:
            for name, triples in graphs:
                self._must("POST", self._url(name), _TRIPLES, _ntriples(triples))

    def remove(self, graph: Graph) -> None:
        """Remove triples from a graph."""
        self._update("DELETE DATA", [graph])

    def _update(self, operation: str, graphs: Iterable[Graph]) -> None:
        text = f"{operation} {{\n{''.join(map(_block, graphs))}}}"
        body = urlencode({"update": text}).encode()
        self._must("POST", self._update_url, "application/x-www-form-urlencoded", body)

    def _url(self, graph: str) -> str:
        which = f"graph={quote(graph, safe='')}" if graph else "default"
        return f"{self.name}{'&' if '?' in self.name else '?'}{which}"

    def _must(self, method: str, url: str, media_type: str, body: bytes) -> None:
        status, reason = self._send(method, url, media_type, body)
        if not 200 <= status < 300:
            raise self._failure(status, reason)

    def _send(
        self, method: str, url: str, media_type: str = "", body: bytes | None = None
    ) -> tuple[int, str]:
        headers = {"Content-Type": media_type} if media_type else {}
        try:
            response = self._peer.send(method, url, body, headers)
            if 200 <= response.status < 300:
                response.drain_conn()
                return response.status, ""
            return response.status, read_reason(response)
        except Unreachable as error:
            raise PublishFailed(
                f"the store at {self.name} cannot be reached: {error}; "
                "run the same command again, it goes on from there"
            ) from None

    def _failure(self, status: int, reason: str) -> PublishFailed:
        return PublishFailed(f"the store at {self.name} answered with status {status}: {reason}")


def _quad(graph: str, triple: Triple) -> Quad:
    if not graph:
        return Quad(triple.subject, triple.predicate, triple.object)
    return Quad(triple.subject, triple.predicate, triple.object, NamedNode(graph))


def _nquads(quads: Iterable[Quad]) -> bytes:
    return serialize(quads, format=RdfFormat.N_QUADS) or b""


def _ntriples(triples: Iterable[Triple]) -> bytes:
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def _block(graph: Graph) -> str:
    name, triples = graph
    text = _ntriples(triples).decode()
    return f"GRAPH <{name}> {{\n{text}}}\n" if name else text
