"""Reference data into records: countries, regions, groups, SDGs, articles, IATI codes.

Each reader takes the rows of one table of ``data/reference`` and gives records; these tables are
ours, so a row that cannot be read raises `Misfit`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.namespaces import SDG
from kg.records import Record
from loader.normalise import read_boolean, read_date, read_decimal, split_cell
from loader.sources.draft import Draft, Term, term, thing

LANGUAGES: Final = ("en", "fr", "es", "pt", "ar", "zh", "ru")
_DECIMAL: Final = term("xsd:decimal")
_BOOLEAN: Final = term("xsd:boolean")
_WKT: Final = term("geo:wktLiteral")
_GEO_AREA: Final = SDG + "codes/geoArea/"

Row = Mapping[str, str]


def read_countries(rows: Iterable[Row], groups: Iterable[Row], source: str) -> Iterator[Record]:
    """A record for each country, with its membership of each group that its columns tell."""
    memberships = list(groups)
    for row in rows:
        draft = Draft(source, "country", row["iso3"], "countries.csv")
        draft.say_typed("ssc4c:Country")
        draft.say("skos:prefLabel", *_labels(row, "name_"))
        draft.say("ssc4c:unName", *_labels(row, "un_name_"))
        for column in ("iso2", "iso3", "m49"):
            draft.say(f"ssc4c:{column}", Literal(row[column]))
        for column in ("region_m49", "subregion_m49", "intermediate_m49"):
            draft.say("ssc4c:inRegion", *_things("region", row[column]))
        draft.say("ssc4c:unicefRegion", *_things("unicef-region", row["unicef_region"]))
        draft.say("ssc4c:m49Listed", Literal(read_boolean(row["m49_listed"])))
        draft.say("skos:exactMatch", *_country_matches(row))
        draft.say("skos:note", *(Literal(row["notes"], language="en"),) if row["notes"] else ())
        _locate(draft, row)
        for group in memberships:
            if row[group["column"]] == group["value"]:
                _join(draft, group)
        yield draft.to_record()


def _country_matches(row: Row) -> Iterator[NamedNode]:
    if row["m49_listed"] == "yes":
        yield NamedNode(_GEO_AREA + row["m49"])
    yield NamedNode(f"http://www.wikidata.org/entity/{row['wikidata']}")
    yield NamedNode(f"https://sws.geonames.org/{row['geonames_id']}/")
    if row["eu_authority_uri"]:
        yield NamedNode(row["eu_authority_uri"])


def _locate(draft: Draft, row: Row) -> None:
    latitude, longitude = read_decimal(row["latitude"]), read_decimal(row["longitude"])
    draft.say("wgs:lat", Literal(latitude, datatype=_DECIMAL))
    draft.say("wgs:long", Literal(longitude, datatype=_DECIMAL))
    point = Literal(f"POINT({longitude} {latitude})", datatype=_WKT)
    draft.nest("geometry", "geo:hasGeometry", "geo:Geometry", {"geo:asWKT": [point]})


def _join(draft: Draft, group: Row) -> None:
    as_of, datatype = read_date(group["as_of"])
    draft.nest(
        group["key"],
        "ssc4c:hasMembership",
        "ssc4c:CountryGroupMembership",
        {
            "ssc4c:inGroup": [thing("country-group", group["key"])],
            "ssc4c:asOf": [Literal(as_of, datatype=NamedNode(datatype))],
            "dcterms:source": [thing("publication", group["source"])],
        },
    )


def read_regions(rows: Iterable[Row], source: str) -> Iterator[Record]:
    """A record for each region of the M49 standard."""
    for row in rows:
        draft = Draft(source, "region", row["m49"], "regions.csv")
        draft.say_typed("ssc4c:Region")
        draft.say("skos:prefLabel", *_labels(row, "label_"))
        draft.say("ssc4c:m49", Literal(row["m49"]))
        draft.say("ssc4c:broaderRegion", *_things("region", row["broader_m49"]))
        yield draft.to_record()


def read_groups(rows: Iterable[Row], source: str) -> Iterator[Record]:
    """A record for each group of countries."""
    for row in rows:
        draft = Draft(source, "country-group", row["key"], "country-groups.csv")
        draft.say_typed("ssc4c:CountryGroup")
        draft.say("skos:prefLabel", *_labels(row, "label_"))
        draft.say("dcterms:description", *_labels(row, "description_"))
        yield draft.to_record()


def read_publications(rows: Iterable[Row], source: str) -> Iterator[Record]:
    """A record for each page from which reference data were taken."""
    for row in rows:
        draft = Draft(source, "publication", row["key"], "publications.csv")
        draft.say_typed("ssc4c:Publication")
        draft.say("dcterms:title", Literal(row["title"], language="en"))
        draft.say("ssc4c:publicationType", thing("publication-type", row["publication_type"]))
        draft.say("schema:url", NamedNode(row["url"]))
        yield draft.to_record()


def read_sdgs(rows: Iterable[Row], source: str) -> Iterator[Record]:
    """A record for each goal, target and indicator; an indicator with two numbers is one record."""
    drafts: dict[str, Draft] = {}
    for row in rows:
        key = row["uri"].removeprefix(SDG)
        draft = drafts.setdefault(key, Draft(source, "sdg", key, "sdg.csv"))
        _describe_sdg(draft, row)
    for draft in drafts.values():
        yield draft.to_record()


def _describe_sdg(draft: Draft, row: Row) -> None:
    draft.say_typed(f"sdgo:{row['level'].title()}")
    draft.say("skos:notation", Literal(row["notation"]))
    draft.say("skos:prefLabel", Literal(row["short_label_en"], language="en"))
    draft.say("skos:prefLabel", *_labels(row, "name_"))
    if row["parent"]:
        draft.say(f"sdgo:is{row['level'].title()}Of", thing("sdg", row["parent"]))
    for column, name in (
        ("colour", "colour"),
        ("child_relevance_basis", "childRelevanceBasis"),
        ("uri_basis", "uriBasis"),
        ("indicator_code", "indicatorCode"),
        ("names_verified", "namesVerified"),
    ):
        draft.say(f"ssc4c:{name}", *(Literal(row[column]),) if row[column] else ())
    for column, name in (
        ("child_relevance", "childRelevance"),
        ("unicef_custodian", "unicefCustodian"),
    ):
        draft.say(f"ssc4c:{name}", *(Literal(read_boolean(row[column])),) if row[column] else ())
    if row["sdgio_uri"]:
        draft.say("skos:exactMatch", NamedNode(row["sdgio_uri"]))
    if row["wikidata"]:
        draft.say("skos:exactMatch", NamedNode(f"http://www.wikidata.org/entity/{row['wikidata']}"))


def read_articles(rows: Iterable[Row], source: str) -> Iterator[Record]:
    """A record for each article of the Convention on the Rights of the Child."""
    scheme = thing("scheme", "crc")
    for row in rows:
        draft = Draft(source, "crc", f"art-{row['number']}", "crc-articles.csv")
        draft.say_typed("ssc4c:ConventionArticle")
        draft.say("rdf:type", term("skos:Concept"))
        draft.say("skos:inScheme", scheme)
        draft.say("skos:topConceptOf", scheme)
        draft.say("skos:notation", Literal(row["number"]))
        draft.say("skos:prefLabel", *_labels(row, "label_"))
        draft.say("ssc4c:inCluster", *_things("crc-cluster", row["cluster_keys"]))
        draft.say("ssc4c:draft", Literal(read_boolean(row["draft"])))
        draft.say("skos:note", *_labels(row, "notes_"))
        yield draft.to_record()


def read_iati_codes(rows: Iterable[Row], source: str) -> Iterator[Record]:
    """A concept for each code of the IATI lists."""
    for row in rows:
        key = f"{row['codelist']}-{row['code']}"
        scheme = thing("scheme", scheme_key(row))
        draft = Draft(source, "iati", key, "iati-codelists.csv")
        draft.say_typed("skos:Concept")
        draft.say("skos:inScheme", scheme)
        draft.say("skos:topConceptOf", scheme)
        draft.say("skos:prefLabel", *_labels(row, "name_"))
        code = f"{row['codelist']}:{row['code']}"
        draft.say("skos:notation", Literal(code, datatype=term("ssc4c:IatiCode")))
        if row["category"]:
            draft.say("skos:broadMatch", thing("iati", f"SectorCategory-{row['category']}"))
        if row["graph_use"]:
            draft.say("skos:scopeNote", Literal(row["graph_use"], language="en"))
        draft.say("dcterms:source", thing("publication", scheme_key(row)))
        yield draft.to_record()


def read_iati_lists(rows: Iterable[Row], source: str) -> Iterator[Record]:
    """A publication for each file of IATI codes that was read."""
    for row in {scheme_key(row): row for row in rows}.values():
        draft = Draft(source, "publication", scheme_key(row), "iati-codelists.csv")
        draft.say_typed("ssc4c:Publication")
        draft.say("dcterms:title", Literal(f"IATI code list {row['codelist']}", language="en"))
        draft.say("ssc4c:publicationType", thing("publication-type", "source-page"))
        repository = row["source_repo"].partition(" ")[0]
        address = (
            f"https://github.com/{repository}/blob/{row['source_commit']}/{row['source_path']}"
        )
        draft.say("schema:url", NamedNode(address))
        yield draft.to_record()


def scheme_key(row: Row) -> str:
    """The key of the scheme of an IATI code list, which is also that of its publication."""
    return f"iati-{row['codelist'].lower()}"


def _labels(row: Row, prefix: str) -> list[Literal]:
    """The texts of the columns that begin so and end with a language."""
    columns = ((f"{prefix}{language}", language) for language in LANGUAGES)
    return [Literal(row[name], language=tag) for name, tag in columns if row.get(name)]


def _things(kind: str, cell: str) -> list[Term]:
    return [thing(kind, key) for key in split_cell(cell)]
