"""What a reader of tables must know beforehand: which things there are, and by which names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.namespaces import expand, split_thing
from kg.records import Record
from loader.forms import Form
from loader.problems import Misfit, shorten
from loader.reconcile import (
    ACRONYM,
    KEY,
    NAME,
    OTHER_NAME,
    CountryIndex,
    KeyIndex,
    NameIndex,
    SdgIndex,
    choose,
)
from loader.tables import read_rows

PROJECT_SOURCE: Final = "ssc4c"
"""The source of the records that the editors of this graph keep."""
MOST_KEPT: Final = 100_000
"""Names that are remembered at most."""
ACTIVITIES: Final = ("practice", "initiative", "adaptation")
_SHARED_NAMES: Final = {"Congo": ("COD", "COG")}
"""Short names that two countries go by; they are refused, although one of them bears it alone."""
_WORDS: Final = {"actor": "organisation", "crc": "article of the Convention"}
_LABELS: Final = {expand("skos:prefLabel"): NAME, expand("skos:altLabel"): OTHER_NAME}
_NAMES: Final = {**_LABELS, expand("ssc4c:acronym"): ACRONYM}
_IN_SCHEME: Final = expand("skos:inScheme")

Row = Mapping[str, str]


@dataclass
class Lookup:
    """Forms, names of things by kind, publications by address, and what day it is."""

    forms: Mapping[str, Form]
    names: dict[str, NameIndex | KeyIndex] = field(default_factory=dict)
    """Kind, or key of a concept scheme, to its index."""
    publications: dict[str, str] = field(default_factory=dict)
    """Web address to the key of the publication there; empty where there are several."""
    titles: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Web address to the titles under which the project's own tables cite it."""
    today: date = field(default_factory=date.today)
    most_searches: int = 1_000
    """Unknown names in one read for which the nearest are sought, since that takes milliseconds."""
    _resolved: dict[tuple[tuple[str, ...], str], tuple[str, str] | Misfit] = field(
        default_factory=dict
    )
    """What has been looked up since something was last learnt."""
    _searches: int = 0

    def learn_reference(self, folder: Path) -> None:
        """Make countries, SDGs and articles of the Convention known."""
        self.names["country"] = countries = CountryIndex.of(
            read_rows(folder / "countries.csv"), read_rows(folder / "country-alternatives.csv")
        )
        for name, keys in _SHARED_NAMES.items():
            for key in keys:
                countries.add(key, countries.keys[key], [(name, NAME)])
        self.names["sdg"] = SdgIndex.of(read_rows(folder / "sdg.csv"))
        for row in read_rows(folder / "crc-articles.csv"):
            self.learn("crc", f"art-{row['number']}", row["label_en"], [(row["number"], KEY)])

    def learn_concepts(self, paths: Iterable[Path]) -> None:
        """Make the concepts of Turtle files known by key and label."""
        for path in paths:
            for scheme, key, label, rank in _read_labels(path):
                self.learn(scheme, key, key, [(label, rank)])

    def start_reading(self) -> None:
        """Search for nearest names again: each read may do so a bounded number of times."""
        self._searches = 0

    def learn(self, kind: str, key: str, label: str, names: Iterable[tuple[str, int]] = ()) -> None:
        """Make a thing known that tables name by its label and other names."""
        index = self.names.setdefault(kind, NameIndex(_WORDS.get(kind, kind.replace("-", " "))))
        assert isinstance(index, NameIndex)
        index.add(key, label, names)
        self._resolved.clear()

    def learn_key(self, kind: str, key: str) -> None:
        """Make a thing known that tables name by its key alone."""
        index = self.names.setdefault(kind, KeyIndex(kind.replace("-", " ")))
        index.keys[key] = key
        self._resolved.clear()

    def learn_actor(self, key: str, row: Row) -> None:
        """Make an organisation known by its names."""
        others = [(name.strip(), OTHER_NAME) for name in row.get("alt_names", "").split(";")]
        label = row.get("name", "").strip() or key
        self.learn("actor", key, label, [*others, (row.get("acronym", "").strip(), ACRONYM)])

    def learn_record(self, record: Record) -> None:
        """Make known what a record describes; an organisation by its names."""
        said = list(_names_in(record))
        if record.kind == "actor":
            labels = [value for name, value in said if name == expand("skos:prefLabel")]
            names = [(value, _NAMES[name]) for name, value in said]
            self.learn("actor", record.key, labels[0] if labels else record.key, names)
        else:
            self.learn_thing(record.kind, record.key)

    def learn_thing(self, kind: str, key: str) -> None:
        """Make a thing known by its key, unless its kind is known by names."""
        if isinstance(self.names.get(kind), KeyIndex | None):
            self.learn_key(kind, key)

    def learn_address(self, url: str, key: str) -> None:
        """Make known that a publication stands at an address."""
        if self.publications.setdefault(url, key) != key:
            self.publications[url] = ""

    def resolve(self, kinds: tuple[str, ...], text: str) -> tuple[str, str]:
        """Kind and key of the one thing of these kinds that a text names; raises Misfit."""
        found = self._resolved.get((kinds, text))
        if found is None:
            if len(self._resolved) >= MOST_KEPT:
                self._resolved.clear()
            try:
                found = self._resolve(kinds, text)
            except Misfit as misfit:
                found = misfit
            self._resolved[kinds, text] = found
        if isinstance(found, Misfit):
            raise found
        return found

    def _resolve(self, kinds: tuple[str, ...], text: str) -> tuple[str, str]:
        known = split_thing(text)
        if known and known[0] != "sdg":
            return self._resolve_address(kinds, text, *known)
        indexes = {kind: self.names[kind] for kind in kinds if kind in self.names}
        hits = [(kind, key) for kind, index in indexes.items() for key in index.match(text)]
        if len(hits) == 1:
            return hits[0]
        self._searches += 1
        return choose(hits, indexes, text, search=self._searches <= self.most_searches)

    def resolve_any(self, text: str) -> tuple[str, str]:
        """Kind and key of a thing: of any kind by its address, of an activity by its key."""
        known = split_thing(text)
        return self.resolve((known[0],) if known else ACTIVITIES, text)

    def _resolve_address(
        self, kinds: tuple[str, ...], text: str, kind: str, key: str
    ) -> tuple[str, str]:
        if kind not in kinds:
            raise Misfit(f"“{shorten(text)}” is a {kind}; here belongs a {' or '.join(kinds)}.")
        if kind in self.names and key in self.names[kind].keys:
            return kind, key
        raise Misfit(f"“{shorten(text)}” is not known.", self._near(kind, key))

    def _near(self, kind: str, key: str) -> tuple[str, ...]:
        try:
            return tuple(label for _, label in self.names[kind].nearest(key)[:3])
        except (KeyError, Misfit):
            return ()


def _names_in(record: Record) -> Iterator[tuple[str, str]]:
    """Property and text of each name of a record's thing."""
    for triple in record.triples:
        if triple.predicate.value in _NAMES and isinstance(triple.object, Literal):
            yield triple.predicate.value, triple.object.value


def _read_labels(path: Path) -> Iterator[tuple[str, str, str, int]]:
    """Scheme, key, label and kind of label of the concepts in a file."""
    quads = list(parse(path=str(path), format=RdfFormat.TURTLE))
    schemes = {q.subject: q.object for q in quads if q.predicate.value == _IN_SCHEME}
    for quad in quads:
        scheme = schemes.get(quad.subject)
        rank = _LABELS.get(quad.predicate.value)
        if rank and isinstance(scheme, NamedNode) and isinstance(quad.object, Literal):
            key = quad.subject.value.rpartition("/")[2]
            yield scheme.value.rpartition("/")[2], key, quad.object.value, rank
