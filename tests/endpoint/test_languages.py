import pytest
from flask import Flask

from endpoint.languages import LANGUAGES, chosen_language, direction_of, locale_of
from endpoint.texts import _, ngettext, read_translations, wire_languages
from tests.endpoint.pages_sample import sample_client

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize(
    ("asked", "cookie", "accepted", "language"),
    [
        ("fr", "es", "pt", "fr"),
        ("", "es", "pt", "es"),
        ("", "", "pt-BR, en;q=0.8", "pt"),
        ("", "", "ar-EG", "ar"),
        ("xx", "yy", "de, es;q=0.5", "es"),
        ("", "", "de", "en"),
    ],
)
def test_the_address_comes_before_the_cookie_and_that_before_the_browser(
    asked: str, cookie: str, accepted: str, language: str
) -> None:
    headers = {"Cookie": f"lang={cookie}", "Accept-Language": accepted}

    with Flask(__name__).test_request_context(f"/?lang={asked}", headers=headers):
        assert chosen_language() == language


def test_a_choice_in_the_address_is_remembered_for_a_year() -> None:
    client = sample_client().application.test_client()

    cookie = client.get("/actor/wfp?lang=ar", headers=HTML).headers["Set-Cookie"]
    again = client.get("/actor/wfp", headers=HTML | {"Accept-Language": "fr"})

    assert cookie.startswith("lang=ar; ") and "Max-Age=31536000" in cookie
    assert "SameSite=Lax" in cookie and "HttpOnly" in cookie
    assert '<html lang="ar" dir="rtl"' in again.get_data(as_text=True)
    assert again.headers["Content-Language"] == "ar"
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize("address", ["/actor/wfp", "/sparql", "/limits", "/nothing/here"])
def test_pages_tell_caches_what_their_language_hangs_on(address: str) -> None:
    answer = sample_client().get(address, headers=HTML | {"Accept-Language": "es"})

    assert "Accept-Language" in answer.vary and "Cookie" in answer.vary
    assert '<html lang="es" dir="ltr"' in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


def test_documents_for_programs_set_no_cookie() -> None:
    answer = sample_client().get("/actor/wfp.ttl?lang=fr")

    assert answer.content_type.startswith("text/turtle")
    assert "Set-Cookie" not in answer.headers
    assert "Content-Language" not in answer.headers


def test_a_page_that_the_reader_has_is_remembered_as_well() -> None:
    client = sample_client()
    tag = client.get("/actor/wfp?lang=fr", headers=HTML).headers["ETag"]

    again = client.get("/actor/wfp?lang=fr", headers=HTML | {"If-None-Match": tag})

    assert again.status_code == 304
    assert again.headers["Set-Cookie"].startswith("lang=fr")
    assert "Accept-Language" in again.vary and "Cookie" in again.vary


def test_links_to_other_languages_keep_all_that_the_address_asks() -> None:
    text = sample_client().get("/search?q=a%26b&kind=x&kind=y").get_data(as_text=True)

    assert 'href="/search?q=a%26b&amp;kind=x&amp;kind=y&amp;lang=ar"' in text


def test_arabic_runs_from_right_to_left_with_the_digits_of_the_pages() -> None:
    assert [direction_of(language) for language in LANGUAGES].count("rtl") == 1
    assert locale_of("ar") == "ar-u-nu-latn"
    assert locale_of("fr") == "fr"


def test_plurals_have_the_forms_of_each_language() -> None:
    forms = {
        language: {read_translations(language).plural(number) for number in range(200)}
        for language in LANGUAGES[1:]
    }

    assert {language: len(each) for language, each in forms.items()} == {
        "fr": 2, "es": 2, "pt": 2, "ar": 6
    }  # fmt: skip


def test_numbers_in_texts_are_grouped_as_the_language_does() -> None:
    app = Flask(__name__)
    wire_languages(app)

    with app.test_request_context("/?lang=pt"):
        assert ngettext("%(num)s thing", "%(num)s things", 1234) == "1.234 things"
        assert _("100% of it") == "100% of it"
