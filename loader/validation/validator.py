"""The validator: records against the shapes and the reference data that they mention."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, cast

from pyoxigraph import RdfFormat, serialize

from kg.namespaces import SHAPES
from kg.records import Finding, Record, Severity
from kg.reference import ReferenceGraph
from loader.forms import read_messages, read_triples
from loader.validation.batches import Batch, Entry, make_batches
from loader.validation.engines import ENGINES, Result, ShaclEngine, choose_engine
from loader.validation.shapes import ShapesPart, split_shapes

CORE_BATCH: Final = 10_000
"""Records in a batch for core constraints, whose cost is linear."""
SPARQL_BATCH: Final = 100
"""Records in a batch for SPARQL rules: `shacl` looks through the whole batch for each record."""


@dataclass(frozen=True)
class Outcome:
    """A record with what validation found in it."""

    record: Record
    findings: tuple[Finding, ...]
    """Violations and warnings, sorted."""

    @property
    def accepted(self) -> bool:
        """Whether there is no violation among the findings."""
        return all(finding.severity != "Violation" for finding in self.findings)


@dataclass(frozen=True)
class Stage:
    """A part of the shapes, compiled, with what it can see of the reference data."""

    part: ShapesPart
    engine: ShaclEngine
    size: int
    reference: ReferenceGraph
    texts: dict[str, str] = field(default_factory=dict)
    """Thing to its description as N-Triples, kept for the next batch."""

    def run(self, batch: Batch) -> Iterator[tuple[int, Result]]:
        """Results of one batch with the place of the record that each belongs to."""
        owners = {node: entry.place for entry in batch.entries for node in entry.subjects}
        known = (self._describe(iri) for iri in sorted(batch.mentions))
        data = "".join([*(entry.text for entry in batch.entries), *known])
        for result in self.engine.run(data, owners.keys()):
            yield owners[result.focus[1:-1]], result

    def _describe(self, iri: str) -> str:
        text = self.texts.get(iri)
        if text is None:
            known = self.reference.describe_one(iri)
            if not known:
                return ""
            shown = [statement for statement in known if self.part.shows(statement)]
            text = (serialize(shown, format=RdfFormat.N_TRIPLES) or b"").decode()
            self.texts[iri] = text
        return text


class Validator:
    """Validates records; the result for a record does not depend on those beside it."""

    def __init__(
        self,
        shapes_dir: Path,
        reference: ReferenceGraph,
        engine: str = "",
        *,
        today: date | None = None,
        core_batch: int = CORE_BATCH,
        sparql_batch: int = SPARQL_BATCH,
    ) -> None:
        """Compile the shapes of a folder; `today` stands for NOW() in rules about time.

        The reference data must be complete by then: what was asked of it once is kept.
        """
        make = ENGINES[choose_engine(engine)]
        self._messages = {shape: texts["en"] for shape, texts in read_messages(shapes_dir).items()}
        parts = split_shapes(read_triples(shapes_dir), today or date.today())
        self._stages = [
            Stage(part, make(part), size, reference)
            for part, size in zip(parts, (core_batch, sparql_batch), strict=True)
        ]

    def validate(self, records: Sequence[Record]) -> list[Outcome]:
        """One outcome for each record, in the same order."""
        entries = [Entry.of(place, record) for place, record in enumerate(records)]
        found: list[set[Finding]] = [set() for _ in records]
        for stage in self._stages:
            for batch in make_batches(entries, stage.size):
                for place, result in stage.run(batch):
                    found[place].add(self._finding(result))
        return [
            Outcome(record, tuple(sorted(findings)))
            for record, findings in zip(records, found, strict=True)
        ]

    def _finding(self, result: Result) -> Finding:
        return Finding(
            focus=result.focus,
            path=result.path,
            shape=result.shape,
            severity=cast(Severity, result.severity),
            value=result.value,
            message=self._messages.get(result.shape, result.shape.removeprefix(SHAPES)),
        )
