"""Answers made ahead, given beside an engine that really runs."""

from dataclasses import replace
from pathlib import Path

import pytest

from kg.ahead import AnsweredAhead
from kg.engines import QueryRequest
from kg.engines.private import private_engine
from kg.errors import NotAcceptable
from kg.settings import Settings
from kg.snapshots import Snapshots
from tests.kg.releases import make_settings, publish_practices, release

CSV = "text/csv"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = make_settings(tmp_path)
    publish_practices(settings, a="First")
    return settings


def offered(settings: Settings, table: str | None = CSV, snapshot: str = "") -> QueryRequest:
    """The offered query, as whoever takes it from the catalogue asks it."""
    text = (settings.project / "queries" / "api" / "practices.rq").read_text(encoding="utf-8")
    return QueryRequest(text, table, None, snapshot=snapshot)


def test_answer_made_ahead_is_the_one_that_the_engine_gives(settings: Settings) -> None:
    with private_engine(settings, Snapshots(settings.home).current()) as engine:
        ahead = AnsweredAhead(engine, settings)
        before = ahead.run(offered(settings))
        release(settings)
        after = ahead.run(offered(settings))

        assert (before.is_kept, after.is_kept) == (False, True)
        assert (after.media_type, after.snapshot) == (before.media_type, before.snapshot)
        assert after.read() == before.read()


def test_only_the_very_same_question_is_answered_ahead(settings: Settings) -> None:
    release(settings)
    asked = offered(settings)
    with private_engine(settings, Snapshots(settings.home).current()) as engine:
        ahead = AnsweredAhead(engine, settings)
        others = [
            replace(asked, query=asked.query + " LIMIT 1"),
            replace(asked, default_graphs=("urn:none",)),
            replace(asked, named_graphs=("urn:none",)),
        ]

        for other in others:
            answer = ahead.run(other)
            assert not answer.is_kept
            answer.file.close()
        with pytest.raises(NotAcceptable):
            ahead.run(offered(settings, table=None))


def test_release_is_answered_ahead_when_the_graph_has_moved_on(settings: Settings) -> None:
    made = release(settings)
    publish_practices(settings, b="Second")
    with private_engine(settings, Snapshots(settings.home).current()) as engine:
        ahead = AnsweredAhead(engine, settings)

        then = ahead.run(offered(settings, snapshot=made.snapshot.id))
        now = ahead.run(offered(settings))

        assert (then.is_kept, then.snapshot) == (True, made.snapshot.id)
        assert (b"Second" in then.read(), b"Second" in now.read()) == (False, True)


def test_another_server_answers_for_itself_what_is_served_now(settings: Settings) -> None:
    made = release(settings)
    elsewhere = replace(settings, engine="http://127.0.0.1:9/sparql")
    with private_engine(settings, Snapshots(settings.home).current()) as engine:
        ahead = AnsweredAhead(engine, elsewhere)

        now, then = (
            ahead.run(offered(settings)),
            ahead.run(offered(settings, snapshot=made.snapshot.id)),
        )

        assert (now.is_kept, then.is_kept) == (False, True)
        now.file.close()
        then.file.close()
