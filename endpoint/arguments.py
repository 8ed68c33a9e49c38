"""Values for the parameters of a named query: read from an address, and written into one."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Final
from urllib.parse import quote, urlencode

from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict

from endpoint.addresses import Addresses
from endpoint.choices import find_near, find_thing, shorten_iri
from endpoint.values import Shower
from kg.catalogue import NamedQuery, Term
from kg.errors import BadInput, BadValue
from kg.reader import View

BESIDE: Final = ("lang", "timeout")
"""Parameters of every address; no query has one of its own that is called so."""
_MOST: Final = 100
"""Combinations of values that one request may ask for."""

Arguments = Mapping[str, Sequence[Term]]


def read_arguments(view: View, query: NamedQuery, given: MultiDict[str, str]) -> Arguments:
    """The terms that an address gives; raises BadValue at what will not do."""
    unknown = sorted(set(given) - set(query.parameters) - set(BESIDE))
    if unknown:
        known = ", ".join(query.parameters) or "none"
        raise BadValue(
            f"{query.key} takes no parameter {unknown[0]!r}; it takes: {known}.",
            parameter=unknown[0],
            expected=list(query.parameters),
        )
    texts = {name: _texts(given, name) for name in query.parameters}
    found = {
        name: [_read(view, query, name, text) for text in values]
        for name, values in texts.items()
        if values
    }
    if prod(map(len, found.values())) > _MOST:
        raise BadValue(f"{query.key} is asked for more than {_MOST} combinations of values.")
    return found


def require_all(view: View, query: NamedQuery, arguments: Arguments, extension: str) -> None:
    """Raise BadValue that names the parameters without value, with an address that works."""
    if missing := [name for name in query.parameters if name not in arguments]:
        example = write_address(view, query, fill_up(query, arguments), extension)
        raise BadValue(
            f"{query.key} needs a value for {', '.join(missing)}. For example: {example}",
            missing=missing,
            example=example,
        )


def fill_up(query: NamedQuery, arguments: Arguments) -> Arguments:
    """The arguments with the example value of each parameter that lacks one."""
    return {name: arguments.get(name) or [value] for name, value in query.parameters.items()}


def write_address(
    view: View, query: NamedQuery, arguments: Arguments, extension: str = "", **beside: str
) -> str:
    """The address of the query with these values; with an extension, that of its answer."""
    pairs = [
        (name, write_value(view, query, name, value))
        for name, values in arguments.items()
        for value in values
    ]
    pairs += [(name, value) for name, value in beside.items() if value]
    path = f"/queries/{query.key}" + (f".{extension}" if extension else "")
    return f"{path}?{urlencode(pairs, safe='/:', quote_via=quote)}" if pairs else path


def write_value(view: View, query: NamedQuery, name: str, value: Term) -> str:
    """A value as it stands in an address: for things of a known kind their key."""
    kinds = query.kinds.get(name, ())
    return shorten_iri(view, kinds, value.value) if kinds else value.value


def _texts(given: MultiDict[str, str], name: str) -> list[str]:
    return list(dict.fromkeys(filter(None, map(str.strip, given.getlist(name)))))


def _read(view: View, query: NamedQuery, name: str, text: str) -> Term:
    kinds = query.kinds.get(name, ())
    if not kinds:
        return _read_plain(query, name, text)
    if iri := find_thing(view, kinds, text):
        return NamedNode(iri)
    shower = Shower(view.names, Addresses(), "en")
    near = [
        {"value": shorten_iri(view, kinds, iri), "label": shower.name(iri)}
        for iri in find_near(view, kinds, text)
    ]
    hint = ", ".join(f"{each['value']} ({each['label']})" for each in near)
    raise BadValue(
        f"{name}: there is no {' or '.join(kinds)} {text!r}"
        + (f". Near it: {hint}." if hint else "; take its key, its address or its code."),
        parameter=name,
        value=text,
        expected=list(kinds),
        near=near,
    )


def _read_plain(query: NamedQuery, name: str, text: str) -> Term:
    try:
        return query.read_value(name, text)
    except BadInput:
        kind, example = query.kind(name), query.parameters[name].value
        raise BadValue(
            f"{name}: {text!r} is no {kind}, such as {example}.",
            parameter=name,
            value=text,
            expected=kind,
            example=example,
        ) from None
