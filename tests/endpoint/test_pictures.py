"""The macro that puts a picture on a page: words first, the drawing on top."""

from pathlib import Path

import pytest
from flask import Flask, render_template_string

from endpoint.app import create_app
from endpoint.pictures import Picture, Row, plain_rows
from endpoint.values import Shown
from kg.settings import Settings

HOSTILE = "</script><script>alert(1)</script>"
USE = '{% import "pictures.html" as pictures with context %}{{ pictures.picture(each) }}'


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The application; its words and styles are there without a graph."""
    return create_app(Settings(home=tmp_path))


def _picture(**values: object) -> Picture:
    said = {
        "name": "flows",
        "kind": "flows",
        "title": "Who gives to whom",
        "summary": "Brazil gives most.",
        "columns": ("From", "Number"),
        "rows": (Row((Shown(HOSTILE, "/country/BRA"), 1200), "/search?provider=BRA"),),
        "data": {"places": [{"name": HOSTILE}], "arcs": []},
    }
    return Picture(**(said | values))  # type: ignore[arg-type]


def _render(app: Flask, picture: Picture) -> str:
    with app.test_request_context("/"):
        return render_template_string(USE, each=picture)


def test_a_picture_is_a_table_with_links_to_the_search(app: Flask) -> None:
    page = _render(app, _picture())

    assert '<td class="number" data-value="1200"><a href="/search?provider=BRA">1,200</a>' in page
    assert 'role="img" aria-label="Who gives to whom. Brazil gives most."' in page
    assert 'data-save="csv" hidden' in page


def test_names_in_a_picture_stay_text(app: Flask) -> None:
    assert "<script>alert" not in _render(app, _picture())


def test_a_picture_of_nothing_says_so(app: Flask) -> None:
    page = _render(app, _picture(rows=()))

    assert "Nothing in the graph fits this choice." in page
    assert "data-save" not in page


def test_files_hold_bare_numbers() -> None:
    assert plain_rows(_picture().rows) == [[HOSTILE, 1200]]
