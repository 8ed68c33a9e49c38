"""A search as an Atom feed, read as a reader of feeds does."""

from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as Xml

from endpoint.app import create_app
from kg.settings import Settings
from tests.endpoint.pages_sample import TIME, sample_client

ATOM = "{http://www.w3.org/2005/Atom}"


def _read(data: bytes) -> Xml.Element:
    feed = Xml.fromstring(data)
    assert feed.tag == f"{ATOM}feed"
    for each in [feed, *feed.iter(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert each.findtext(f"{ATOM}{name}")
        datetime.fromisoformat(each.findtext(f"{ATOM}updated") or "")
    return feed


def _links(feed: Xml.Element) -> dict[str, str]:
    return {link.get("rel", ""): link.get("href", "") for link in feed.findall(f"{ATOM}link")}


def test_a_feed_lists_what_fits_with_its_time() -> None:
    answer = sample_client().get("/search.atom?kind=practice&lang=fr")

    feed = _read(answer.data)
    entry = feed.find(f"{ATOM}entry")
    assert answer.mimetype == "application/atom+xml"
    assert entry is not None
    assert entry.findtext(f"{ATOM}updated") == TIME
    assert entry.findtext(f"{ATOM}id") == "https://w3id.org/ssc4c/id/practice/school-meals"
    assert _links(feed) == {
        "self": "http://127.0.0.1:8000/search.atom?kind=practice&lang=fr",
        "alternate": "http://127.0.0.1:8000/search?kind=practice&lang=fr",
    }


def test_a_feed_of_nothing_is_a_feed() -> None:
    assert _read(sample_client().get("/search.atom?q=zzzz").data).find(f"{ATOM}entry") is None


def test_the_page_names_its_feed() -> None:
    page = sample_client().get("/search?kind=practice", headers={"Accept": "text/html"})

    assert 'type="application/atom+xml"' in page.get_data(as_text=True).partition("</head>")[0]


def test_the_newest_of_much_come_first(shipped_home: Path) -> None:
    client = create_app(Settings(home=shipped_home)).test_client()

    feed = _read(client.get("/search.atom").data)

    times = [entry.findtext(f"{ATOM}updated") or "" for entry in feed.iter(f"{ATOM}entry")]
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(times) == 50
    assert times == sorted(times, reverse=True)
    assert len(set(ids)) == 50
