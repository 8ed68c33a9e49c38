"""JSON-LD with the project's context: short names for programs that know nothing of RDF."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from pyoxigraph import BlankNode, Literal, Triple

from kg.namespaces import PREFIXES

_TYPE: Final = PREFIXES["rdf"] + "type"
_STRING: Final = PREFIXES["xsd"] + "string"


@dataclass(frozen=True)
class Rule:
    """How the context writes the values of one property."""

    term: str
    type: str = ""
    """``@id``, a datatype, or nothing."""
    by_language: bool = False


@dataclass(frozen=True)
class Compactor:
    """Writes triples with the terms of one context, given by its address."""

    address: str
    rules: Mapping[str, Rule]
    classes: Mapping[str, str]

    @classmethod
    def read(cls, file: Path, address: str) -> Self:
        """From a context file of plain terms (`@id`, `@type`, `@container: @language`)."""
        context = json.loads(file.read_text(encoding="utf-8"))["@context"]
        prefixes = {name: iri for name, iri in context.items() if _is_namespace(iri)}
        rules, classes = {}, {}
        for term, entry in context.items():
            if isinstance(entry, dict) and "@id" in entry:
                kind = _expand(entry.get("@type", ""), prefixes)
                by_language = entry.get("@container") == "@language"
                rules[_expand(entry["@id"], prefixes)] = Rule(term, kind, by_language)
            elif isinstance(entry, str) and ":" in entry and term not in prefixes:
                iri = _expand(entry, prefixes)
                rules[iri] = Rule(term)
                classes[iri] = term
        return cls(address, rules, classes)

    def write(self, triples: Iterable[Triple]) -> bytes:
        """A document with the nodes in order of their IRIs."""
        nodes: defaultdict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            nodes[_name(triple.subject)][triple.predicate.value].append(triple.object)
        graph = [self._node(name, nodes[name]) for name in sorted(nodes)]
        document = {"@context": self.address, "@graph": graph}
        return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"

    def _node(self, name: str, values: Mapping[str, list[Any]]) -> dict[str, Any]:
        node: dict[str, Any] = {"@id": name}
        for predicate in sorted(values):
            if predicate == _TYPE:
                kinds = [
                    self.classes.get(_name(value), _name(value)) for value in values[predicate]
                ]
                node["@type"] = sorted(kinds)
            else:
                self._add(node, predicate, sorted(values[predicate], key=str))
        return node

    def _add(self, node: dict[str, Any], predicate: str, values: list[Any]) -> None:
        rule = self.rules.get(predicate)
        if rule and rule.by_language:
            tagged = [value for value in values if isinstance(value, Literal) and value.language]
            if tagged:
                node[rule.term] = _by_language(tagged)
            values = [value for value in values if value not in tagged]
            rule = None
        if values:
            written = [_write(value, rule) for value in values]
            node[rule.term if rule else predicate] = written[0] if len(written) == 1 else written


def _by_language(values: list[Literal]) -> dict[str, str | list[str]]:
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for value in values:
        texts[value.language or ""].append(value.value)
    return {language: found if found[1:] else found[0] for language, found in texts.items()}


def _write(value: Any, rule: Rule | None) -> Any:
    if not isinstance(value, Literal):
        is_known = rule is not None and rule.type == "@id"
        return _name(value) if is_known else {"@id": _name(value)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    datatype = value.datatype.value
    if rule and (datatype == rule.type or (not rule.type and datatype == _STRING)):
        return value.value
    if datatype == _STRING:
        return {"@value": value.value}
    return {"@value": value.value, "@type": datatype}


def _name(node: Any) -> str:
    return f"_:{node.value}" if isinstance(node, BlankNode) else str(node.value)


def _expand(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else name


def _is_namespace(entry: object) -> bool:
    return isinstance(entry, str) and entry.endswith(("/", "#")) and "://" in entry
