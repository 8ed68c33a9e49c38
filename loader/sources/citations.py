"""Source addresses of rows into publications, each address once however many rows name it."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode

from kg.records import Record
from loader.normalise import read_iri, read_text, slugify, split_cell
from loader.problems import Misfit
from loader.sources.draft import Draft, thing
from loader.sources.lookup import PROJECT_SOURCE, Lookup

COLUMNS: Final = ("source_urls", "source_titles", "source_url")
UNTOLD: Final = "und"
"""The language tag of titles whose language nobody tells (BCP 47)."""


def cite_sources(draft: Draft, cells: Mapping[str, str], lookup: Lookup) -> None:
    """State the publications that a row rests on."""
    try:
        pairs = pair_sources(cells)
    except Misfit as misfit:
        draft.refuse("source_titles", cells["source_titles"], misfit)
        return
    for url, title in pairs:
        address = _read(
            read_iri, url, "source_url" if "source_url" in cells else "source_urls", draft
        )
        name = _read(read_text, title, "source_titles", draft)
        if address is not None and name is not None:
            draft.cited.append((address, name))
            draft.publications.append(thing("publication", publication_key(address, lookup)))
    draft.say("dcterms:source", *draft.publications)


def _read(read: Callable[[str], str], value: str, column: str, draft: Draft) -> str | None:
    try:
        return read(value)
    except Misfit as misfit:
        draft.refuse(column, value, misfit)
        return None


def pair_sources(cells: Mapping[str, str]) -> list[tuple[str, str]]:
    """Address and title of each source of a row; raises Misfit where their numbers differ."""
    urls = split_cell(cells.get("source_urls", "")) + split_cell(cells.get("source_url", ""))
    titles = split_cell(cells.get("source_titles", ""))
    if titles and len(titles) != len(urls):
        raise Misfit(
            f"Source addresses: {len(urls)}, source titles: {len(titles)}. Give as many of both, "
            "in the same order; a title cannot hold a semicolon."
        )
    return list(zip(urls, titles or [""] * len(urls), strict=True))


def publication_key(url: str, lookup: Lookup) -> str:
    """The key of the publication that stands at an address."""
    return lookup.publications.get(url) or page_key(url)


@lru_cache(maxsize=65_536)
def page_key(url: str) -> str:
    """The key of an address that is no publication of ours: its site and a hash of all of it."""
    site = slugify(urlsplit(url).hostname or "") or "site"
    return f"{site}-{hashlib.sha256(url.encode()).hexdigest()[:10]}"


@dataclass
class Pages:
    """The addresses that the rows of some tables cite, and the publications among the rows."""

    source: str
    lookup: Lookup
    titles: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Address to the file and row that cite it first."""
    held: dict[str, tuple[Draft, str]] = field(default_factory=dict)
    """Publications described by a row, with their address; told last, with all their titles."""

    def note(self, draft: Draft) -> None:
        """Remember what a row cites."""
        for url, title in draft.cited:
            self.titles[url].update({title} - {""})
            self.places.setdefault(url, (draft.origin, draft.row))

    def hold(self, draft: Draft, url: str) -> None:
        """Keep a publication back until all titles of its address are known."""
        self.held[draft.key] = (draft, url)

    def records(self) -> Iterator[Record]:
        """The publications, in the order of their keys."""
        for draft, url in self.held.values():
            titles = self._titles(url) if self.lookup.publications.get(url) == draft.key else ()
            known = {t.object.value for t in draft.triples if isinstance(t.object, Literal)}
            draft.say("dcterms:alternative", *_tagged(titles, known))
            yield draft.to_record()
        for url in sorted(self.titles):
            if record := self._describe(url):
                yield record

    def _titles(self, url: str) -> set[str]:
        own = self.lookup.titles.get(url, set()) if self.source == PROJECT_SOURCE else set()
        return self.titles.get(url, set()) | own

    def _describe(self, url: str) -> Record | None:
        """A record of a cited address; nothing where the publication has a row of its own."""
        key = publication_key(url, self.lookup)
        is_known = bool(self.lookup.publications.get(url))
        if is_known and (key in self.held or self.source == PROJECT_SOURCE):
            return None
        titles = sorted(self._titles(url), key=lambda title: (-len(title), title))
        draft = Draft(self.source, "publication", key, *self.places[url])
        draft.say_typed("ssc4c:Publication")
        draft.say("schema:url", NamedNode(url))
        if is_known:
            draft.say("dcterms:alternative", *_tagged(titles))
            return draft.to_record()
        title = titles[0] if titles else url.partition("://")[2].rstrip("/")
        draft.say("dcterms:title", Literal(title, language=UNTOLD))
        draft.say("dcterms:alternative", *_tagged(titles[1:]))
        draft.say("ssc4c:publicationType", thing("publication-type", "source-page"))
        return draft.to_record()


def _tagged(titles: Iterable[str], without: Iterable[str] = ()) -> list[Literal]:
    return [Literal(title, language=UNTOLD) for title in sorted(set(titles) - set(without))]
