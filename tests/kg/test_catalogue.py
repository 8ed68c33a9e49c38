from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryResultsFormat, Store

from kg.catalogue import Catalogue, NamedQuery, read_query
from kg.errors import BadInput, BadQuery, UnknownQuery

THEME = NamedNode("https://example.org/theme/water")
FOOD = NamedNode("https://example.org/theme/food")
LABEL = NamedNode("https://example.org/label")
HAS_THEME = NamedNode("https://example.org/theme")
WORK = NamedNode("https://example.org/works/1")
OTHER = NamedNode("https://example.org/works/2")

TEXT = """\
#+ summary: Which works have a theme? WHERE { is only a word here.
#+ question: CQ-07
#+ parameters:
#+   theme: https://example.org/theme/water

PREFIX ex: <https://example.org/>

SELECT ?theme (COUNT(?work) AS ?works)
WHERE { ?work ex:theme ?theme . }
GROUP BY ?theme
ORDER BY ?theme
"""


@pytest.fixture
def store() -> Store:
    store = Store()
    store.extend([Quad(WORK, HAS_THEME, THEME), Quad(OTHER, HAS_THEME, FOOD)])
    return store


def write(folder: Path, text: str, name: str = "works.rq") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def csv(query: NamedQuery, store: Store, **values: NamedNode | Literal) -> bytes:
    answer = query.select(store, values).serialize(format=QueryResultsFormat.CSV)
    assert answer is not None
    return answer


def test_header_becomes_fields(tmp_path: Path) -> None:
    query = read_query(write(tmp_path, TEXT))

    assert query.name == "works"
    assert query.question == "CQ-07"
    assert query.parameters == {"theme": THEME}
    assert query.kind("theme") == "iri"
    assert query.form == "SELECT"


@pytest.mark.parametrize(
    ("example", "kind"),
    [
        ("2015", "integer"),
        ("1.5", "decimal"),
        ("2026-11-24", "date"),
        ("2026-11-24T00:00:00Z", "dateTime"),
        ("true", "boolean"),
        ("nutrition", "string"),
        ("'4.2'", "string"),
    ],
)
def test_kind_of_a_parameter_follows_from_its_example(
    tmp_path: Path, example: str, kind: str
) -> None:
    query = read_query(write(tmp_path, TEXT.replace(THEME.value, example)))

    assert query.kind("theme") == kind


def test_values_narrow_the_answer(tmp_path: Path, store: Store) -> None:
    query = read_query(write(tmp_path, TEXT))

    assert csv(query, store, theme=THEME) == b"theme,works\r\nhttps://example.org/theme/water,1\r\n"


def test_several_values_are_tried_in_turn(tmp_path: Path, store: Store) -> None:
    query = read_query(write(tmp_path, TEXT))

    rows = list(query.select(store, {"theme": [THEME, FOOD]}))

    assert len(rows) == 2


def test_marked_places_take_the_values(tmp_path: Path, store: Store) -> None:
    marked = TEXT.replace("{ ?work", "{\n  # values\n  ?work")
    query = read_query(write(tmp_path, marked))

    assert query.bind({"theme": THEME}).count("VALUES") == 1
    assert csv(query, store, theme=FOOD) == b"theme,works\r\nhttps://example.org/theme/food,1\r\n"


def test_query_without_parameters_stays_as_written(tmp_path: Path) -> None:
    text = "#+ summary: Everything.\nSELECT ?s WHERE { ?s ?p ?o . } ORDER BY ?s\n"

    assert read_query(write(tmp_path, text)).bind() == text


@given(text=st.text())
def test_any_text_stays_data(text: str) -> None:
    query = NamedQuery(
        name="labels",
        summary="Whose label is it?",
        text="SELECT ?work ?label WHERE { ?work <https://example.org/label> ?label . }",
        parameters={"label": Literal("x")},
    )
    store = Store()
    store.extend([Quad(WORK, LABEL, Literal(text)), Quad(OTHER, LABEL, Literal(f"not {text}"))])

    rows = list(query.select(store, {"label": Literal(text)}))

    assert [row["work"] for row in rows] == [WORK]


def test_missing_value_is_named(tmp_path: Path) -> None:
    query = read_query(write(tmp_path, TEXT))

    with pytest.raises(BadInput, match="works needs a value for theme"):
        query.bind({})


def test_unknown_parameter_is_named(tmp_path: Path) -> None:
    query = read_query(write(tmp_path, TEXT))

    with pytest.raises(BadInput, match=r"works takes no parameter tehme \(it has: theme\)"):
        query.bind({"tehme": THEME})


def test_blank_node_is_no_value(tmp_path: Path) -> None:
    query = read_query(write(tmp_path, TEXT))

    with pytest.raises(BadInput, match="an IRI or a literal"):
        query.bind({"theme": [BlankNode("b")]})  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("example", "text", "term"),
    [
        (THEME.value, " https://example.org/theme/food ", FOOD),
        ("2015", "2016", Literal(2016)),
        ("2026-11-24", "2026-01-31", None),
        ("word", '"} DROP ALL', Literal('"} DROP ALL')),
    ],
)
def test_typed_text_becomes_a_term(
    tmp_path: Path, example: str, text: str, term: NamedNode | Literal | None
) -> None:
    query = read_query(write(tmp_path, TEXT.replace(THEME.value, example)))

    value = query.read_values({"theme": text})["theme"]

    assert value == term if term else value.value == text


@pytest.mark.parametrize(
    ("example", "text"),
    [
        (THEME.value, "https://example.org/a> } DROP ALL"),
        (THEME.value, "water"),
        ("2015", "twenty"),
        ("1.5", "1,5"),
        ("2026-11-24", "2026-13-45"),
        ("2026-11-24T00:00:00Z", "yesterday"),
        ("true", "maybe"),
    ],
)
def test_typed_text_of_another_kind_is_refused(tmp_path: Path, example: str, text: str) -> None:
    query = read_query(write(tmp_path, TEXT.replace(THEME.value, example)))

    with pytest.raises(BadInput, match="as theme needs"):
        query.read_values({"theme": text})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT ?s WHERE { ?s ?p ?o . }", "no header"),
        ("#+ question: CQ-01\nSELECT ?s WHERE { ?s ?p ?o . }", "no header with a summary"),
        ("#+ summary: [\nSELECT ?s WHERE { ?s ?p ?o . }", "expected"),
        ("#+ summary: a\n#+ summery: b\nASK { ?s ?p ?o }", "unknown entries: summery"),
        (TEXT.replace("#+   theme:", "#+   topic:"), "'topic' is no variable"),
        (TEXT.replace("theme: https", "theme: [1] #"), "plain value"),
        (TEXT.replace("   theme: https", " - x #"), "no attribute|plain|expected"),
    ],
)
def test_header_at_fault_is_told_with_the_file(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as error:
        read_query(write(tmp_path, text))

    assert "works.rq" in str(error.value)


def test_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "works.rq"
    path.write_bytes(b"#+ summary: caf\xe9")

    with pytest.raises(BadInput, match=r"works\.rq"):
        read_query(path)


def test_text_that_is_no_sparql_is_a_bad_query(tmp_path: Path) -> None:
    query = read_query(write(tmp_path, "#+ summary: Nonsense.\nSELECT WHERE {"))

    with pytest.raises(BadQuery, match="works"):
        query.run(Store())


def test_only_a_select_gives_rows(tmp_path: Path, store: Store) -> None:
    query = read_query(write(tmp_path, "#+ summary: Anything?\nASK WHERE { ?s ?p ?o }"))

    with pytest.raises(BadQuery, match="works is no SELECT"):
        query.select(store)


def test_query_without_where_cannot_take_values(tmp_path: Path) -> None:
    text = TEXT.replace("WHERE {", "{").replace("?work ex:theme", "?work ex:theme")

    with pytest.raises(BadQuery, match="no WHERE"):
        read_query(write(tmp_path, text)).bind({"theme": THEME})


def test_catalogue_finds_queries_by_folder_and_name(tmp_path: Path) -> None:
    write(tmp_path, TEXT, "api/works.rq")
    write(tmp_path, TEXT, "checks/other.rq")
    catalogue = Catalogue(tmp_path)

    assert list(catalogue) == ["api/works", "checks/other"]
    assert catalogue["api/works"].name == "api/works"
    assert [query.name for query in catalogue.group("checks")] == ["checks/other"]
    assert "api/nothing" not in catalogue


def test_name_that_is_not_there_is_an_unknown_query(tmp_path: Path) -> None:
    with pytest.raises(UnknownQuery, match="api/nothing"):
        Catalogue(tmp_path)["api/nothing"]


OFFERED = """\
#+ summary: Which works have a theme?
#+ parameters:
#+   theme: https://example.org/theme/water
#+   year: 2020
#+ kinds:
#+   theme: theme practice
#+ about: theme
#+ topic: goals
#+ least: 3
#+ budget: 2.5

SELECT ?theme ?year
WHERE { ?theme ?year ?work . }
ORDER BY ?theme ?year
"""


def test_header_tells_how_a_query_is_offered(tmp_path: Path) -> None:
    query = read_query(write(tmp_path, OFFERED), "api/works")

    assert query.key == "works"
    assert query.kinds == {"theme": ("theme", "practice")}
    assert (query.about, query.topic) == (("theme",), "goals")
    assert (query.least, query.budget) == (3, 2.5)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#+   theme: theme practice", "#+   them: theme", "no such parameter: them"),
        ("about: theme", "about: year", "no such parameter: year"),
        ("topic: goals", "topic: gaols", "no topic 'gaols'"),
        ("least: 3", "least: some", "'some'"),
    ],
)
def test_header_that_contradicts_itself_is_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        read_query(write(tmp_path, OFFERED.replace(old, new)))


def test_offered_queries_are_found_without_their_folder_and_listed_by_topic(tmp_path: Path) -> None:
    write(tmp_path, OFFERED, "api/works-by-goal.rq")
    write(tmp_path, OFFERED.replace("goals", "practices"), "competency/cq-01-works.rq")
    write(tmp_path, TEXT, "checks/works.rq")
    catalogue = Catalogue(tmp_path)

    assert [query.key for query in catalogue.offered()] == ["cq-01-works", "works-by-goal"]
    assert catalogue.find("cq-01-works").name == "competency/cq-01-works"
    with pytest.raises(UnknownQuery, match="'works'"):
        catalogue.find("works")


def test_written_text_has_no_header(tmp_path: Path) -> None:
    query = read_query(write(tmp_path, TEXT))

    text = query.write({"theme": THEME})

    assert text.startswith("PREFIX ex:") and "VALUES (?theme)" in text and "#+" not in text


def test_a_name_that_is_nearly_right_is_met_by_the_right_one(tmp_path: Path) -> None:
    write(tmp_path, OFFERED, "api/works-by-goal.rq")

    with pytest.raises(UnknownQuery, match="did you mean works-by-goal"):
        Catalogue(tmp_path).find("work-by-goal")


@pytest.mark.parametrize("text", ["20261124", "2026-11-24Z", "2026-13-01"])
def test_a_date_is_written_as_xsd_has_it(tmp_path: Path, text: str) -> None:
    query = read_query(write(tmp_path, TEXT.replace(THEME.value, "2026-11-24")))

    with pytest.raises(BadInput, match="is no date"):
        query.read_values({"theme": text})
