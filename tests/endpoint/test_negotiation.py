import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoint.negotiation import choose, read_accept

OFFERS = ("application/sparql-results+json", "text/csv", "text/turtle", "application/xml")
JSON, CSV, TURTLE, XML = OFFERS
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("*", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        ("text/*", CSV),
        ("text/csv;q=0.5, text/turtle", TURTLE),
        ("text/csv;q=0.5, text/turtle;q=0.4", CSV),
        ("text/turtle, text/csv", CSV),
        ("text/*;q=0.3, text/turtle;q=0.7, */*;q=0.5", TURTLE),
        ("text/*, text/csv;q=0", TURTLE),
        ("*/*, application/sparql-results+json;q=0, text/*;q=0", XML),
        ("application/sparql-results+json;charset=utf-8", JSON),
        ("text/turtle ; q=0.9 , */* ; q=0.1", TURTLE),
        (BROWSER, XML),
        ("image/png", None),
        ("text/csv;q=0", None),
        ("text/csv;q=rubbish", None),
        ("nonsense", JSON),
        (",,;", JSON),
    ],
)
def test_the_best_offer_is_chosen(accept: str, expected: str | None) -> None:
    assert choose(accept, OFFERS) == expected


@given(st.text(alphabet='*/;,=q.0159 textcv-+"', max_size=80))
def test_any_header_is_read(accept: str) -> None:
    assert all(0 <= each.quality <= 1 for each in read_accept(accept))
    assert choose(accept, OFFERS) in (*OFFERS, None)
