"""Values for the parameters of a named query: read from an address, and written into one."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from math import prod
from typing import Final
from urllib.parse import quote, urlencode

from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict

from endpoint.addresses import Addresses
from endpoint.choices import find_named, find_near, find_thing, name_list, shorten_iri
from endpoint.values import Shower
from kg.catalogue import NamedQuery, Term
from kg.errors import BadInput, BadValue
from kg.reader import View

BESIDE: Final = ("lang", "timeout", "release", "as", "format")
"""Parameters of every address; no query has one of its own that is called so."""
TODAY: Final = "today"
"""A parameter of this name is filled with the day."""
_NUMBERS: Final = ("integer", "decimal")
_GREATEST: Final = 1_000_000_000
"""No age, year or distance is beyond it, and engines can reckon with it."""
_MOST: Final = 100
"""Combinations of values that one request may ask for."""

Arguments = Mapping[str, Sequence[Term]]


def read_arguments(view: View, query: NamedQuery, given: MultiDict[str, str]) -> Arguments:
    """The terms that an address gives; raises BadValue at what will not do."""
    unknown = sorted(set(given) - set(query.parameters) - set(BESIDE))
    if unknown:
        known = ", ".join(query.parameters) or "none"
        raise BadValue(
            f"{query.key} takes no parameter {unknown[0]!r}; it takes: {known}; "
            f"and, as every query does: {', '.join(BESIDE)}.",
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
    return {name: arguments.get(name) or [_example(query, name)] for name in query.parameters}


def _example(query: NamedQuery, name: str) -> Term:
    """The example value; for the date ``today`` the day itself."""
    if name == TODAY and query.kind(name) == "date":
        return query.read_value(name, str(datetime.now(UTC).date()))
    return query.parameters[name]


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
    if iri := find_thing(view, kinds, text) or find_named(view, kinds, text):
        return NamedNode(iri)
    shower = Shower(view.names, Addresses(), "en")
    near = [
        {"value": shorten_iri(view, kinds, iri), "label": shower.name(iri)}
        for iri in find_near(view, kinds, text)
    ]
    hint = ", ".join(f"{each['value']} ({each['label']})" for each in near)
    raise BadValue(
        f"{name}: there is no {' or '.join(kinds)} {text!r}"
        + (f". Near it: {hint}." if hint else ".")
        + f" All are listed at {name_list(kinds)}; take the key, name or code.",
        parameter=name,
        value=text,
        expected=list(kinds),
        near=near,
    )


def _read_plain(query: NamedQuery, name: str, text: str) -> Term:
    kind, example = query.kind(name), _example(query, name).value
    fault = _find_fault(query, name, text)
    if not fault:
        return query.read_value(name, text)
    raise BadValue(
        f"{name}: {text!r:.80} is {fault}, such as {example}.",
        parameter=name,
        value=text,
        expected=kind,
        example=example,
    )


def _find_fault(query: NamedQuery, name: str, text: str) -> str:
    """What a plain text is not; empty if it will do. No query asks for a number below zero."""
    kind = query.kind(name)
    try:
        value = query.read_value(name, text).value
    except BadInput:
        return f"no {kind}"
    if kind in _NUMBERS and not 0 <= Decimal(value) <= _GREATEST:
        return f"no {kind} from 0 to {_GREATEST}"
    return ""
