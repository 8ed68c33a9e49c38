import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import brotli
import pytest
import zstandard
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Triple

from endpoint.app import create_app
from endpoint.kept import Kept
from endpoint.pages import Pages
from kg.namespaces import expand, thing_iri
from kg.reader import View
from kg.settings import Settings
from tests.endpoint.pages_sample import sample_client, sample_store, view_of

PAGE = "/practice/school-meals"


def fail() -> bytes:
    raise ValueError("no page")


def test_what_is_kept_is_not_made_again() -> None:
    kept = Kept()

    assert kept.get("a", lambda: b"first") == b"first"
    assert kept.get("a", fail) == b"first"


def test_what_fails_is_not_kept() -> None:
    kept = Kept()

    with pytest.raises(ValueError, match="no page"):
        kept.get("a", fail)

    assert kept.get("a", lambda: b"second") == b"second"


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept = Kept(most=10)
    kept.get("a", lambda: b"12345")
    kept.get("b", lambda: b"12345")
    kept.get("a", fail)

    kept.get("c", lambda: b"1")

    assert kept.get("a", fail) == b"12345"
    assert kept.get("b", lambda: b"anew") == b"anew"


def test_what_is_larger_than_all_is_given_and_not_kept() -> None:
    kept = Kept(most=4)

    assert kept.get("a", lambda: b"12345") == b"12345"
    assert len(kept) == 0


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    yield sample_client()


@pytest.mark.parametrize(
    ("coding", "read"),
    [
        ("gzip", gzip.decompress),
        ("br", brotli.decompress),
        ("zstd", lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)),
    ],
)
def test_pages_are_sent_compressed(
    client: FlaskClient, coding: str, read: Callable[[bytes], bytes]
) -> None:
    plain = client.get(PAGE, headers={"Accept": "text/html"})

    for _ in range(2):
        packed = client.get(PAGE, headers={"Accept": "text/html", "Accept-Encoding": coding})

        assert packed.headers["Content-Encoding"] == coding
        assert read(packed.data) == plain.data
        assert packed.headers["ETag"] == plain.headers["ETag"]
        assert packed.headers["ETag"].startswith("W/")
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)


def test_documents_are_compressed_where_it_is_worth_it(client: FlaskClient) -> None:
    packed = client.get("/theme/nutrition.nt", headers={"Accept-Encoding": "gzip"})
    short = client.get("/scheme/theme.nt", headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert short.content_length and short.content_length < 1024
    assert "Content-Encoding" not in short.headers


def test_pages_differ_by_language_and_address(client: FlaskClient) -> None:
    html = {"Accept": "text/html"}
    english = client.get(PAGE, headers=html)
    french = client.get(PAGE, headers=html | {"Accept-Language": "fr"})
    asked = client.get(PAGE + "?lang=fr", headers=html)

    assert len({english.data, french.data, asked.data}) == 3


@dataclass
class Moving:
    """Gives another snapshot once it is told to."""

    shown: View

    def view(self) -> View:
        return self.shown


def test_pages_of_another_snapshot_are_made_anew() -> None:
    settings = Settings()
    source = Moving(view_of(sample_store()))
    client = create_app(settings, pages=Pages.from_settings(settings, source)).test_client()
    html = {"Accept": "text/html"}
    assert "A new name" not in client.get(PAGE, headers=html).text

    name = Literal("A new name", language="en")
    thing, title = thing_iri("practice", "school-meals"), expand("dcterms:title")
    moved = view_of(sample_store([Triple(NamedNode(thing), NamedNode(title), name)]))
    moved.manifest = dict(moved.manifest) | {"id": "000000008-test"}
    source.shown = moved

    assert "A new name" in client.get(PAGE, headers=html).text


def test_errors_are_not_kept(client: FlaskClient) -> None:
    pages = client.application.extensions["pages"]
    before = len(pages.kept)

    for address in ("/practice/nobody-knows", "/nothing/here", "/nothing/"):
        assert client.get(address, headers={"Accept": "text/html"}).status_code == 404

    assert len(pages.kept) == before
