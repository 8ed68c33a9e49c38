"""What all pages share: the snapshot they read, the language they speak, how they are answered."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol, Self
from urllib.parse import quote, urlencode

from babel.dates import format_date
from flask import Flask, Response, current_app, render_template, request
from markupsafe import Markup
from pyoxigraph import NamedNode
from werkzeug.http import is_resource_modified

from endpoint.addresses import Addresses, is_web_address
from endpoint.built import fonts, script
from endpoint.compression import LEAST, choose_coding, compress_short
from endpoint.documents import MEDIA_TYPES
from endpoint.jsonld import Compactor
from endpoint.kept import Kept
from endpoint.languages import (
    LANGUAGES,
    NATIVE_NAMES,
    SHARE_LOCALES,
    asked_language,
    chosen_language,
    direction_of,
    locale_of,
)
from endpoint.model import Model
from endpoint.negotiation import choose
from endpoint.services import services
from endpoint.styles import Sheet
from endpoint.texts import _, ngettext, wire_languages
from endpoint.values import Shower, format_number
from kg.catalogue import Catalogue
from kg.errors import NotAcceptable, UnknownResource
from kg.namespaces import BASE, expand, split_thing
from kg.reader import Reader, View
from kg.settings import Settings
from kg.snapshots import Snapshots

_KEY: Final = "pages"
_EXTENSIONS: Final = MappingProxyType(
    {media_type: extension for extension, media_type in MEDIA_TYPES.items()}
    | {"application/json": "jsonld", "text/plain": "nt", "text/n3": "ttl"}
)
"""What is accepted, older names too: rdflib asks for N-Triples as text/plain and for N3."""
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
"""Whatever the data holds, a browser runs our own files alone, and they reach this server alone."""
_NOTATION: Final = NamedNode(expand("skos:notation"))
_URL: Final = NamedNode(expand("schema:url"))
_HERE: Final = Path(__file__).parent


class ViewSource(Protocol):
    """Gives the snapshot to read; `kg.reader.Reader` is one."""

    def view(self) -> View:
        """The current snapshot."""
        ...


@dataclass(frozen=True)
class Pages:
    """What pages need from outside a request."""

    source: ViewSource
    model: Model
    compactor: Compactor
    contact: str
    fingerprint: str
    """Changes with templates, styles and model, so that stale pages are not kept."""
    kept: Kept = field(default_factory=Kept)
    sheet: Sheet = field(default_factory=Sheet.read)
    """The styles of all pages."""

    @classmethod
    def from_settings(cls, settings: Settings, source: ViewSource | None = None) -> Self:
        """Pages over the current snapshot or another source; ontology and shapes are read once."""
        project = settings.project
        context = project / "ontology" / "context.jsonld"
        catalogue = Catalogue(project / "queries")
        return cls(
            source or Reader(Snapshots(settings.home), catalogue),
            Model.read(project),
            Compactor.read(context, BASE + "def/context.jsonld"),
            settings.contact,
            _fingerprint(project),
        )


@dataclass(frozen=True)
class Desk:
    """One request: its snapshot, and how it shows things."""

    pages: Pages
    view: View
    language: str
    addresses: Addresses

    @property
    def model(self) -> Model:
        """Ontology and shapes."""
        return self.pages.model

    @cached_property
    def shower(self) -> Shower:
        """Shows terms in the language of the page."""
        return Shower(self._names, self.addresses, self.language, self._marks)

    @property
    def state(self) -> str:
        """The day of the graph in words; empty where the snapshot does not tell it."""
        day = str(self.view.manifest.get("created", ""))
        return format_date(datetime.fromisoformat(day), "long", locale=self.language) if day else ""

    def _names(self, iri: str) -> Any:
        return self.view.names(iri) or self.model.names(iri)

    def _marks(self, iri: str) -> tuple[str, str]:
        kind = (split_thing(iri) or ("",))[0]
        number = self.view.first(iri, _NOTATION) if kind == "sdg" else ""
        address = self.view.first(iri, _URL) if kind == "publication" else ""
        return number, address if is_web_address(address) else ""


def wire_pages(app: Flask, pages: Pages) -> None:
    """Wire what pages need on an app: graph, languages, frame."""
    app.extensions[_KEY] = pages
    wire_languages(app)
    app.context_processor(_frame)


def shared_pages() -> Pages:
    """What pages of this app share."""
    pages: Pages = current_app.extensions[_KEY]
    return pages


def open_desk() -> Desk:
    """The desk of this request."""
    pages = shared_pages()
    return Desk(pages, pages.source.view(), chosen_language(), Addresses(asked_language()))


def choose_extension(asked: str = "") -> str:
    """The extension in the address, else the one that the request accepts best."""
    return asked or _EXTENSIONS[choose_type(tuple(_EXTENSIONS))]


def answer_page(desk: Desk, body: Callable[[], str]) -> Response:
    """A page that there is as HTML alone; whoever accepts no HTML is told so."""
    choose_type((MEDIA_TYPES["html"],))
    return answer(desk, "html", body)


def choose_form(types: Mapping[str, str], asked: str = "") -> str:
    """Of media types by extension the extension that is asked for, or that is accepted best.

    Raises UnknownResource for an extension that there is not, NotAcceptable if none is accepted.
    """
    if asked:
        if asked not in types:
            raise UnknownResource(f"{request.path} comes as {', '.join(types)}, not as {asked}.")
        return asked
    best = choose_type(tuple(types.values()))
    return next(extension for extension, media_type in types.items() if media_type == best)


def choose_type(offers: tuple[str, ...]) -> str:
    """The media type that the request accepts best; raises NotAcceptable if it accepts none."""
    best = choose(request.headers.get("Accept", ""), offers)
    if best is None:
        raise NotAcceptable("This address is answered as: " + ", ".join(offers))
    return best


def split_extension(key: str) -> tuple[str, str]:
    """Key and extension of an address: ``2.1.ttl`` gives ``2.1`` and ``ttl``, ``2.1`` has none."""
    name, dot, extension = key.rpartition(".")
    return (name, extension) if dot and name and extension in MEDIA_TYPES else (key, "")


def answer(
    desk: Desk, extension: str, body: Callable[[], str | bytes], links: str = "", also: str = ""
) -> Response:
    """A document with its validators; 304 without making it where the reader has it already.

    `also` is whatever else it changes with.
    """
    tag = _tag(desk, extension, also)
    changed = _created(desk.view)
    modified = is_resource_modified(request.environ, tag, last_modified=changed)
    coding = choose_coding(request.headers.get("Accept-Encoding", ""))
    data, coding = _make(desk, extension, tag, coding, body) if modified else (b"", "")
    response = Response(data, 200 if modified else 304)
    if extension == "html":
        response.headers["Content-Security-Policy"] = PAGE_POLICY
    media_type = MEDIA_TYPES.get(extension, "application/json")
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    response.content_type = media_type + charset
    if coding:
        response.headers["Content-Encoding"] = coding
    response.set_etag(tag, weak=True)
    response.last_modified = changed
    response.vary.update(("Accept", "Accept-Encoding", "Accept-Language"))
    response.cache_control.no_cache = True
    if links:
        response.headers["Link"] = links
    return response


def _make(
    desk: Desk, extension: str, tag: str, coding: str, body: Callable[[], str | bytes]
) -> tuple[bytes, str]:
    """The body as it is sent, and how it is coded; pages are kept, one for each coding.

    The validator names a page: what is the same for readers is the same here.
    """
    if extension == "html":
        kept = desk.pages.kept
        return kept.get(f"{tag} {coding}", lambda: _pack(body(), coding)), coding
    data = _pack(body(), "")
    return (data, "") if len(data) < LEAST else (_pack(data, coding), coding)


def _pack(body: str | bytes, coding: str) -> bytes:
    data = body.encode() if isinstance(body, str) else body
    return compress_short(data, coding) if coding else data


def answer_json(desk: Desk, make: Callable[[], Any]) -> Response:
    """Data for a page, with its validator; 304 without making it where the reader has it."""
    tag = _tag(desk, "json")
    is_new = is_resource_modified(request.environ, tag)
    body = json.dumps(make(), ensure_ascii=False) if is_new else b""
    response = Response(body, 200 if is_new else 304, content_type="application/json")
    response.set_etag(tag, weak=True)
    response.vary.update(("Accept-Language", "Cookie"))
    response.cache_control.no_cache = True
    return response


def render(desk: Desk, template: str, **values: Any) -> str:
    """A page in the frame that all pages share."""
    return render_template(f"pages/{template}", desk=desk, **values)


def _frame() -> dict[str, Any]:
    """What the frame needs on every page, error pages as well."""
    pages = shared_pages()
    language = chosen_language()
    return {
        "_": _,
        "ngettext": ngettext,
        "language": language,
        "direction": direction_of(language),
        "locale": locale_of(language),
        "languages": list(zip(LANGUAGES, NATIVE_NAMES, strict=True)),
        "in_language": _in_language,
        "english_words": "" if language == LANGUAGES[0] else Markup(' lang="en"'),
        "english": "" if language == LANGUAGES[0] else Markup(' lang="en" dir="ltr"'),
        "on_web": _on_web,
        "served": current_app.blueprints,
        "carry": Addresses(asked_language()).carry,
        "report_address": _report_address(pages.contact),
        "figure": partial(format_number, language=language),
        "style": pages.sheet.address,
        "icon_address": f"/assets/icon.svg?{pages.fingerprint[:8]}",
        "theme": f"/assets/theme.js?{pages.fingerprint[:8]}",
        "fonts": fonts(language),
        "share_locales": SHARE_LOCALES,
        "share_picture": _share_picture,
        "script": script,
    }


def _in_language(language: str) -> str:
    """The address of this page in another language, with all that it asks for."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{quote(request.path)}?{urlencode([*kept, ('lang', language)])}"


def _on_web(language: str = "") -> str:
    """The address of this page on the web, as it is or in another language, for search engines."""
    public = services().settings.public_url.rstrip("/")
    if language:
        return public + _in_language(language)
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.args else ""
    return public + quote(request.path) + query


def _share_picture() -> str:
    """The address of the picture that stands for a page where its link is shown."""
    return services().settings.public_url.rstrip("/") + "/assets/share.png"


def document_links(iri: str, path: str) -> str:
    """The Link header of a thing's page: its other formats and the IRI to cite."""
    stem = quote(path)
    links = [
        f'<{stem}.{extension}>; rel="alternate"; type="{media_type}"'
        for extension, media_type in MEDIA_TYPES.items()
    ]
    links.append(f'<{stem}.ttl>; rel="describedby"; type="text/turtle"')
    links.append(f'<{iri}>; rel="cite-as"')
    return ", ".join(links)


def _report_address(contact: str) -> str:
    """Where errors are reported; the page in question goes along."""
    if not contact:
        return ""
    page = quote(request.path)
    if "@" in contact and "://" not in contact:
        return f"mailto:{contact.removeprefix('mailto:')}?subject={quote('SSC4C Graph: ')}{page}"
    return contact


def _tag(desk: Desk, extension: str, also: str = "") -> str:
    state = (desk.view.id, desk.pages.fingerprint, also)
    parts = (*state, request.full_path, extension, desk.language)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]


def _created(view: View) -> datetime:
    text = str(view.manifest.get("created", ""))
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def _fingerprint(project: Path) -> str:
    folders = (_HERE, project / "ontology", project / "shapes")
    files = sorted(
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and "examples" not in file.parts
    )
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
