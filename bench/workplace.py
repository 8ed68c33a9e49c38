"""Where benchmarks keep their graphs, and what is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.generate import Row as CsvRow
from bench.generate import read_rows, write_practices
from bench.processes import BIN, Ran, run_measured
from kg.namespaces import thing_iri
from kg.snapshots import Snapshot, Snapshots

SOURCE: Final = "bench"


@dataclass(frozen=True)
class Graph:
    """A graph of its own: the shipped data and so many synthetic practices, lean ones."""

    folder: Path
    count: int

    @property
    def home(self) -> Path:
        """Folder of its journal and snapshots."""
        return self.folder / f"home-{self.count}"

    @property
    def csv(self) -> Path:
        """File of its synthetic practices."""
        return self.folder / f"practices-{self.count}.csv"

    @property
    def environment(self) -> Mapping[str, str]:
        """What commands and servers need to work on it."""
        return {"SSC4C_HOME": str(self.home)}

    @property
    def snapshot(self) -> Snapshot:
        """What is served."""
        return Snapshots(self.home).current()

    def run(self, *arguments: str | Path) -> Ran:
        """Run an `ssc4c` command on it."""
        return run_measured([str(BIN / "ssc4c"), *map(str, arguments)], self.environment)

    def build(self) -> Ran:
        """Build it from the shipped data."""
        return self.run("build")

    def load(self) -> Ran:
        """Generate and load its synthetic practices."""
        write_practices(self.csv, self.count, lean=True)
        return self.run("load", self.csv, "--source", SOURCE, "--json")

    def rows(self) -> Sequence[CsvRow]:
        """Its synthetic practices."""
        return read_rows(self.csv)

    def things(self) -> Sequence[str]:
        """IRIs of its synthetic practices, initiatives and adaptations."""
        return [thing_iri(row["kind"], row["id"]) for row in self.rows()]
