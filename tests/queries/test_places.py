"""Distances in queries, against great circles reckoned here."""

import csv
import math

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.catalogue import read_query
from kg.namespaces import PREFIXES, expand, thing_iri
from kg.settings import PROJECT
from tests.queries.graphs import QUERIES

EARTH = 6371.0088
"""Mean radius in kilometres, by the International Union of Geodesy and Geophysics."""
COUNTRIES = list(
    csv.DictReader((PROJECT / "data/reference/countries.csv").read_text("utf-8").splitlines())
)
GEO = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("geo", "geof", "uom"))


def great_circle(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points given as latitude and longitude, by the haversine formula."""
    (lat1, long1), (lat2, long2) = (map(math.radians, point) for point in (one, other))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((long2 - long1) / 2) ** 2
    )
    return 2 * EARTH * math.asin(math.sqrt(half))


def points() -> dict[str, tuple[float, float]]:
    return {
        row["iso3"]: (float(row["latitude"]), float(row["longitude"]))
        for row in COUNTRIES
        if row["latitude"]
    }


@pytest.mark.parametrize(("key", "kilometres"), [("KEN", 1500), ("BRA", 3000), ("FJI", 2500)])
def test_countries_near_another_are_those_by_great_circle(
    key: str, kilometres: int, shipped: Store
) -> None:
    query = read_query(QUERIES / "api" / "countries-near.rq")
    country = NamedNode(thing_iri("country", key))
    limit = Literal(str(kilometres), datatype=NamedNode(expand("xsd:integer")))

    found = query.select(shipped, {"country": country, "kilometres": limit})

    here = points()[key]
    far = {other: great_circle(here, there) for other, there in points().items() if other != key}
    expected = {other: round(d) for other, d in far.items() if d <= kilometres}
    got = {row["near"].value[-3:]: round(float(row["distance"].value)) for row in found}
    assert expected
    assert got.keys() == expected.keys()
    assert all(abs(got[other] - expected[other]) <= 1 for other in expected)


@pytest.mark.parametrize(("unit", "factor"), [("metre", 1000), ("kilometre", 1)])
def test_known_distance(unit: str, factor: int) -> None:
    paris, new_york = (48.8566, 2.3522), (40.7128, -74.0060)
    texts = (f'"POINT({long} {lat})"^^geo:wktLiteral' for lat, long in (paris, new_york))
    found = Store().query(
        f"{GEO} SELECT (geof:distance({', '.join(texts)}, uom:{unit}) AS ?d) {{}}"
    )

    assert isinstance(found, QuerySolutions)
    (row,) = found
    assert float(row["d"].value) / factor == pytest.approx(great_circle(paris, new_york), rel=1e-5)
    assert float(row["d"].value) / factor == pytest.approx(5837, abs=1)


@pytest.mark.parametrize("relation", ["sfWithin", "sfIntersects", "ehCoveredBy", "rcc8ntpp"])
def test_relations_of_a_point_and_an_area(relation: str) -> None:
    area = '"POLYGON((0 0, 3 0, 3 3, 0 3, 0 0))"^^geo:wktLiteral'
    inside, outside = ('"POINT(1 2)"^^geo:wktLiteral', '"POINT(5 2)"^^geo:wktLiteral')

    def holds(point: str) -> bool:
        return bool(Store().query(f"{GEO} ASK {{ FILTER (geof:{relation}({point}, {area})) }}"))

    assert (holds(inside), holds(outside)) == (True, False)
