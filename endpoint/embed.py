"""Pages to stand in other sites: a picture, or the card of a thing. Everybody may frame them."""

from typing import Any, Final

from flask import Blueprint, Response, abort, request

from endpoint.cards import make_cards
from endpoint.explore import PATH, SIGHTS, address_of, draw, read_scope
from endpoint.pages import PAGE_POLICY, Desk, answer_page, open_desk, render
from kg.namespaces import SDG, thing_iri

blueprint = Blueprint("embed", __name__)
THEMES: Final = ("light", "dark")
POLICY: Final = PAGE_POLICY.replace("frame-ancestors 'self'", "frame-ancestors *")


@blueprint.get("/embed/explore/<name>")
def embed_picture(name: str) -> Response:
    """A picture of `/explore` with its table and a way back."""
    if name not in SIGHTS:
        abort(404)
    desk = open_desk()
    return _open(answer_page(desk, lambda: _picture(desk, name)))


@blueprint.get("/embed/<kind>/<key>")
def embed_card(kind: str, key: str) -> Response:
    """A thing in a few lines."""
    desk = open_desk()
    iri = SDG + key if kind == "sdg" else thing_iri(kind, key)
    if not desk.view.is_known(iri):
        abort(404)
    return _open(answer_page(desk, lambda: _card(desk, iri)))


def _picture(desk: Desk, name: str) -> str:
    scope = read_scope(desk, name)
    picture = draw(scope, name)
    return _render(desk, picture.title, address_of(scope, name, f"{PATH}/{name}"), picture=picture)


def _card(desk: Desk, iri: str) -> str:
    (card,) = make_cards(desk.view, [iri], desk.shower)
    return _render(desk, card.name.text, card.name.address, card=card)


def _render(desk: Desk, title: str, address: str, **parts: Any) -> str:
    theme = next((each for each in request.args.getlist("theme") if each in THEMES), "")
    return render(desk, "embed.html", title=title, address=address, theme=theme, **parts)


def _open(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response
