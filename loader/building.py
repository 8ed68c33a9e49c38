"""Loads and publishes: the steps behind the commands, wired from settings."""

import getpass
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.errors import BadInput
from kg.journal import Journal
from kg.records import Record, split_graph
from kg.reference import ReferenceGraph
from kg.settings import Settings
from kg.versions import ontology_version
from loader.forms import columns_by_iri
from loader.pipeline import Item, Load, LoadReport
from loader.sources import read_lookup, read_project_source, read_source
from loader.sources.lookup import Lookup
from loader.sources.queries import SOURCE as CATALOGUE
from loader.validation import Validator

GROUND: Final = ("vocabulary", "reference")
"""The sources that others are validated against, in the order in which they are loaded."""
SHIPPED: Final = (*GROUND, CATALOGUE, "ssc4c")
"""All sources that the project ships."""
_RESERVED: Final = frozenset({*GROUND, CATALOGUE, "derived", "meta", "checked"})
"""Names that graphs of the project's own use."""
_SOURCE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
OnBatch = Callable[[int], None]


@dataclass
class Workshop:
    """What loading needs: settings, journal, lookup and validator."""

    settings: Settings
    journal: Journal
    engine: str = ""
    """Name of the SHACL engine; empty for the fastest there is."""
    by: str = field(default_factory=getpass.getuser)
    _lookup: Lookup | None = None

    @property
    def lookup(self) -> Lookup:
        """Forms and names, from the project's files and from what partners said before."""
        if self._lookup is None:
            self._lookup = read_lookup(self.settings.project)
            for source in set(self.journal.counts()).difference(SHIPPED):
                self._learn(source, self._lookup)
        return self._lookup

    def _learn(self, source: str, lookup: Lookup) -> None:
        """Make the things known that a partner's earlier loads described."""
        for head in self.journal.heads(source=source).values():
            kind, key = split_graph(head.graph)[1:]
            if head.operation == "withdraw":
                continue
            if kind == "actor":
                content = self.journal.content(head.content_hash) or b""
                lookup.learn_record(Record.read(head.graph, content))
            elif kind != "publication":
                lookup.learn_thing(kind, key)

    def build(self, on_source: Callable[[str], OnBatch]) -> list[LoadReport]:
        """Load everything that the project ships, each source as a whole."""
        return [self._build_source(source, on_source(source)) for source in SHIPPED]

    def _build_source(self, source: str, on_batch: OnBatch) -> LoadReport:
        items: Iterable[Item] = read_project_source(self.settings.project, source, self.lookup)
        if source in GROUND:
            items = list(items)
            validator = self.validator(item for item in items if isinstance(item, Record))
        else:
            validator = self.validator()
        return self.load(items, source, validator, full=True, on_batch=on_batch, allow_many=True)

    def load_file(
        self,
        path: Path,
        source: str,
        *,
        dry_run: bool,
        full: bool,
        on_batch: OnBatch,
        allow_many: bool = False,
    ) -> LoadReport:
        """Load one file of a source."""
        self._check(source)
        items = read_source(path, source, self.lookup)
        return self.load(
            items,
            source,
            self.validator(),
            dry_run=dry_run,
            full=full,
            on_batch=on_batch,
            allow_many=allow_many,
        )

    def load(
        self,
        items: Iterable[Item],
        source: str,
        validator: Validator,
        *,
        dry_run: bool = False,
        full: bool = False,
        on_batch: OnBatch = lambda count: None,
        allow_many: bool = False,
    ) -> LoadReport:
        """Validate items and write them to the journal."""
        version = ontology_version(self.settings.project)
        load = Load(
            source,
            self.journal,
            validator,
            self.by,
            version,
            dry_run,
            full,
            on_batch,
            allow_many,
            columns_by_iri(self.lookup.forms),
        )
        return load.run(items)

    def validator(self, beside: Iterable[Record] = ()) -> Validator:
        """A validator that knows the journal's vocabulary and reference data, and these records."""
        reference = ReferenceGraph()
        for source in GROUND:
            reference.add(self.journal.contents(source=source))
        for record in beside:
            reference.add([record.content()])
        return Validator(self.settings.project / "shapes", reference, self.engine)

    def _check(self, source: str) -> None:
        if not _SOURCE.fullmatch(source) or source in _RESERVED:
            raise BadInput(
                f"{source!r} cannot name a source; take small letters, digits and hyphens, such as "
                f"`galaxy-2026`, and none of: {', '.join(sorted(_RESERVED))}"
            )
        if not self.journal.counts().get("reference"):
            raise BadInput(
                "the graph has no reference data yet (countries, SDG, concepts); "
                "run `ssc4c build` first"
            )
