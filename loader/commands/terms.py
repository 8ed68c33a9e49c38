"""Terms of a finding as people write them, without the syntax of RDF."""

from pyoxigraph import Literal, RdfFormat, Triple, parse

from kg.namespaces import DEF, split_thing


def show_term(text: str) -> str:
    """A term in N-Triples syntax as plain text: ``2010``, ``theme/nutrition``.

    What is no term is given back as it is.
    """
    try:
        (quad,) = parse(f"<x:s> <x:p> {text} .", format=RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError):
        return text
    value = quad.object
    if isinstance(value, Literal):
        return value.value
    return text if isinstance(value, Triple) else _show_iri(value.value)


def _show_iri(iri: str) -> str:
    thing, hash_, part = iri.partition("#")
    known = split_thing(thing)
    if known is None:
        return iri
    kind, key = known
    name = key if thing.startswith(DEF) else f"{kind}/{key}"
    return f"{name}{hash_}{part}"
