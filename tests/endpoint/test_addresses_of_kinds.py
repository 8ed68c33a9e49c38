"""Kinds of things share the root with the pages: none may take the word of another."""

from pathlib import Path

from endpoint.app import create_app
from endpoint.kinds import MANY
from kg.journal import Journal
from kg.settings import Settings

_SHARED = {"sdg", "def", "source", "queries"}
"""Kinds that have pages of their own at these words."""


def test_no_kind_is_called_like_a_page(shipped_home: Path) -> None:
    settings = Settings(home=shipped_home)
    rules = create_app(settings).url_map.iter_rules()
    words = {rule.rule.split("/")[1].partition(".")[0] for rule in rules}
    with Journal(settings.journal) as journal:
        kinds = {*MANY, *journal.counts("kind")}

    assert words & kinds <= _SHARED
    assert {"answers", "limits", "releases", "sparql", "search"} <= words
