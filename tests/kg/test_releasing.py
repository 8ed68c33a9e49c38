"""Releases on disk: what is kept, what is refused, and what damage is seen."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.errors import BadInput, ReleaseRefused, UnknownResource
from kg.journal import Journal
from kg.publishing import publish
from kg.ready import FOLDER, read_ready
from kg.releases import Releases, release_snapshot, sort_key
from kg.seals import find_damage
from kg.settings import Settings
from kg.snapshots import Snapshots
from tests.kg.releases import make_settings, publish_practices, release, set_least
from tests.kg.samples import practice, withdraw


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home with two practices published."""
    settings = make_settings(tmp_path, keep_snapshots=1)
    publish_practices(settings, a="First", b="Second")
    return settings


def damage(settings: Settings, name: str) -> list[str]:
    with Journal(settings.journal) as journal:
        return list(find_damage(Releases(settings.home).find(name), journal))


def today() -> str:
    return str(datetime.now(UTC).date())


def test_release_is_called_by_its_day_and_counts_on(settings: Settings) -> None:
    names = [release(settings).name for _ in range(3)]

    assert names == [today(), f"{today()}.2", f"{today()}.3"]
    assert [each.name for each in Releases(settings.home).all()] == names
    assert Releases(settings.home).find("latest").name == names[-1]


def test_release_tells_what_it_holds(settings: Settings) -> None:
    made = release(settings, title="Before the summit")

    served = Snapshots(settings.home).current()
    dump = b"".join(served.dump())
    assert made.title == "Before the summit"
    assert made.facts["snapshot"] == served.id == release_snapshot(settings.home, today())
    assert (made.facts["sequence"], made.facts["records"], made.facts["examples"]) == (2, 2, 1)
    assert made.facts["dump"]["sha256"] == hashlib.sha256(dump).hexdigest()
    assert made.facts["dump"]["quads"] == dump.count(b"\n")
    assert made.facts["versions"]["ontology"]


def test_release_outlives_pruning_and_shares_its_files(settings: Settings) -> None:
    made = release(settings)
    files = {path.name for path in made.snapshot.store_path.iterdir()}
    assert any(path.stat().st_nlink > 1 for path in made.snapshot.store_path.iterdir())

    publish_practices(settings, c="Third")
    Snapshots(settings.home).prune(1)

    ids = [each.id for each in Snapshots(settings.home).all()]
    assert ids != [made.snapshot.id] and len(ids) == 1
    assert {path.name for path in made.snapshot.store_path.iterdir()} == files
    assert Snapshots(settings.home).find(made.snapshot.id).path == made.snapshot.path
    assert Snapshots(settings.home).kept(made.snapshot.id).path == made.snapshot.path
    assert damage(settings, made.name) == []


def test_id_of_a_release_is_never_given_to_another_content(settings: Settings) -> None:
    made = release(settings)
    shutil.rmtree(Snapshots(settings.home).current().index_path)

    with Journal(settings.journal) as journal:
        published = publish(settings, journal)
        again = publish(settings, journal)

    assert published.snapshot.id == f"{made.snapshot.id}.2"
    assert (again.snapshot, again.is_new) == (published.snapshot, False)
    assert damage(settings, made.name) == []


def test_changes_since_the_release_before_are_told_by_kind(settings: Settings) -> None:
    first = release(settings)
    publish_practices(settings, b="Second, mended", c="Third", d="Fourth", e="Passing")
    with Journal(settings.journal) as journal:
        withdraw(journal, practice("a"), practice("e"))
        publish(settings, journal)

    second = release(settings)

    assert first.changes["kinds"] == {"practice": {"created": 2}}
    assert second.previous == first.name
    assert second.changes["kinds"] == {"practice": {"changed": 1, "created": 2, "withdrawn": 1}}
    assert {(each["change"], each["record"][-1]) for each in second.changes["records"]} == {
        ("withdrawn", "a"),
        ("changed", "b"),
        ("created", "c"),
        ("created", "d"),
    }


def test_withdrawn_things_are_not_counted(settings: Settings) -> None:
    with Journal(settings.journal) as journal:
        withdraw(journal, practice("a"))
        publish(settings, journal)

    made = release(settings)

    assert made.facts["things_by_kind"] == {"practice": 1}
    assert made.facts["records_by_kind"] == {"practice": 1}


def test_answers_are_made_ahead_in_all_formats(settings: Settings) -> None:
    made = release(settings)

    ready = read_ready(made.path / FOLDER)

    assert [each.media_type.rpartition("/")[2] for each in ready] == [
        "sparql-results+json",
        "sparql-results+xml",
        "csv",
        "tab-separated-values",
    ]
    rows = json.loads((made.path / FOLDER / ready[0].file).read_bytes())["results"]["bindings"]
    assert [row["title"]["value"] for row in rows] == ["First", "Second"]
    assert all(each.query.startswith("#+ summary: Which practices") for each in ready)


def test_broken_example_refuses_the_release_and_leaves_nothing(settings: Settings) -> None:
    set_least(settings.project, 3)

    with pytest.raises(ReleaseRefused, match="nothing was released") as refusal:
        release(settings)

    assert refusal.value.faults == (("api/practices", "2 rows instead of 3 or more"),)
    assert Releases(settings.home).all() == []
    assert list((settings.home / "releases").iterdir()) == []


def test_blocking_check_refuses_the_release(settings: Settings) -> None:
    check = settings.project / "queries" / "checks" / "untitled.rq"
    text = (settings.project / "queries" / "api" / "practices.rq").read_text()
    text = text.replace("#+ topic: practices\n", "#+ severity: blocking\n")
    text = text.replace("SELECT ?practice ?title", "SELECT ?record ?problem")
    text = text.replace("WHERE {", "WHERE { GRAPH ?record {").replace("?title }", "?problem } }")
    check.write_text(text, encoding="utf-8")

    with pytest.raises(ReleaseRefused) as refusal:
        release(settings)

    ((name, reason),) = refusal.value.faults
    assert name == "checks/untitled" and "practice/a: First (and 1 more)" in reason


def test_release_after_an_interrupted_one_clears_it_away(settings: Settings) -> None:
    left = settings.home / "releases" / f"draft-{today()}" / "store"
    left.mkdir(parents=True)
    assert Releases(settings.home).all() == []

    made = release(settings)

    assert [path.name for path in (settings.home / "releases").iterdir()] == [made.name]


def test_older_state_is_no_release_after_a_newer_one(settings: Settings) -> None:
    settings = Settings(**{**vars(settings), "keep_snapshots": 5})
    publish_practices(settings, c="Third")
    release(settings)
    Snapshots(settings.home).roll_back()

    with pytest.raises(ReleaseRefused, match="older than the release"):
        release(settings)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("summer", "called by its date"),
        ("2026-02-30", "called by its date"),
        ("2020-01-01.1", "called by its date"),
        ("2999-01-01", "today is"),
        ("2020-01-01", "came before"),
        ("2020-01-02.2", "there is a release"),
    ],
)
def test_wrong_names_are_refused(settings: Settings, name: str, reason: str) -> None:
    release(settings, "2020-01-02.2")

    with pytest.raises(BadInput, match=reason):
        release(settings, name)


def test_tenth_release_of_a_day_follows_the_ninth() -> None:
    names = ["2020-01-02.10", "2020-01-02.9", "2020-01-02", "2020-01-10", "2020-01-02.2"]

    assert sorted(names, key=lambda name: sort_key(name) or (date.min, 0)) == [
        "2020-01-02",
        "2020-01-02.2",
        "2020-01-02.9",
        "2020-01-02.10",
        "2020-01-10",
    ]


@pytest.mark.parametrize("name", ["2020-01-01", "latest", "../snapshots", "draft-2020-01-01", ""])
def test_unknown_release_is_told_with_those_there_are(settings: Settings, name: str) -> None:
    with pytest.raises(UnknownResource, match="none yet"):
        Releases(settings.home).find(name)


def damage_store(made: Path) -> list[str]:
    file = next(made.glob("*/store/*.sst"))
    content = file.read_bytes()
    file.unlink()  # the file of the snapshot stays as it is
    file.write_bytes(content + b"x")
    return [r"store/.* was altered", r"the graph cannot be read"]


def alter_graph(made: Path) -> list[str]:
    (path,) = made.glob("*/store")
    store = Store(str(path))
    store.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    store.flush()
    return [r"store/.* was (altered|added)", r"the graph is another one"]


def add_file(made: Path) -> list[str]:
    (made / "answers" / "more.csv").touch()
    return [r"answers/more.csv was added"]


def lose_answer(made: Path) -> list[str]:
    (made / "answers" / "api-practices.csv").unlink()
    return [r"answers/api-practices.csv is missing"]


def alter_facts(made: Path) -> list[str]:
    facts = json.loads((made / "release.json").read_bytes())
    (made / "release.json").write_text(json.dumps(facts | {"records": 7}))
    return [r"release.json was altered"]


@pytest.mark.parametrize("tamper", [damage_store, alter_graph, add_file, lose_answer, alter_facts])
def test_damage_is_seen(settings: Settings, tamper: Callable[[Path], list[str]]) -> None:
    made = release(settings)

    expected = tamper(made.path)

    found = damage(settings, made.name)
    for each in expected:
        assert any(re.search(each, sentence) for sentence in found), found


def test_release_that_another_journal_does_not_know_is_told(settings: Settings) -> None:
    made = release(settings)
    (settings.home / "journal.sqlite").unlink()
    for rest in settings.home.glob("journal.sqlite-*"):
        rest.unlink()

    assert damage(settings, made.name) == ["the journal has no entry 2 like the one released"]
