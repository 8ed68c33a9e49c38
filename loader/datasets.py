"""The description beside each group of tables: checksum, size and rows of every file.

``python -m loader.datasets`` renews ``data/*/dataset.ttl``; ``--check`` only names what is old.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from kg.errors import BadInput
from kg.namespaces import BASE, PREFIXES, expand
from kg.settings import PROJECT
from loader.tables import read_rows
from loader.turtle import format_turtle

NAME: Final = "dataset.ttl"
_CSV: Final = NamedNode("https://www.iana.org/assignments/media-types/text/csv")
_SHA256: Final = NamedNode(PREFIXES["spdx"] + "checksumAlgorithm_sha256")
_TYPE: Final = NamedNode(expand("rdf:type"))
_DISTRIBUTION: Final = NamedNode(expand("dcat:distribution"))


def renew_description(folder: Path) -> str:
    """The description of a folder as it ought to be: its head as it is, its files as they are."""
    dataset = NamedNode(f"{BASE}data/{folder.name}")
    text = (folder / NAME).read_text(encoding="utf-8")
    head = [
        quad.triple
        for quad in parse(text, format=RdfFormat.TURTLE)
        if quad.subject == dataset and quad.predicate != _DISTRIBUTION
    ]
    if not head:
        raise BadInput(f"{folder.name}/{NAME} says nothing about {dataset}.")
    comments = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    triples = [*head, *(found for path in _tables(folder) for found in _describe(dataset, path))]
    lines = (serialize(triples, format=RdfFormat.TURTLE) or b"").decode()
    return format_turtle(f"{comments}\n{lines}")


def _tables(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.csv"))


def _describe(dataset: NamedNode, path: Path) -> Iterator[Triple]:
    """What is said of one file."""
    file = NamedNode(f"{dataset.value}/{path.name}")
    checksum = NamedNode(f"{file.value}#checksum")
    content = path.read_bytes()
    yield Triple(dataset, _DISTRIBUTION, file)
    for subject, name, value in (
        (file, "rdf:type", NamedNode(expand("dcat:Distribution"))),
        (file, "dcterms:title", Literal(path.name)),
        (file, "dcat:mediaType", _CSV),
        (file, "dcat:byteSize", _number(len(content), "nonNegativeInteger")),
        (file, "schema:numberOfItems", _number(sum(1 for _ in read_rows(path)), "integer")),
        (file, "spdx:checksum", checksum),
        (checksum, "rdf:type", NamedNode(expand("spdx:Checksum"))),
        (checksum, "spdx:algorithm", _SHA256),
        (checksum, "spdx:checksumValue", _hexadecimal(content)),
    ):
        yield Triple(subject, NamedNode(expand(name)), value)


def _number(value: int, datatype: str) -> Literal:
    return Literal(str(value), datatype=NamedNode(expand(f"xsd:{datatype}")))


def _hexadecimal(content: bytes) -> Literal:
    digest = hashlib.sha256(content).hexdigest()
    return Literal(digest, datatype=NamedNode(expand("xsd:hexBinary")))


def find_outdated(folders: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Each description that does not fit its files, with the text that would."""
    for folder in folders:
        renewed = renew_description(folder)
        if renewed != (folder / NAME).read_text(encoding="utf-8"):
            yield folder / NAME, renewed


def main(arguments: Sequence[str] | None = None) -> int:
    """Renew the descriptions; 1 when ``--check`` finds an old one."""
    parser = argparse.ArgumentParser(prog="python -m loader.datasets", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, compare only")
    parser.add_argument("--data", type=Path, default=PROJECT / "data", help="its folder")
    options = parser.parse_args(arguments)
    outdated = list(find_outdated(path.parent for path in sorted(options.data.glob(f"*/{NAME}"))))
    for path, text in outdated:
        print(path)
        if not options.check:
            path.write_text(text, encoding="utf-8")
    return int(options.check and bool(outdated))


if __name__ == "__main__":
    sys.exit(main())
