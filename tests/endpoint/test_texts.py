"""The signs of templates: each language has its own."""

import pytest
from flask import Flask, render_template_string

from endpoint.texts import quote, wire_languages

SIGNS = "{{ opening }}a{{ closing }}{{ colon }}b{{ semicolon }}c{{ comma }}d"


@pytest.fixture
def pages() -> Flask:
    app = Flask(__name__)
    wire_languages(app)
    return app


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "“a”: b; c, d"),
        ("fr", "«\xa0a\xa0»\xa0: b\xa0; c, d"),
        ("es", "«a»: b; c, d"),
        ("pt", "“a”: b; c, d"),
        ("ar", "«a»: b؛ c، d"),
    ],
)
def test_signs_are_those_of_the_language(pages: Flask, language: str, shown: str) -> None:
    with pages.test_request_context(f"/?lang={language}"):
        assert render_template_string(SIGNS) == shown


def test_words_are_quoted_as_the_language_quotes(pages: Flask) -> None:
    with pages.test_request_context("/?lang=fr"):
        assert quote("cantines") == "«\xa0cantines\xa0»"
