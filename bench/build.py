"""Row: from the shipped data to a snapshot that can be served."""

from bench.processes import Ran
from bench.results import Row, show_bytes
from bench.workplace import Graph


def measure_build(graph: Graph) -> Row:
    """Build an empty home from the shipped data."""
    ran = graph.build()
    manifest = graph.snapshot.manifest
    return Row(
        "shipped data to serving snapshot",
        "under 15 s",
        f"{ran.seconds:.1f} s",
        ran.seconds < 15,
        f"`ssc4c build` in an empty home, from start of the process to its end: "
        f"{manifest['records']:,} records, {manifest['triples']:,} merged triples; {peak(ran)}.",
    )


def peak(ran: Ran) -> str:
    """The peak memory in words."""
    return f"peak memory {show_bytes(ran.peak_bytes)}, all processes added up"
