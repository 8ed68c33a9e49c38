"""Pictures of the whole graph: what is done where, by whom, for which goals, and what is missing.

Each view has a page, ``/explore/<name>``, and its table as a file, ``/explore/<name>.csv`` or
``.json``. The address holds the choice in the words of the search.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from flask import Blueprint, Response, abort, request

from endpoint.exploreactors import draw_actors
from endpoint.exploreflows import ROLES, draw_flows, draw_regions
from endpoint.exploregaps import SIDES, cells_of, draw_missing, name_key, name_target, read_grid
from endpoint.exploregoals import draw_goals, draw_themes
from endpoint.explorescope import Scope
from endpoint.exploresources import draw_challenges, draw_sources
from endpoint.exploretime import SERIES, draw_timeline
from endpoint.kinds import name_many
from endpoint.pages import Desk, answer, answer_page, open_desk, render
from endpoint.pictures import Picture, plain, plain_rows
from endpoint.searchaddress import SPACES, read_asked
from endpoint.summaries import ACTIVITIES
from endpoint.texts import Words, _, _l, quote
from endpoint.values import Shown, sort_key
from kg.namespaces import thing_iri
from kg.textgaps import AGES, ANY, REGIONS, UNSAID

blueprint = Blueprint("explore", __name__)
PATH: Final = "/explore"
_TYPES: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
_LOOKS: Final = tuple(thing_iri("theme", look) for look in ("light", "dark"))
_EACH: Final = "each"
"""The value of ``kind`` that asks for all activities where a picture counts initiatives alone."""


@dataclass(frozen=True)
class Sight:
    """One of the pictures: what it is called, and how it is made."""

    title: Words
    lead: Words
    draw: Callable[[Scope], Picture]
    kinds: tuple[str, ...] = ACTIVITIES
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Choices of its own, with their values; the first goes without saying."""
    facets: tuple[str, ...] = ("kind", "theme", "goal", "form")
    """Facets that its form offers."""
    has_years: bool = True


SIGHTS: Final[Mapping[str, Sight]] = {
    "flows": Sight(
        _l("Flows"),
        _l("Who gives to whom, country by country, on a map."),
        draw_flows,
        ("initiative",),
        {"role": ROLES},
        ("country", "kind", "theme", "goal", "form"),
    ),
    "regions": Sight(
        _l("Regions"),
        _l("From which region to which region experience travels."),
        draw_regions,
        ("initiative",),
        {"as": ("sankey", "chord")},
    ),
    "goals": Sight(
        _l("Goals"), _l("Which goals and targets are served most."), draw_goals
    ),
    "timeline": Sight(
        _l("Timeline"),
        _l("When activities began, by kind or by form of cooperation."),
        draw_timeline,
        options={"by": SERIES},
    ),
    "themes": Sight(
        _l("Themes by region"), _l("What is done on which theme in which region."), draw_themes
    ),
    "actors": Sight(
        _l("Organisations"), _l("Which organisations work together."), draw_actors
    ),
    "missing": Sight(
        _l("What is missing"),
        _l("Targets, regions and ages that nobody serves yet, or that nobody tells of."),
        draw_missing,
        options={"by": SIDES, "within": (ANY, *(r.rpartition("/")[2] for r in REGIONS), *AGES,
                                         UNSAID)},
        facets=("goal", "kind", "theme", "form"),
    ),
    "sources": Sight(
        _l("Completeness"),
        _l("How much each source tells, and when it was checked."),
        draw_sources,
    ),
    "challenges": Sight(
        _l("Open challenges"),
        _l("Challenges that no practice answers yet."),
        draw_challenges,
        facets=("theme", "country"),
        has_years=False,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Select:
    """A list to choose from in the form of a picture."""

    name: str
    title: str
    choices: tuple[tuple[str, str, bool], ...]
    """Keys, words, and whether it is chosen."""


@dataclass(frozen=True)
class Tab:
    """A way to another picture, with the same choice."""

    name: str
    title: str
    lead: str
    address: str
    is_current: bool


@blueprint.get(PATH, strict_slashes=False)
def show_all() -> Response:
    """The first picture, and ways to the others."""
    return show("flows", is_first=True)


@blueprint.get(f"{PATH}/<name>")
def show_one(name: str) -> Response:
    """One picture, as a page or as a file."""
    stem, _dot, extension = name.partition(".")
    if stem not in SIGHTS or (extension and extension not in _TYPES):
        abort(404)
    return send_file(stem, extension) if extension else show(stem)


def show(name: str, is_first: bool = False) -> Response:
    """The page of a picture."""
    desk = open_desk()
    return answer_page(desk, lambda: _page(desk, name, is_first))


def _page(desk: Desk, name: str, is_first: bool) -> str:
    scope = read_scope(desk, name)
    return render(
        desk,
        "explore.html",
        name=name,
        is_first=is_first,
        action=f"{PATH}/{name}",
        picture=draw(scope, name),
        selects=_selects(scope, name),
        has_years=SIGHTS[name].has_years,
        since=scope.asked.since or "",
        until=scope.asked.until or "",
        kept=_kept(scope, name),
        tabs=tabs_of(scope, name),
        search=scope.search() if name != "challenges" else "",
        clear=desk.addresses.carry(f"{PATH}/{name}"),
    )


def read_scope(desk: Desk, name: str) -> Scope:
    """What the address of a picture asks for."""
    sight = SIGHTS[name]
    asked = read_asked(request.args)
    kinds = tuple(kind for kind in asked.chosen.get("kind", ()) if kind in ACTIVITIES)
    if not kinds:
        kinds = ACTIVITIES if _EACH in asked.chosen.get("kind", ()) else sight.kinds
    chosen = {facet: values for facet, values in asked.chosen.items() if facet != "kind"}
    if "theme" in chosen:  # in frames, ``theme=dark`` says how the page looks
        chosen["theme"] = tuple(iri for iri in chosen["theme"] if iri not in _LOOKS)
    options = {
        option: value
        for option, values in sight.options.items()
        if (value := request.args.get(option, "")) in values[1:]
    }
    asked = replace(asked, chosen={facet: values for facet, values in chosen.items() if values})
    return Scope(desk, asked, kinds, options)


def draw(scope: Scope, name: str) -> Picture:
    """The picture with its files, where it is embedded and where it comes from."""
    picture = SIGHTS[name].draw(scope)
    path = f"{PATH}/{name}"
    files = {each: address_of(scope, name, f"{path}.{each}") for each in _TYPES}
    root = request.url_root.rstrip("/")
    source = _("Source: SSC4C Graph, %(address)s, state of %(date)s. Data: CC BY 4.0.",
               address=root + path, date=scope.desk.state)  # fmt: skip
    embed = root + address_of(scope, name, f"/embed{path}")
    return replace(picture, files=files, embed=embed, source=source)


def address_of(scope: Scope, name: str, path: str) -> str:
    """A path with the choice of a picture."""
    sight = SIGHTS[name]
    said = "" if scope.kinds == sight.kinds else scope.kinds
    values = {**scope.asked.values(), "kind": _EACH if scope.kinds == ACTIVITIES and said else said}
    known = {n: v for n, v in values.items() if n in ("q", "kind", "from", "to", *SPACES)}
    return scope.desk.addresses.carry(path, **known, **scope.options)


def tabs_of(scope: Scope, name: str) -> list[Tab]:
    """Ways to all pictures; what they share of the choice goes along."""
    shared = replace(scope, options={}, kinds=SIGHTS[name].kinds)
    tabs = []
    for each, sight in SIGHTS.items():
        there = replace(shared, kinds=sight.kinds)
        address = address_of(there, each, f"{PATH}/{each}")
        tabs.append(Tab(each, str(sight.title), str(sight.lead), address, each == name))
    return tabs


def _selects(scope: Scope, name: str) -> list[Select]:
    sight = SIGHTS[name]
    own = [_option_select(scope, option, values) for option, values in sight.options.items()]
    facets = [_facet_select(scope, name, facet) for facet in sight.facets]
    return [*facets[:1], *own, *facets[1:]]


def _facet_select(scope: Scope, name: str, facet: str) -> Select:
    titles = {
        "kind": _("Counted"),
        "country": _("Country"),
        "theme": _("Theme"),
        "goal": _("Goal"),
        "form": _("Form of cooperation"),
    }
    if facet == "kind":
        return Select(facet, titles[facet], tuple(_kinds(scope, name)))
    chosen = scope.asked.chosen.get(facet, ())
    values = {*scope.choosing(**{facet: ()}).tally(facet), *chosen}
    link = scope.desk.shower.link
    ordered = sorted(map(link, values), key=sort_key)
    choices = ((_key(each), f"{each.number} {each.text}".strip(), each.iri in chosen)
               for each in ordered)  # fmt: skip
    return Select(facet, titles[facet], (("", _("all"), not chosen), *choices))


def _key(shown: Shown) -> str:
    return shown.iri.rpartition("/")[2]


def _kinds(scope: Scope, name: str) -> list[tuple[str, str, bool]]:
    own = SIGHTS[name].kinds
    each = (("" if own == ACTIVITIES else _EACH), _("all activities"), scope.kinds == ACTIVITIES)
    kinds = [
        (
            "" if (kind,) == own else kind,
            name_many(kind, scope.desk.shower),
            scope.kinds == (kind,),
        )
        for kind in ACTIVITIES
    ]
    return sorted([each, *kinds], key=lambda choice: choice[0] != "")


def _option_select(scope: Scope, option: str, values: Sequence[str]) -> Select:
    titles = {"role": _("Role"), "as": _("Drawn as"), "by": _("By"), "within": _("Within")}
    words = {
        ("role", ""): _("any role"),
        ("role", "provider"): _("provider"),
        ("role", "recipient"): _("recipient"),
        ("role", "facilitator"): _("facilitator"),
        ("as", "sankey"): _("streams"),
        ("as", "chord"): _("ring"),
        ("by", "kind"): _("kind"),
        ("by", "form"): _("form of cooperation"),
        ("by", "region"): _("region"),
        ("by", "age"): _("age"),
    }
    if option == "within":
        return Select(option, titles[option], tuple(_within(scope)))
    chosen = scope.options.get(option, values[0])
    choices = ((v if v != values[0] else "", words[option, v], v == chosen) for v in values)
    return Select(option, titles[option], tuple(choices))


def _within(scope: Scope) -> list[tuple[str, str, bool]]:
    grid = read_grid(scope)
    keys = (r.rpartition("/")[2] for r in REGIONS) if grid.other == "region" else AGES
    every = _("all regions") if grid.other == "region" else _("all ages")
    named = ((key, name_key(grid, grid.other, key)) for key in (*keys, UNSAID))
    return [
        ("", every, grid.third == ANY),
        *((key, words, key == grid.third) for key, words in named),
    ]


def _kept(scope: Scope, name: str) -> list[tuple[str, str, str]]:
    """What is chosen and not in the form: names, keys and words."""
    values = scope.asked.values()
    shown = {"kind", *SIGHTS[name].facets}
    found: list[tuple[str, str, str]] = [("q", scope.asked.text, quote(scope.asked.text))]
    for facet in SPACES:
        keys = values[facet] if facet not in shown else ()
        iris = scope.asked.chosen.get(facet, ())
        pairs = zip(keys, iris, strict=False) if isinstance(keys, list) else ()
        found.extend((facet, key, _word(scope, iri)) for key, iri in pairs)
    return [each for each in found if each[1]]


def _word(scope: Scope, value: str) -> str:
    return scope.desk.shower.name(value) if "/" in value else value


def send_file(name: str, extension: str) -> Response:
    """The table of a picture as CSV or JSON."""
    desk = open_desk()
    write = _write_csv if extension == "csv" else _write_json
    response = answer(desk, extension, lambda: write(read_scope(desk, name), name))
    if response.status_code == 200:
        response.content_type = _TYPES[extension]
    if extension == "csv":
        response.headers["Content-Disposition"] = f'attachment; filename="ssc4c-{name}.csv"'
    return response


def _table(scope: Scope, name: str) -> tuple[list[str], list[list[str | int | float]]]:
    """Columns and rows; of the grid every cell."""
    if name == "missing":
        return _grid_table(scope)
    picture = SIGHTS[name].draw(scope)
    return list(picture.columns), plain_rows(picture.rows)


def _grid_table(scope: Scope) -> tuple[list[str], list[list[str | int | float]]]:
    grid = read_grid(scope)
    columns = [_("Target"), _("Region"), _("Age"), _("Records"), _("Shares"), _("State"), _("Open")]
    rows = [
        [
            plain(name_target(grid, target)),
            name_key(grid, "region", region),
            name_key(grid, "age", age),
            count,
            round(share, 6),
            state,
            held_open,
        ]
        for target, region, age, count, share, state, held_open in cells_of(grid)
    ]
    return columns, rows


def _write_csv(scope: Scope, name: str) -> str:
    columns, rows = _table(scope, name)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _write_json(scope: Scope, name: str) -> str:
    picture = draw(scope, name)
    columns, rows = _table(scope, name)
    return json.dumps(
        {
            "name": name,
            "title": picture.title,
            "summary": picture.summary,
            "notes": [note if isinstance(note, str) else note.text for note in picture.notes],
            "source": picture.source,
            "snapshot": scope.desk.view.id,
            "columns": columns,
            "rows": rows,
        },
        ensure_ascii=False,
    )
