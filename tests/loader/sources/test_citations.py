"""Each source address becomes one publication, however many rows and files cite it."""

from pathlib import Path

import pytest

from kg.records import Record
from loader.problems import Misfit
from loader.sources import Lookup, read_sources
from loader.sources.citations import page_key, pair_sources
from tests.loader.sources.tables import write_table

URL = "https://www.a.org/x?y=1"
PUBLICATIONS = "key,title,type,url\nvolume,The volume,report,https://www.a.org/x?y=1\n"


def read_pages(paths: list[Path], lookup: Lookup, source: str = "partner") -> dict[str, list[str]]:
    """Key of each publication to its statements, shortened."""
    pages = {}
    for item in read_sources(paths, source, lookup):
        assert isinstance(item, Record), item
        if item.kind == "publication":
            said = (f"{t.predicate.value.rpartition('/')[2]} {t.object}" for t in item.triples)
            pages[item.key] = sorted(line for line in said if not line.startswith("22-rdf"))
    return pages


def test_key_of_a_page_has_its_site_and_a_hash_of_its_address() -> None:
    assert page_key(URL) == "www-a-org-e77ba6a7a8"
    assert page_key(URL + "&z=2") != page_key(URL)
    assert page_key("https://例え.jp/").startswith("jp-")


def test_pairs_need_as_many_titles_as_addresses_or_none() -> None:
    both = {"source_urls": "u;v", "source_titles": "U;V"}

    assert pair_sources(both) == [("u", "U"), ("v", "V")]
    assert pair_sources({"source_urls": "u;v", "source_titles": ""}) == [("u", ""), ("v", "")]
    with pytest.raises(Misfit):
        pair_sources({"source_urls": "u;v", "source_titles": "U"})


@pytest.mark.parametrize("order", [1, -1])
def test_all_titles_of_an_address_stand_in_one_record_whatever_the_order_of_rows(
    tmp_path: Path, lookup: Lookup, order: int
) -> None:
    rows = [
        {"id": "a", "source_urls": URL, "source_titles": "Short"},
        {"id": "b", "source_urls": f"https://b.org;{URL}", "source_titles": "B;A longer title"},
        {"id": "c", "source_urls": URL, "source_titles": ""},
    ]

    pages = read_pages([write_table(tmp_path / "p.csv", *rows[::order])], lookup)

    assert pages == {
        page_key("https://b.org"): [
            'identifier "' + page_key("https://b.org") + '"',
            "publicationType <https://w3id.org/ssc4c/id/publication-type/source-page>",
            'title "B"@und',
            "url <https://b.org>",
        ],
        page_key(URL): [
            'alternative "Short"@und',
            f'identifier "{page_key(URL)}"',
            "publicationType <https://w3id.org/ssc4c/id/publication-type/source-page>",
            'title "A longer title"@und',
            f"url <{URL}>",
        ],
    }


def test_address_without_a_title_is_called_by_its_address(tmp_path: Path, lookup: Lookup) -> None:
    path = write_table(tmp_path / "p.csv", {"source_urls": URL, "source_titles": ""})

    assert 'title "www.a.org/x?y=1"@und' in read_pages([path], lookup)[page_key(URL)]


def test_address_of_a_publication_in_a_table_is_that_publication(
    tmp_path: Path, lookup: Lookup
) -> None:
    rows = write_table(tmp_path / "a.csv", {"source_urls": URL, "source_titles": "Cited so"})
    volumes = tmp_path / "b.csv"
    volumes.write_text(PUBLICATIONS, encoding="utf-8")

    pages = read_pages([rows, volumes], lookup)

    assert list(pages) == ["volume"]
    assert {'title "The volume"@en', 'alternative "Cited so"@und'} <= set(pages["volume"])


def test_address_of_two_publications_is_a_page_of_its_own(tmp_path: Path, lookup: Lookup) -> None:
    rows = write_table(tmp_path / "a.csv", {"source_urls": URL, "source_titles": "Cited so"})
    volumes = tmp_path / "b.csv"
    volumes.write_text(PUBLICATIONS + f"second,Another,report,{URL}\n", encoding="utf-8")

    pages = read_pages([rows, volumes], lookup)

    assert sorted(pages) == sorted(["volume", "second", page_key(URL)])
    assert 'alternative "Cited so"@und' not in pages["volume"]


def test_one_of_our_files_alone_gives_the_same_pages_as_all_together(
    lookup: Lookup, shipped: dict[str, list[Record]]
) -> None:
    from kg.settings import PROJECT

    together = {item.graph: item for item in shipped["ssc4c"]}
    for name in ("practices.csv", "publications.csv"):
        alone = read_sources([PROJECT / "data" / "practices" / name], "ssc4c", lookup)
        for item in alone:
            assert isinstance(item, Record)
            assert item.triples == together[item.graph].triples
