"""Which versions of ontology, code and engine a journal entry or snapshot was made with."""

import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.errors import BadInput
from kg.namespaces import expand


@cache
def ontology_version(project: Path) -> str:
    """The `owl:versionInfo` of the ontology, for example ``0.1.0``."""
    predicate = NamedNode(expand("owl:versionInfo"))
    for path in sorted((project / "ontology").glob("*.ttl")):
        for quad in parse(path=str(path), format=RdfFormat.TURTLE):
            if quad.predicate == predicate and isinstance(quad.object, Literal):
                return quad.object.value
    raise BadInput(f"no ontology with an owl:versionInfo in {project / 'ontology'}")


@cache
def versions(project: Path) -> dict[str, str]:
    """Names and versions for the manifest; the commit is empty outside a git checkout."""
    return {
        "commit": _commit(project),
        "ontology": ontology_version(project),
        "pyoxigraph": version("pyoxigraph"),
        "ssc4c-graph": version("ssc4c-graph"),
    }


def _commit(project: Path) -> str:
    command = ["git", "-C", str(project), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip()
