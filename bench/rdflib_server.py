"""`python -m bench.rdflib_server FILE PORT`: rdflib-endpoint on a file of N-Triples."""

import sys

import uvicorn
from rdflib import Graph
from rdflib_endpoint import SparqlEndpoint


def main() -> None:
    """Read the file into memory, then listen."""
    _, path, port = sys.argv
    graph = Graph()
    graph.parse(path, format="nt")
    uvicorn.run(SparqlEndpoint(graph=graph), port=int(port), log_level="error")


if __name__ == "__main__":
    main()
