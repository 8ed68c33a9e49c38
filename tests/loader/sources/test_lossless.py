"""Nothing in a shipped row is lost: each cell can be written again from the records.

For every column of every table stands the way back, from the graph to the cell.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from kg.namespaces import expand, split_thing, thing_iri
from kg.settings import PROJECT
from loader.tables import read_rows

DATA: Path = PROJECT / "data"
Cells = dict[str, str]
Back = Callable[["Reader", NamedNode, Cells], Iterable[str]]


class Reader:
    """Reads values of things out of a store of record graphs."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def values(self, node: NamedNode, *path: str) -> list[NamedNode | Literal]:
        """What is reached from a node along properties."""
        nodes: list[NamedNode | Literal] = [node]
        for name in path:
            predicate = NamedNode(expand(name))
            nodes = [
                quad.object
                for each in nodes
                if isinstance(each, NamedNode)
                for quad in self.store.quads_for_pattern(each, predicate, None, None)
                if isinstance(quad.object, NamedNode | Literal)
            ]
        return nodes

    def label(self, node: NamedNode | Literal) -> str:
        """The name by which tables know a thing."""
        assert isinstance(node, NamedNode)
        found = self.values(node, "skos:prefLabel")
        english = [v.value for v in found if isinstance(v, Literal) and v.language in ("en", None)]
        return english[0]


def text(*path: str, language: str | None = None) -> Back:
    def back(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
        for value in reader.values(node, *path):
            if not language or (isinstance(value, Literal) and value.language == language):
                yield value.value

    return back


def key(*path: str) -> Back:
    def back(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
        for value in reader.values(node, *path):
            yield (split_thing(value.value) or ("", value.value))[1]

    return back


def label(*path: str) -> Back:
    def back(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
        return (reader.label(value) for value in reader.values(node, *path))

    return back


def taking_part(predicate: str, *roles: str) -> Back:
    def back(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
        for part in reader.values(node, "ssc4c:hasParticipation"):
            assert isinstance(part, NamedNode)
            if set(key("ssc4c:role")(reader, part, cells)) & set(roles):
                for value in reader.values(part, predicate):
                    is_country = predicate == "ssc4c:participantCountry"
                    yield value.value.rpartition("/")[2] if is_country else reader.label(value)

    return back


def cited_titles(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
    """The titles of a row, each found at the publication with the address beside it."""
    urls = (cells.get("source_urls") or cells["source_url"]).split(";")
    for url, title in zip(urls, cells["source_titles"].split(";"), strict=True):
        for publication in reader.values(node, "dcterms:source"):
            assert isinstance(publication, NamedNode)
            titles = [
                value.value
                for name in ("dcterms:title", "dcterms:alternative")
                for value in reader.values(publication, name)
            ]
            if url in text("schema:url")(reader, publication, cells) and title in titles:
                yield title


def kind_of(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
    return [(split_thing(node.value) or ("", ""))[0]]


def level_of(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
    for value in text("rdf:type")(reader, node, cells):
        yield value.rpartition("#")[2].lower()


def region(*, name: bool) -> Callable[[str], Back]:
    def of(column: str) -> Back:
        def back(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
            for value in reader.values(node, "ssc4c:inRegion"):
                code = value.value.rpartition("/")[2]
                if code == cells[column]:
                    yield reader.label(value) if name else code

        return back

    return of


def member(group: str, value: str = "yes", otherwise: str = "no") -> Back:
    """Yes where a membership is told; no where none is."""

    def back(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
        groups = key("ssc4c:hasMembership", "ssc4c:inGroup")(reader, node, cells)
        yield value if group in set(groups) else otherwise

    return back


def development(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
    groups = key("ssc4c:hasMembership", "ssc4c:inGroup")(reader, node, cells)
    return set(groups) & {"developing", "developed"}


def match(before: str, after: str = "") -> Back:
    def back(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
        for value in text("skos:exactMatch")(reader, node, cells):
            if value.startswith(before):
                yield value.removeprefix(before).removesuffix(after)

    return back


def yes(*path: str) -> Back:
    def back(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
        for value in text(*path)(reader, node, cells):
            yield {"true": "yes", "false": "no"}[value]

    return back


def first(back: Back, *others: Back) -> Back:
    def all_of(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
        for each in (back, *others):
            yield from each(reader, node, cells)

    return all_of


def owners(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
    """Names of organisations and countries."""
    return label("ssc4c:owner")(reader, node, cells)


def iati(part: Callable[[str], str]) -> Back:
    def back(reader: Reader, node: NamedNode, cells: Cells) -> Iterable[str]:
        for value in text("dcterms:source", "schema:url")(reader, node, cells):
            yield part(value.removeprefix("https://github.com/"))

    return back


LABELS = {
    f"label_{tag}": text("skos:prefLabel", language=tag) for tag in ("en", "fr", "es", "pt", "ar")
}
COMMON: dict[str, Back] = {
    "id": text("dcterms:identifier"),
    "key": text("dcterms:identifier"),
    "kind": kind_of,
    "title": text("dcterms:title"),
    "description": text("dcterms:description"),
    "theme_keys": key("ssc4c:theme"),
    "population_keys": key("ssc4c:populationGroup"),
    "instrument_keys": key("ssc4c:instrument"),
    "sdg_targets_stated": key("ssc4c:contributesToAsStated"),
    "sdg_targets_assigned": key("ssc4c:contributesToAsAssigned"),
    "source_urls": text("dcterms:source", "schema:url"),
    "source_url": text("dcterms:source", "schema:url"),
    "source_titles": cited_titles,
    "year": first(text("ssc4c:statedInYear"), text("dcterms:issued")),
    "homepage": text("foaf:homepage"),
}
TABLES: dict[str, dict[str, Back]] = {
    "practices/practices.csv": {
        "summary": text("dcterms:description"),
        "type": key("ssc4c:initiativeType"),
        "start_year": text("ssc4c:startYear"),
        "end_year": text("ssc4c:endYear"),
        "provider_countries": taking_part(
            "ssc4c:participantCountry", "solution-provider", "mutual"
        ),
        "beneficiary_countries": taking_part("ssc4c:participantCountry", "recipient", "mutual"),
        "facilitating_partners": taking_part("ssc4c:participant", "facilitating-partner"),
        "lead_organisations": taking_part("ssc4c:participant", "lead"),
        "other_actors": taking_part("ssc4c:participant", "participant"),
        "modality": text("ssc4c:modalityLabel", language="en"),
        "instruments": text("ssc4c:instrumentLabel", language="en"),
        "themes": text("ssc4c:themeLabel", language="en"),
        "beneficiaries_stated": text("ssc4c:beneficiariesStated", language="en"),
        "results_stated": text("ssc4c:hasResult", "dcterms:description", language="en"),
        "budget_usd": text("ssc4c:budgetInUsDollars"),
        "adapted_from": first(
            key("ssc4c:adaptationOf"), key("ssc4c:carries"), key("ssc4c:growsOutOf")
        ),
        "form": key("ssc4c:form"),
        "origin_country": key("ssc4c:originCountry"),
        "confidence": key("ssc4c:confidence"),
    },
    "practices/challenges.csv": {
        "countries": key("ssc4c:affectsCountry"),
        "stated_by": label("ssc4c:statedBy"),
        "addressed_by": key("ssc4c:addressedBy"),
    },
    "practices/needs-offers.csv": {
        "owner": owners,
        "owner_country": key("ssc4c:ownerCountry"),
        "published": text("ssc4c:publishedOn"),
        "valid_until": text("ssc4c:validUntil"),
        "status": key("ssc4c:listingStatus"),
        "matched_by": key("ssc4c:hasMatch", "ssc4c:matchedActivity"),
    },
    "practices/ideas.csv": {
        "proposed_by": label("ssc4c:proposedBy"),
        "stage": key("ssc4c:ideaStage"),
        "became": key("ssc4c:became"),
    },
    "practices/events.csv": {
        "start_date": text("ssc4c:startDate"),
        "end_date": text("ssc4c:endDate"),
        "place": text("ssc4c:place"),
        "country_iso3": key("ssc4c:inCountry"),
        "mode": key("ssc4c:deliveryMode"),
        "organisers": label("ssc4c:organiser"),
        "related": key("ssc4c:relatedTo"),
    },
    "practices/publications.csv": {
        "publishers": label("dcterms:publisher"),
        "type": key("ssc4c:publicationType"),
        "language": text("dcterms:language"),
        "url": text("schema:url"),
        "about": key("ssc4c:about"),
    },
    "practices/communities.csv": {
        "host": label("ssc4c:host"),
        "initiated_by": label("ssc4c:initiatedBy"),
        "members_stated": text("ssc4c:membersStated"),
        "started": text("ssc4c:startedOn"),
    },
    **{
        f"practices/{name}.csv": {
            "name": text("skos:prefLabel"),
            "acronym": text("ssc4c:acronym"),
            "type": key("ssc4c:actorType"),
            "country_iso3": key("ssc4c:seatCountry"),
            "alt_names": text("skos:altLabel"),
        }
        for name in ("actors", "community-actors", "graph-actors")
    },
    "reference/countries.csv": {
        **{f"name_{tag}": text("skos:prefLabel", language=tag) for tag in ("en", "fr", "es", "pt")},
        **{f"name_{tag}": text("skos:prefLabel", language=tag) for tag in ("ar", "zh", "ru")},
        **{
            f"un_name_{tag}": text("ssc4c:unName", language=tag)
            for tag in ("en", "fr", "es", "ar", "zh", "ru")
        },
        **{code: text(f"ssc4c:{code}") for code in ("iso2", "iso3", "m49")},
        **{
            f"{level}_m49": region(name=False)(f"{level}_m49")
            for level in ("region", "subregion", "intermediate")
        },
        **{
            f"{level}_name": region(name=True)(f"{level}_m49")
            for level in ("region", "subregion", "intermediate")
        },
        **{group: member(group) for group in ("ldc", "lldc", "sids")},
        "g77_member": member("g77"),
        "un_member": member("un-member"),
        "developing": development,
        "unicef_region": key("ssc4c:unicefRegion"),
        "latitude": text("wgs:lat"),
        "longitude": text("wgs:long"),
        "wikidata": match("http://www.wikidata.org/entity/"),
        "geonames_id": match("https://sws.geonames.org/", "/"),
        "eu_authority_uri": text("skos:exactMatch"),
        "m49_listed": yes("ssc4c:m49Listed"),
        "notes": text("skos:note", language="en"),
    },
    "reference/regions.csv": {
        "m49": text("ssc4c:m49"),
        "broader_m49": key("ssc4c:broaderRegion"),
        **LABELS,
    },
    "reference/country-groups.csv": {
        "description_en": text("dcterms:description", language="en"),
        **LABELS,
    },
    "reference/publications.csv": {
        "publication_type": key("ssc4c:publicationType"),
        "url": text("schema:url"),
    },
    "reference/sdg.csv": {
        "notation": text("skos:notation"),
        "level": level_of,
        "parent": first(key("sdgo:isTargetOf"), key("sdgo:isIndicatorOf")),
        "uri": lambda reader, node, cells: [node.value],
        "short_label_en": text("skos:prefLabel", language="en"),
        **{
            f"name_{tag}": text("skos:prefLabel", language=tag)
            for tag in ("fr", "es", "pt", "ar", "zh", "ru")
        },
        "names_verified": text("ssc4c:namesVerified"),
        "colour": text("ssc4c:colour"),
        "child_relevance": yes("ssc4c:childRelevance"),
        "child_relevance_basis": text("ssc4c:childRelevanceBasis"),
        "unicef_custodian": yes("ssc4c:unicefCustodian"),
        "indicator_code": text("ssc4c:indicatorCode"),
        "uri_basis": text("ssc4c:uriBasis"),
        "sdgio_uri": text("skos:exactMatch"),
        "wikidata": match("http://www.wikidata.org/entity/"),
    },
    "reference/crc-articles.csv": {
        "number": text("skos:notation"),
        "cluster_keys": key("ssc4c:inCluster"),
        "draft": text("ssc4c:draft"),
        "notes_en": text("skos:note", language="en"),
        **LABELS,
    },
    "reference/iati-codelists.csv": {
        "codelist": lambda reader, node, cells: [
            value.partition(":")[0] for value in text("skos:notation")(reader, node, cells)
        ],
        "code": lambda reader, node, cells: [
            value.partition(":")[2] for value in text("skos:notation")(reader, node, cells)
        ],
        "name_en": text("skos:prefLabel", language="en"),
        "name_fr": text("skos:prefLabel", language="fr"),
        "category": lambda reader, node, cells: [
            value.rpartition("-")[2] for value in text("skos:broadMatch")(reader, node, cells)
        ],
        "status": lambda reader, node, cells: ["active"],
        "graph_use": text("skos:scopeNote", language="en"),
        "source_repo": iati(lambda path: "/".join(path.split("/")[:2])),
        "source_commit": iati(lambda path: path.split("/")[3]),
        "source_path": iati(lambda path: "/".join(path.split("/")[4:])),
    },
}
SETTINGS = {
    "reference/country-alternatives.csv": "names for reconciliation, not for the graph",
}
"""Tables that tell the loader something and are no records, and why."""
OF_MEMBERSHIPS = ("column", "value", "as_of", "source")
"""Columns of country-groups.csv that are told with each membership."""


def things(name: str, cells: Cells) -> list[NamedNode]:
    """The things that a row describes."""
    kinds = {
        "practices": (cells.get("kind", ""),),
        "needs-offers": (cells.get("kind", ""),),
        "challenges": ("challenge",),
        "ideas": ("idea",),
        "events": ("event",),
        "publications": ("publication",),
        "communities": ("community",),
        "country-groups": ("country-group",),
    }
    stem = Path(name).stem
    if stem == "countries":
        return [NamedNode(thing_iri("country", cells["iso3"]))]
    if stem == "regions":
        return [NamedNode(thing_iri("region", cells["m49"]))]
    if stem == "sdg":
        return [NamedNode(cells["uri"])]
    if stem == "crc-articles":
        return [NamedNode(thing_iri("crc", f"art-{cells['number']}"))]
    if stem == "iati-codelists":
        return [NamedNode(thing_iri("iati", f"{cells['codelist']}-{cells['code']}"))]
    kind = kinds.get(stem, ("actor",))[0]
    return [NamedNode(thing_iri(kind, cells.get("id") or cells["key"]))]


def holds(cell: str, found: list[str]) -> bool:
    """Whether a cell can be written from values: as one of them, or as all of its parts."""
    return cell in found or set(cell.split(";")) <= set(found)


def clean(name: str, column: str, cell: str) -> str:
    """The cell in the form in which the graph says it."""
    if column == "source_repo":  # the commit tells more than the branch
        return cell.partition(" (")[0]
    if column in ("latitude", "longitude"):  # a store keeps the value of a decimal, not its zeros
        return cell.rstrip("0").removesuffix(".")
    if name == "practices/publications.csv" and column == "type":  # told by label
        return cell.replace(" ", "-")
    return cell


@pytest.mark.parametrize("path", sorted(DATA.glob("*/*.csv")), ids=lambda path: path.name)
def test_every_cell_of_a_table_can_be_written_again(path: Path, shipped_store: Store) -> None:
    name = path.relative_to(DATA).as_posix()
    if name in SETTINGS:
        return
    reader = Reader(shipped_store)
    lost = []
    for cells in read_rows(path):
        (node,) = things(name, cells)
        for column, cell in cells.items():
            if cell and not (column in OF_MEMBERSHIPS and name == "reference/country-groups.csv"):
                back = TABLES[name].get(column) or COMMON[column]
                if not holds(clean(name, column, cell), list(back(reader, node, cells))):
                    lost.append((node.value, column, cell))

    assert lost == []


def test_no_column_says_more_values_than_the_row(shipped_store: Store) -> None:
    reader = Reader(shipped_store)
    added = []
    for cells in read_rows(DATA / "practices" / "practices.csv"):
        (node,) = things("practices/practices.csv", cells)
        for column, cell in cells.items():
            back = TABLES["practices/practices.csv"].get(column) or COMMON[column]
            if column == "source_titles":
                continue
            found = set(back(reader, node, cells))
            if found != {cell} and found != set(filter(None, cell.split(";"))):
                added.append((node.value, column, cell, found))

    assert added == []
