"""The lines of the journal: what changes, what was written, and what was set aside."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, Self

from kg.records import Finding, Record

Operation = Literal["create", "update", "withdraw"]
START: Final = "0" * 64
"""What the first entry names as the hash of the entry before it."""


@dataclass(frozen=True)
class Change:
    """One step of one record: its new content, or its withdrawal when there is none."""

    graph: str
    source: str
    operation: Operation
    content: bytes
    content_hash: str
    origin: str = ""
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, record: Record, operation: Operation, findings: tuple[Finding, ...] = ()) -> Self:
        """The change that puts this record in place."""
        graph, source = record.graph.value, record.source
        return cls(
            graph, source, operation, record.content(), record.digest, record.origin, findings
        )

    @classmethod
    def withdrawal(cls, graph: str, source: str, origin: str = "") -> Self:
        """The change that takes a record away."""
        return cls(graph, source, "withdraw", b"", hashlib.sha256(b"").hexdigest(), origin)


@dataclass(frozen=True)
class Entry:
    """One line of the journal."""

    sequence: int
    graph: str
    source: str
    operation: Operation
    content_hash: str
    previous_hash: str
    entry_hash: str
    recorded_at: str
    recorded_by: str
    origin: str
    ontology_version: str
    outcome: str
    """The findings of validation as a JSON list."""

    @property
    def findings(self) -> list[Finding]:
        """What validation found in the record, warnings only."""
        return [Finding.from_json(item) for item in json.loads(self.outcome)]

    def hash(self) -> str:
        """SHA-256 over every other field, in hexadecimal."""
        fields = {name: value for name, value in vars(self).items() if name != "entry_hash"}
        text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Head:
    """Where a record stands now."""

    graph: str
    source: str
    kind: str
    sequence: int
    operation: Operation
    content_hash: str


@dataclass(frozen=True)
class Step:
    """How a record stands at one moment and stood at an earlier one."""

    graph: str
    operation: Operation
    content_hash: str
    before: Operation | None
    """Its last operation at the earlier moment; none if it was not there."""
    old_hash: str | None

    @property
    def change(self) -> str:
        """``created``, ``changed`` or ``withdrawn`` between the two; empty if all is as it was."""
        was, is_there = self.before not in (None, "withdraw"), self.operation != "withdraw"
        if was and is_there:
            return "changed" if self.content_hash != self.old_hash else ""
        return "created" if is_there else "withdrawn" if was else ""


@dataclass(frozen=True)
class Quarantined:
    """A record or row that was set aside, with the reasons."""

    item: str
    """The record's graph, or file and row where no record could be made."""
    source: str
    origin: str
    content: bytes | None
    report: str
    """A JSON list of findings or of row problems."""
    recorded_at: str


def now_utc() -> str:
    """The present moment as an xsd:dateTime in UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
