import gzip
import io

import brotli
import pytest
import zstandard

from endpoint.compression import choose_coding, compress, compress_short
from kg.errors import NotAcceptable
from tests.endpoint.conftest import Server
from tests.kg.engines.homes import EX, POINT

READERS = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}
ALL = f"SELECT ?s ?o {{ ?s <{EX}name> ?o }}"
LONG = f"SELECT ?a ?b ?c {{ ?a <{EX}name> ?b . ?c <{EX}name> ?d }}"


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("*", "zstd"),
        ("zstd;q=0, *;q=0.5", "br"),
        ("identity", ""),
        ("identity, gzip;q=0.5", ""),
        ("gzip;q=0", ""),
        ("deflate", ""),
        ("GZIP;Q=1.0", "gzip"),
        ("identity;q=0, gzip", "gzip"),
    ],
)
def test_the_best_coding_is_chosen(accept: str, coding: str) -> None:
    assert choose_coding(accept) == coding


@pytest.mark.parametrize("accept", ["identity;q=0", "*;q=0", "deflate, identity;q=0"])
def test_who_takes_nothing_is_told_what_there_is(accept: str) -> None:
    with pytest.raises(NotAcceptable, match="zstd, br, gzip"):
        choose_coding(accept)


@pytest.mark.parametrize("coding", READERS)
def test_what_was_compressed_is_read_back(coding: str) -> None:
    data = b"".join(b"row %d\r\n" % number for number in range(300_000))

    file, length = compress(io.BytesIO(data), coding)

    with file:
        packed = file.read()
    assert len(packed) == length < len(data) / 3
    assert READERS[coding](packed) == data
    assert READERS[coding](compress_short(data[:5000], coding)) == data[:5000]


@pytest.mark.parametrize("coding", READERS)
@pytest.mark.parametrize("query", [ALL, LONG])
def test_an_answer_comes_compressed_and_whole(server: Server, query: str, coding: str) -> None:
    plain = server.ask(query)
    reply = server.get("/sparql", {"query": query}, Accept="text/csv", Accept_Encoding=coding)

    assert reply.headers["content-encoding"] == coding
    assert int(reply.headers["content-length"]) == len(reply.body) < len(plain.body)
    assert READERS[coding](reply.body) == plain.body
    assert reply.headers["etag"] != plain.headers["etag"]


def test_a_short_answer_comes_as_it_is(server: Server) -> None:
    reply = server.get("/sparql", {"query": POINT}, Accept="text/csv", Accept_Encoding="gzip")

    assert "content-encoding" not in reply.headers
    assert reply.body == b"name\r\nthing 7\r\n"
