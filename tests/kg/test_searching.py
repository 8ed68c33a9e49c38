import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.searching import Part, Wanted, read_text


@pytest.mark.parametrize(
    ("text", "words", "parts"),
    [
        ("School meals in Brazil", ("school", "meals", "brazil"), ()),
        ("in the", ("in", "the"), ()),
        ('"School meals" côte', ("cote",), (Part(("school", "meals")),)),
        (
            "Title:seeds theme:nutrition",
            (),
            (Part(("seeds",), "title"), Part(("nutrition",), "theme")),
        ),
        ('country:"Cabo Verde"', (), (Part(("cabo", "verde"), "country"),)),
        ("water -school", ("water",), (Part(("school",), is_excluded=True),)),
        ("south-south", ("south",), ()),
        ('-title:"two words"', (), (Part(("two", "words"), "title", is_excluded=True),)),
        ("https://example.org/a", ("https", "example", "org"), ()),
        ("title: seeds", ("title", "seeds"), ()),
        ('"open and never closed', ("open", "never", "closed"), ()),
        ('"" "!" -', (), ()),
    ],
)
def test_text_is_read_so(text: str, words: tuple[str, ...], parts: tuple[Part, ...]) -> None:
    read = read_text(text)

    assert (read.words, read.parts) == (words, parts)


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    read = read_text(text)

    assert read.is_empty == (not read.words and not read.parts)


def test_very_long_texts_are_cut() -> None:
    read = read_text("many words " * 1000 + '"a b" ' * 1000)

    assert len(read.words) <= 20 and len(read.parts) == 20


def test_searches_for_the_same_have_the_same_key() -> None:
    one = Wanted("a", {"theme": ("x", "y"), "kind": ("practice",)})
    other = Wanted("a", {"kind": ("practice",), "theme": ("y", "x", "x")})

    assert one.key == other.key != one.without("theme").key
    assert one.without("form") is one
