"""What activities are compared by, as the text index keeps it: read with a hit, not from the store.

A page looks at a dozen activities; from a disk that is not in memory each took a read of its own.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.namespaces import expand

FIELDS: Final = MappingProxyType(
    {
        "theme": expand("ssc4c:theme"),
        "target": expand("ssc4c:contributesTo"),
        "population": expand("ssc4c:populationGroup"),
        "instrument": expand("ssc4c:instrument"),
        "form": expand("ssc4c:form"),
    }
)
"""What is compared by concepts, and the property that says it."""
_OTHERS: Final = MappingProxyType(
    {
        "arrived": ("ssc4c:recipientCountry", "ssc4c:inCountry"),
        "origin": ("ssc4c:originCountry", "ssc4c:providerCountry"),
        "named": ("ssc4c:involvesCountry",),
        "source": ("ssc4c:carries", "ssc4c:adaptationOf", "ssc4c:growsOutOf"),
    }
)
"""Countries, and what it came from."""
_PARTS: Final = {NamedNode(name): part for part, name in FIELDS.items()} | {
    NamedNode(expand(name)): part for part, names in _OTHERS.items() for name in names
}

Kept = Mapping[str, Sequence[str]]
"""IRIs by part: a field, `arrived`, `origin`, `named` for all countries, `source`."""


def write_kept(own: Iterable[tuple[NamedNode, NamedNode | Literal]]) -> bytes:
    """What the index keeps, from the statements about the thing itself."""
    kept: defaultdict[str, list[str]] = defaultdict(list)
    for predicate, value in own:
        if (part := _PARTS.get(predicate)) and isinstance(value, NamedNode):
            kept[part].append(value.value)
    return json.dumps(kept, separators=(",", ":")).encode() if kept else b""


def read_kept(written: bytes) -> Kept:
    """What the index kept."""
    kept: Kept = json.loads(written) if written else {}
    return kept
