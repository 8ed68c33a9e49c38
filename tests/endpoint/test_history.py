"""The history of a thing, from a real journal and a published snapshot."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.dates import format_date
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Triple
from sqlalchemy import update

from kg.journal import Journal
from kg.journal_tables import CONTENT, open_engine
from kg.namespaces import expand, thing_iri
from kg.publishing import publish
from kg.records import Record, parse_content
from kg.settings import Settings
from tests.endpoint.homes import client_at, publish_records
from tests.endpoint.pages_sample import sample_client
from tests.kg.samples import append, practice, withdraw

HTML = {"Accept": "text/html"}


@pytest.fixture(name="settings")
def _settings(tmp_path: Path) -> Settings:
    """A practice that two sources tell of, the first of them twice."""
    settings = Settings(home=tmp_path)
    publish_records(settings, practice("a", title="First <b>words</b>"))
    publish_records(settings, practice("a", title="Second words"), practice("a", source="two"))
    return settings


def _text(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_page_leads_to_its_history(settings: Settings) -> None:
    page = _text(client_at(settings.home), "/practice/a")

    assert 'href="/practice/a/history"' in page


def test_a_history_tells_what_changed_in_words(settings: Settings) -> None:
    page = _text(client_at(settings.home), "/practice/a/history")

    changed = page[page.index('id="v2"') : page.index('id="v1"')]
    assert "Changed" in changed
    assert changed.index("First &lt;b&gt;words&lt;/b&gt;") < changed.index("Second words")
    assert changed.count('<th scope="row">Title') == 1
    assert "by <bdi>test</bdi>" in changed
    assert "example.csv" in changed


def test_a_history_speaks_the_language_of_the_reader(settings: Settings) -> None:
    assert '<th scope="row">Titre' in _text(client_at(settings.home), "/practice/a/history?lang=fr")


def test_programs_get_every_statement(settings: Settings) -> None:
    told = client_at(settings.home).get("/practice/a/history.json").get_json()

    assert (told["thing"], told["total"]) == ("https://w3id.org/ssc4c/id/practice/a", 3)
    newest, changed, _ = told["versions"]
    assert newest["graph"] == "https://w3id.org/ssc4c/graph/two/practice/a"
    title = "<https://w3id.org/ssc4c/id/practice/a> <http://purl.org/dc/terms/title>"
    assert changed["removed"] == [f'{title} "First <b>words</b>"@en']
    assert changed["added"] == [f'{title} "Second words"@en']


def test_a_withdrawn_thing_keeps_its_history(settings: Settings) -> None:
    with Journal(settings.journal) as journal:
        withdraw(journal, practice("a"), practice("a", source="two"))
        append(journal, practice("other"))
        publish(settings, journal)
    client = client_at(settings.home)

    answer = client_at(settings.home).get("/practice/a?lang=fr", headers=HTML)
    assert answer.status_code == 410
    assert format_date(datetime.now(UTC), "long", locale="fr") in answer.text
    assert 'href="/practice/a/history?lang=fr"' in answer.text
    assert _text(client, "/practice/a/history").count("Withdrawn") == 2
    problem = client.get("/id/practice/a", headers={"Accept": "text/turtle"}).get_json()
    assert (problem["status"], problem["title"]) == (410, "Withdrawn resource")
    assert "/practice/a/history" in problem["detail"]


def test_a_thing_that_was_taken_in_again_has_its_page(settings: Settings) -> None:
    record = practice("a", source="two")
    with Journal(settings.journal) as journal:
        withdraw(journal, practice("a"), record)
        append(journal, record)
        publish(settings, journal)

    assert client_at(settings.home).get("/practice/a", headers=HTML).status_code == 200


def test_what_was_merged_is_found_by_its_history(settings: Settings) -> None:
    old = practice("old", title="Old name")
    replaced = Triple(
        NamedNode(thing_iri("practice", "old")),
        NamedNode(expand("dcterms:isReplacedBy")),
        NamedNode(thing_iri("practice", "a")),
    )
    content = [*parse_content(old.content()), replaced]
    publish_records(settings, Record.of("one", "practice", "old", content, "example.csv"))
    client = client_at(settings.home)

    assert client.get("/practice/old", headers=HTML).headers["Location"] == "/practice/a"
    page = _text(client, "/practice/a")
    assert re.search(r'href="/practice/old/history"[^>]*>Old name', page)
    assert "Old name" in _text(client, "/practice/old/history")


def test_what_is_not_yet_published_is_not_told(settings: Settings) -> None:
    with Journal(settings.journal) as journal:
        append(journal, practice("a", title="Not yet"), operation="update")

    assert "Not yet" not in _text(client_at(settings.home), "/practice/a/history")


def test_erased_words_are_gone_and_that_is_told(settings: Settings) -> None:
    record = practice("a", title="First <b>words</b>")
    erase = update(CONTENT).where(CONTENT.c.hash == record.digest).values(body=None)
    with open_engine(settings.journal).begin() as connection:
        connection.execute(erase)

    page = _text(client_at(settings.home), "/practice/a/history")

    assert "words&lt;" not in page
    assert page.count("was erased") == 2


def test_many_versions_come_page_by_page(settings: Settings) -> None:
    with Journal(settings.journal) as journal:
        for number in range(25):
            append(journal, practice("a", title=f"Title {number}"), operation="update")
        publish(settings, journal)
    client = client_at(settings.home)

    first, second = (_text(client, f"/practice/a/history?page={page}") for page in (1, 2))

    assert (first.count("<section"), second.count("<section")) == (20, 8)
    assert 'rel="next"' in first
    assert "First &lt;b&gt;words&lt;/b&gt;" in second


def test_history_needs_a_record_that_there_was(settings: Settings) -> None:
    client = client_at(settings.home)

    for address in ("/practice/never/history", "/practice/%22/history", "/nothing/x/history.json"):
        assert client.get(address, headers=HTML).status_code == 404


def test_a_thing_without_a_journal_has_an_empty_history() -> None:
    assert "tells nothing about it" in _text(sample_client(), "/practice/school-meals/history")


def test_each_statement_names_its_records_where_there_are_several(tmp_path: Path) -> None:
    others = [practice(key) for key in ("b", "c")]
    both, alone = (other.thing for other in others)
    records = (
        practice("a", growsOutOf=both),
        practice("a", source="two", growsOutOf=both, adaptationOf=alone),
    )

    page = _text(client_at(tmp_path, *others, *records), "/practice/a")

    assert re.findall(r'<li id="record-(\d)">', page) == ["1", "2"]
    assert _sayers(page, "b") == ["1", "2"]
    assert _sayers(page, "c") == ["2"]


def test_each_statement_names_its_record_when_asked(tmp_path: Path) -> None:
    other = practice("b")
    client = client_at(tmp_path, other, practice("a", growsOutOf=other.thing))

    plain, asked = (_text(client, f"/practice/a{query}") for query in ("", "?sources=1"))

    assert 'href="/practice/a?sources=1"' in plain
    assert (_sayers(plain, "b"), _sayers(asked, "b")) == ([], ["1"])


def _sayers(page: str, key: str) -> list[str]:
    """Numbers behind the value of a fact."""
    facts = page[page.index('class="panel record"') :]
    value = re.search(
        rf'<a href="/practice/{key}">[^<]*</a>\s*(<a class="says".*?)?\s*</(?:dd|li)>', facts
    )
    assert value
    return re.findall(r"#record-(\d)", value[1] or "")
