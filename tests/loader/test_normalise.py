"""Cells are read when they say clearly what they mean, and refused with advice when not."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.namespaces import expand
from loader.normalise import (
    read_boolean,
    read_date,
    read_decimal,
    read_integer,
    read_iri,
    read_sdg,
    read_slug,
    read_text,
    read_year,
    slugify,
    split_cell,
)
from loader.problems import Misfit

THIS_YEAR = 2026
DAY, MONTH, YEAR = (expand(f"xsd:{name}") for name in ("date", "gYearMonth", "gYear"))


def read_past_year(cell: str) -> str:
    return read_year(cell, THIS_YEAR)


READERS: list[Callable[[str], Any]] = [
    read_boolean,
    read_date,
    read_decimal,
    read_integer,
    read_iri,
    read_past_year,
    read_sdg,
    read_slug,
    read_text,
    slugify,
    split_cell,
]


def refusal(read: Callable[[str], Any], cell: str) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(Misfit) as refused:
        read(cell)
    return refused.value.message, refused.value.candidates


@pytest.mark.parametrize("read", READERS)
@given(text=st.text() | st.text(alphabet="0123456789./-:CSDGcsdgabet <>&;é\u0301\ud800"))
@example(text="9" * 5000)
@example(text="http://[")
@example(text="&#99999999;&#xD800;<a>")
def test_no_text_crashes_a_reader(read: Callable[[str], Any], text: str) -> None:
    try:
        read(text)
    except Misfit as misfit:
        assert misfit.message


@pytest.mark.parametrize(
    "read", [read_decimal, read_integer, read_iri, read_sdg, read_slug, read_text]
)
@given(text=st.text() | st.from_regex(r"(SDG )?0?[1-9](\.0?[1-9a-d])?|-?[0-9]+(\.[0-9]+)?"))
def test_reading_what_was_read_changes_nothing(read: Callable[[str], str], text: str) -> None:
    try:
        once = read(text)
    except Misfit:
        return
    assert read(once) == once


@given(st.integers(1900, THIS_YEAR))
def test_years_come_back_as_written(year: int) -> None:
    assert read_past_year(f" {year} ") == str(year)


@pytest.mark.parametrize(
    ("cell", "message", "candidates"),
    [
        (
            "2013-2015",
            "“2013-2015” is not one year. Put the first year and the last year into columns of "
            "their own.",
            ("2013", "2015"),
        ),
        (
            "c. 2013",
            "“c. 2013” is not one year. If it is uncertain, leave the cell empty and say so in "
            "the description.",
            ("2013",),
        ),
        ("13", "“13” is not one year. A year has four digits, like 2013.", ()),
        ("２０１３", "“２０１３” is not one year. A year has four digits, like 2013.", ()),
        ("2031", "The year 2031 lies in the future (after 2026). Check it.", ()),
        ("1785", "The year 1785 lies before 1900. Check it.", ()),
    ],
)
def test_what_is_not_one_year_is_refused_with_advice(
    cell: str, message: str, candidates: tuple[str, ...]
) -> None:
    assert refusal(read_past_year, cell) == (message, candidates)


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_dates_come_back_at_three_precisions(day: date) -> None:
    text = day.isoformat()

    assert read_date(text) == (text, DAY)
    assert read_date(text[:7]) == (text[:7], MONTH)
    assert read_date(text[:4]) == (text[:4], YEAR)


@pytest.mark.parametrize(
    ("cell", "message", "candidates"),
    [
        ("2019-02-30", "The date 2019-02-30 does not exist.", ()),
        ("2019-13", "The date 2019-13 does not exist.", ()),
        (
            "03/04/2019",
            "“03/04/2019” can be read in more than one way. Write 2018-05-18 (year, month, day), "
            "2018-05 or 2018.",
            (),
        ),
        (
            "May 2019",
            "“May 2019” is not a date. Write 2018-05-18 (year, month, day), 2018-05 or 2018.",
            ("2019",),
        ),
    ],
)
def test_what_is_no_date_is_refused_with_advice(
    cell: str, message: str, candidates: tuple[str, ...]
) -> None:
    assert refusal(read_date, cell) == (message, candidates)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2", "2"),
        ("02", "2"),
        ("2.1", "2.1"),
        ("02.01", "2.1"),
        ("8.10", "8.10"),
        ("8.1", "8.1"),
        ("SDG 2.1", "2.1"),
        ("SDG2", "2"),
        ("sdg-2.a", "2.a"),
        ("Goal 2", "2"),
        ("Target 2.A", "2.a"),
        ("SDG target 2.1", "2.1"),
        ("2.1.1", "2.1.1"),
        ("2.a.1", "2.a.1"),
        ("c020101", "C020101"),
        ("http://metadata.un.org/sdg/2.1", "2.1"),
        ("https://metadata.un.org/sdg/2.1/", "2.1"),
        ("http://metadata.un.org/sdg/C020101", "C020101"),
    ],
)
def test_sdg_numbers_are_read_however_they_are_written(cell: str, value: str) -> None:
    assert read_sdg(cell) == value


@pytest.mark.parametrize("cell", ["hunger", "0", "8.100", "2.1.1.1", "2,1", "2..1", "C2", "٢"])
def test_what_is_no_sdg_number_is_refused(cell: str) -> None:
    message = (
        f"“{cell}” is not the number of an SDG goal, target or indicator. Write 2, 2.1 or 2.1.1."
    )
    assert refusal(read_sdg, cell) == (message, ())


@pytest.mark.parametrize(
    ("cell", "suggestion"),
    [
        ("Mi Práctica", ("mi-practica",)),
        ("a--b", ("a-b",)),
        ("Côte d’Ivoire", ("cote-divoire",)),
        ("实践", ()),
    ],
)
def test_key_with_other_characters_is_refused_with_a_suggestion(
    cell: str, suggestion: tuple[str, ...]
) -> None:
    message = (
        f"“{cell}” cannot be a key. A key has small letters a to z, digits and hyphens only, "
        "since it becomes part of a web address."
    )
    assert refusal(read_slug, cell) == (message, suggestion)


@given(st.text())
def test_suggested_keys_are_keys(text: str) -> None:
    if slug := slugify(text):
        assert read_slug(slug) == slug


@pytest.mark.parametrize(
    ("cell", "message", "candidates"),
    [
        (
            "javascript:alert(1)",
            "“javascript:alert(1)” is not a web address. It must begin with http:// or https://.",
            (),
        ),
        (
            "www.unicef.org",
            "“www.unicef.org” is not a web address. It must begin with http:// or https://.",
            (),
        ),
        (
            "https://a.org/my file",
            "The address “https://a.org/my file” holds a space.",
            ("https://a.org/my%20file",),
        ),
        (
            'https://a.org/"x"',
            'The address “https://a.org/"x"” holds the character \'"\'.',
            ("https://a.org/%22x%22",),
        ),
        ("https://", "The address “https://” names no site.", ()),
    ],
)
def test_what_is_no_address_is_refused(
    cell: str, message: str, candidates: tuple[str, ...]
) -> None:
    assert refusal(read_iri, cell) == (message, candidates)


def test_addresses_may_hold_letters_of_any_language() -> None:
    assert read_iri(" https://cocobod.gh/côte ") == "https://cocobod.gh/côte"


@pytest.mark.parametrize(
    ("cell", "message", "candidates"),
    [
        (
            "<b>Good</b> &amp; new",
            "The text holds HTML (<b>). Write plain text.",
            ("Good & new",),
        ),
        ("Fish &amp; milk", "The text holds HTML (&amp;). Write plain text.", ("Fish & milk",)),
        (
            "<script>alert(1)</script>",
            "The text holds HTML (<script>). Write plain text.",
            (),
        ),
        ("a\x07b", "The text holds an invisible character (U+0007). Remove it.", ()),
    ],
)
def test_text_with_markup_is_refused(cell: str, message: str, candidates: tuple[str, ...]) -> None:
    assert refusal(read_text, cell) == (message, candidates)


def test_text_is_composed_and_trimmed_and_may_hold_signs() -> None:
    assert read_text(" Cafe\u0301, children < 5 & mothers > 18; R&D\nnext ") == (
        "Café, children < 5 & mothers > 18; R&D\nnext"
    )


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1000000", "1000000"), ("+1.50", "1.50"), ("-3", "-3"), (".5", "0.5"), ("0012", "0012")],
)
def test_plain_numbers_are_read(cell: str, value: str) -> None:
    assert read_decimal(cell) == value


@pytest.mark.parametrize(
    ("cell", "candidates"),
    [
        ("1,000,000 USD", ("1000000",)),
        ("US$ 5.5", ("5.5",)),
        ("1e6", ()),
        ("five", ()),
        ("NaN", ()),
    ],
)
def test_numbers_with_signs_or_words_are_refused(cell: str, candidates: tuple[str, ...]) -> None:
    message = (
        f"“{cell}” is not a plain number. Write digits, with a point before decimals and without "
        "separators, units or signs of currency."
    )
    assert refusal(read_decimal, cell) == (message, candidates)


def test_whole_numbers_and_booleans_are_read() -> None:
    assert read_integer("007") == "7"
    assert (read_boolean("Yes"), read_boolean("no")) == (True, False)
    assert refusal(read_integer, "1.5") == ("“1.5” is not a whole number.", ())
    assert refusal(read_boolean, "maybe") == ("“maybe” is neither yes nor no.", ("yes", "no"))


@given(st.lists(st.text(alphabet="ab c", min_size=1).map(str.strip).filter(bool)))
def test_values_joined_by_semicolons_come_apart(values: list[str]) -> None:
    assert split_cell(" ;".join(values)) == values
