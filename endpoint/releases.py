"""The pages of releases: what each holds, what is new in it, how it is cited and asked."""

from collections.abc import Iterator
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request

from endpoint.citations import LICENSE, STYLES, TITLE, Citation, find_style
from endpoint.dataset import describe_releases
from endpoint.documents import MEDIA_TYPES, write_quads, write_triples
from endpoint.editions import Edition, find_edition, find_releases
from endpoint.kinds import name_many
from endpoint.negotiation import choose
from endpoint.pages import PAGE_POLICY, open_desk, render
from endpoint.redirects import lead_to
from endpoint.services import services
from kg.errors import NotAcceptable, UnknownResource
from kg.releases import LATEST, Release, sort_key

blueprint = Blueprint("releases", __name__)

_JSON: Final = "application/json"
_FORMS: Final = {**MEDIA_TYPES, "json": _JSON}
"""Extensions of the pages of releases."""
_OFFERS: Final = tuple(_FORMS.values()) + tuple(each.media_type for each in STYLES)
_SHOWN: Final = 200
"""Changed records that a page lists."""


@blueprint.get("/releases/")
def show_releases() -> Response:
    """Every release, the newest first."""
    return _respond(list(reversed(find_releases().all())), "", _accepted())


@blueprint.get("/releases.<extension>")
def show_releases_as(extension: str) -> Response:
    """Every release in one format."""
    return _respond(list(reversed(find_releases().all())), "", _known(extension))


@blueprint.get("/releases/<name>")
def show_release(name: str) -> Response:
    """One release, or how it is cited."""
    name, extension = split_release(name)
    if name == LATEST:
        suffix = f".{extension}" if extension else ""
        newest = find_edition(name).name
        return lead_to(f"/releases/{newest}{suffix}", 302)
    edition = find_edition(name)
    assert edition.release
    form = _known(extension) if extension else _accepted()
    style = find_style(form)
    if style:
        return _finish(Response(style.write(cite_release(edition.release))), style.media_type)
    response = _respond([edition.release], edition.name, form)
    response.headers.extend(edition.memento())
    response.headers["Link"] = _links(edition)
    return response


def split_release(text: str) -> tuple[str, str]:
    """Name and extension: ``2026-11-24.2.ttl`` gives ``2026-11-24.2`` and ``ttl``."""
    parts = text.split(".")
    for count in (2, 1):
        name = ".".join(parts[:count])
        if sort_key(name) or name == LATEST:
            return name, ".".join(parts[count:])
    return text, ""


def cite_release(release: Release) -> Citation:
    """A release as it is cited."""
    return Citation(
        f"ssc4c-{release.name}",
        TITLE,
        release.released.date(),
        release.name,
        f"{services().settings.public_url}/releases/{release.name}",
        f"SHA-256 of the sorted N-Quads: {release.facts['dump']['sha256']}",
    )


def _known(extension: str) -> str:
    style = find_style(extension)
    if style is None and extension not in _FORMS:
        raise UnknownResource(f"A release has no form {extension!r}.")
    return extension


def _accepted() -> str:
    best = choose(request.headers.get("Accept", ""), _OFFERS)
    if best is None:
        raise NotAcceptable("This address is answered as: " + ", ".join(_OFFERS))
    return next((name for name, kind in _FORMS.items() if kind == best), best)


def _respond(releases: list[Release], name: str, form: str) -> Response:
    if form == "html":
        return _finish(Response(_page(releases, name)), "text/html; charset=utf-8")
    if form == "json":
        told: Any = [to_json(each) for each in releases]
        return _finish(jsonify(told[0] if name else told), _JSON)
    if form not in _FORMS:
        raise NotAcceptable("Ask for the citation of one release, not of all.")
    desk = open_desk()
    quads = list(describe_releases(releases, services().settings.public_url, desk.model.forms))
    is_graph = form in ("nq", "trig")
    compactor = desk.pages.compactor
    body = write_quads(quads, form) if is_graph else write_triples(quads, form, compactor)
    return _finish(Response(body), MEDIA_TYPES[form])


def _finish(response: Response, media_type: str) -> Response:
    is_text = media_type.startswith("text/") and "charset" not in media_type
    response.content_type = f"{media_type}; charset=utf-8" if is_text else media_type
    if media_type.startswith("text/html"):
        response.headers["Content-Security-Policy"] = PAGE_POLICY
    response.vary.update(("Accept", "Accept-Language"))
    response.cache_control.no_cache = True
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


def to_json(release: Release) -> dict[str, Any]:
    """What programs get to know of a release; the hashes of its files stay on the disk."""
    address = f"{services().settings.public_url}/releases/{release.name}"
    facts = {key: value for key, value in release.facts.items() if key != "files"}
    facts |= {"address": address, "changes": dict(release.changes), "license": LICENSE}
    return facts | {"citation": {each.extension: f"{address}.{each.extension}" for each in STYLES}}


def _links(edition: Edition) -> str:
    base = f"{services().settings.public_url}/releases/"
    links = [
        f'<{base}{edition.name}>; rel="cite-as"',
        f'<{base}latest>; rel="latest-version"',
        f'<{base}>; rel="collection"',
        f'<{LICENSE}>; rel="license"',
    ]
    links += [
        f'<{base}{edition.name}.{extension}>; rel="alternate"; type="{media_type}"'
        for extension, media_type in _FORMS.items()
    ]
    links += [
        f'<{base}{edition.name}.{each.extension}>; rel="describedby"; type="{each.media_type}"'
        for each in STYLES
    ]
    return ", ".join(links)


def _page(releases: list[Release], name: str) -> str:
    desk = open_desk()
    if not name:
        return render(desk, "releases.html", releases=releases)
    (release,) = releases
    return render(
        desk,
        "release.html",
        release=release,
        kinds=list(_count_kinds(release, desk.shower)),
        records=list(release.changes["records"])[:_SHOWN],
        address=f"{services().settings.public_url}/releases/{release.name}",
        show=desk.shower.link,
        citations=[(each, each.write(cite_release(release))) for each in STYLES],
        styles=STYLES,
        is_newest=find_edition(LATEST).name == name,
    )


def _count_kinds(release: Release, shower: Any) -> Iterator[dict[str, Any]]:
    """For each kind how many things there are, and how many records are new, changed, withdrawn."""
    counts, changes = release.facts["things_by_kind"], release.changes["kinds"]
    for kind in sorted({*counts, *changes}):
        row = {"name": name_many(kind, shower), "kind": kind, "things": counts.get(kind, 0)}
        yield row | {key: changes.get(kind, {}).get(key, 0) for key in _CHANGES}


_CHANGES: Final = ("created", "changed", "withdrawn")
