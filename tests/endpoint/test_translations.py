"""The catalogues are complete and fit their English; nothing on a page escapes them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.support import NullTranslations
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Literal, NamedNode

from endpoint.app import create_app
from endpoint.languages import LANGUAGES
from endpoint.pages import Pages
from endpoint.texts import Catalogues, read_catalogue, words_of_scripts
from endpoint.words import collect_words, is_translated
from kg.namespaces import thing_iri
from kg.settings import Settings
from tests.endpoint.pages_sample import Fixed, sample_store, view_of

OTHERS = LANGUAGES[1:]
SCRIPTS = "endpoint/frontend/"
_PLACE = re.compile(r"%\(\w+\)[sd]")
_TAG = re.compile(r"</?[a-z]+[^>]*>")
_NUMBER = "%(num)s"


@lru_cache
def _template() -> Catalog:
    return collect_words()


def _messages(language: str) -> list[Any]:
    return [message for message in read_catalogue(language) if message.id]


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_the_pages_is_translated(language: str) -> None:
    catalogue = read_catalogue(language)

    said = [message.id for message in _template() if message.id]
    lacking = [
        text for text in said if text not in catalogue or not is_translated(catalogue[_key(text)])
    ]
    assert lacking == [], "run `make words` and fill in what is new: docs/translating.md"


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_stands_in_a_catalogue_that_no_page_says(language: str) -> None:
    said = {_key(message.id) for message in _template() if message.id}

    assert [text for each in _messages(language) if (text := _key(each.id)) not in said] == []


def _key(text: str | tuple[str, ...] | list[str]) -> str:
    return _forms(text)[0]


@pytest.mark.parametrize("language", OTHERS)
def test_values_and_markup_are_those_of_the_english(language: str) -> None:
    faults = [
        (form, found)
        for message in _messages(language)
        for form in _forms(message.string)
        for found in _differences(_forms(message.id), form)
    ]

    assert faults == []


def _differences(english: list[str], form: str) -> Iterator[str]:
    """Places and tags of a form that its English has not, and the other way round.

    A form for one number alone may leave the number out.
    """
    for pattern, free in ((_PLACE, {_NUMBER}), (_TAG, set())):
        wanted = set(pattern.findall(" ".join(english)))
        yield from (wanted ^ set(pattern.findall(form))) - (free if len(english) > 1 else set())


@pytest.mark.parametrize("language", OTHERS)
def test_texts_begin_and_end_like_their_english(language: str) -> None:
    """Spaces, colons and the like are part of how a text is put together."""
    faults = [
        (message.id, form)
        for message in _messages(language)
        for form in _forms(message.string)
        if form != form.strip() or (_key(message.id).endswith(":") != form.endswith(":"))
    ]

    assert faults == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_speaks_its_language(language: str) -> None:
    """Longer texts that are the same as in English were forgotten."""
    same = [
        message.id
        for message in _messages(language)
        if isinstance(message.id, str)
        and message.id == message.string
        and len(message.id.split()) > 2
    ]

    assert same == []


def test_arabic_is_written_in_arabic() -> None:
    letters = re.compile(r"[\u0600-\u06FF]")
    plain = [
        message.id
        for message in _messages("ar")
        if not all(letters.search(form) for form in _forms(message.string))
    ]

    assert plain == []


def test_scripts_get_all_their_words() -> None:
    said = {
        _key(message.id)
        for message in _template()
        if message.id
        and any(file.startswith("endpoint/frontend/") for file, _ in message.locations)
    }

    assert words_of_scripts("en") == {}
    assert set(words_of_scripts("ar")) == said
    assert len(words_of_scripts("ar")["%(num)s row"]) == 6


class Marking(NullTranslations):
    """A language of which nobody says a word: every translated text stands between marks."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    ugettext = gettext
    ungettext = ngettext


class Visible(HTMLParser):
    """The texts that people see in the language of the page, without code."""

    _SILENT = frozenset({"script", "style", "code", "pre", "textarea", "title", "svg", "option"})
    _VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.texts: list[str] = []

    @property
    def is_silent(self) -> bool:
        return any(silent for _tag, silent in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_other = tag in self._SILENT or ("lang" in given and tag != "html")
        if tag not in self._VOID:
            self.open.append((tag, is_other))
        for name in ("aria-label", "placeholder"):
            if (text := given.get(name)) and not is_other and not self.is_silent:
                self.texts.append(text)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.is_silent and data.strip():
            self.texts.append(" ".join(data.split()))


PAGES = [
    "/",
    "/search",
    "/search?q=meals",
    "/search?q=nothing-like-it",
    "/practice/",
    "/sdg/",
    "/practice/school-meals",
    "/practice/school-meals/history",
    "/initiative/school-meals-africa",
    "/actor/wfp",
    "/country/BRA",
    "/sdg/2.1",
    "/theme/nutrition",
    "/explore",
    "/compare",
    "/compare?thing=practice/school-meals&thing=initiative/school-meals-africa",
    "/transfer",
    "/def/",
    "/graph/ssc4c/idea/seed-bank",
    "/queries/",
    "/sparql",
    "/limits",
    "/nothing/here",
]
_MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
_WORD = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture(scope="module")
def marking_client() -> FlaskClient:
    """An app whose texts are all marked, so that what nobody translates stands out."""
    settings = Settings()
    app = create_app(settings, pages=Pages.from_settings(settings, Fixed(view_of(sample_store()))))
    app.extensions["babel"].instance.domain_instance = Catalogues(lambda _: Marking())
    return app.test_client(use_cookies=False)


_PLAIN = re.compile(
    r"SSC4C Graph|CC BY|CSV|XLSX|JSON(-?LD)?|CSL-JSON|BibTeX|RIS|Turtle|TriG|N-Triples|N-Quads|RDF"
    r"(/XML)?|TTL|TRIG|TSV|XML|Atom|SVG|PNG|SPARQL|SHA-256|IATI|IRI|ISO 3166-1 alpha-[23]"
    r"|https?://\S+|[\w.-]*[.]org\S*|[“«]\s?[a-z-]+\s?[”»]"
)
"""Names that are the same in all languages."""


@lru_cache
def _data() -> list[str]:
    """What the graph says without a language, and the keys of its things; the longest first.

    Names of concept schemes are part of sentences and cannot be marked. What the ontology says in
    Arabic may hold names such as ISO.
    """
    terms = [term for quad in sample_store() for term in quad if not isinstance(term, DefaultGraph)]
    model = Pages.from_settings(Settings()).model
    terms += [quad.subject for quad in model.ontology]
    words = {term.value for term in terms if isinstance(term, Literal) and not term.language}
    words |= {re.split("[/#]", term.value)[-1] for term in terms if isinstance(term, NamedNode)}
    said = (quad.object for quad in model.ontology)
    words |= {term.value for term in said if isinstance(term, Literal) and term.language == "ar"}
    words |= {name for kind in view_of(sample_store()).kinds() for name in _scheme_names(kind)}
    return sorted((each for each in words if _WORD.search(each)), key=len, reverse=True)


def _scheme_names(kind: str) -> Iterator[str]:
    """What stands for the name of a scheme of which the sample knows no Arabic one."""
    yield kind.replace("-", " ").capitalize()
    names = view_of(sample_store()).names(thing_iri("scheme", kind))
    yield from (name.value for name in names)


def _leftovers(texts: list[str]) -> list[str]:
    """What is neither marked as translated, nor a name, nor data."""
    left = "\u241f".join(texts)
    while (bare := _MARKED.sub("", left)) != left:
        left = bare
    for each in _data():
        left = left.replace(each, "")
    return sorted({text for text in _PLAIN.sub("", left).split("\u241f") if _WORD.search(text)})


@pytest.mark.parametrize("address", PAGES)
def test_no_english_escapes_translation(marking_client: FlaskClient, address: str) -> None:
    """English that stands on a page in Arabic is marked as English."""
    headers = {"Accept": "text/html", "Accept-Language": "ar"}
    page = Visible()

    page.feed(marking_client.get(address, headers=headers).get_data(as_text=True))

    assert _leftovers(page.texts) == []
