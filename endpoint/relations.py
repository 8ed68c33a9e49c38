"""Headings for what points to a thing, where "as <property>" would not read well."""

from typing import Final

from endpoint.texts import Words, _l
from kg.namespaces import expand

HEADINGS: Final[dict[str, Words]] = {
    expand(name): heading
    for name, heading in {
        "dcterms:isReplacedBy": _l("that it replaces"),
        "dcterms:source": _l("that cite it"),
        "org:subOrganizationOf": _l("that are part of it"),
        "sdgo:isIndicatorOf": _l("that measure it"),
        "sdgo:isTargetOf": _l("that belong to it"),
        "skos:broader": _l("narrower than it"),
        "skos:inScheme": _l("in this scheme"),
        "ssc4c:about": _l("about it"),
        "ssc4c:adaptationOf": _l("that adapt it"),
        "ssc4c:addressedBy": _l("that it answers"),
        "ssc4c:addresses": _l("that answer it"),
        "ssc4c:advancesRight": _l("that advance it"),
        "ssc4c:affectsCountry": _l("felt here"),
        "ssc4c:affiliation": _l("that work there"),
        "ssc4c:became": _l("that led to it"),
        "ssc4c:broaderRegion": _l("within it"),
        "ssc4c:carries": _l("that carry it to others"),
        "ssc4c:contributesTo": _l("that contribute to it"),
        "ssc4c:contributesToAsAssigned": _l("that contribute to it, as the editors see it"),
        "ssc4c:contributesToAsStated": _l("that contribute to it, as their sources say"),
        "ssc4c:facilitatingPartner": _l("that it facilitates"),
        "ssc4c:fundingActor": _l("that it funds"),
        "ssc4c:goal": _l("that contribute to it or to its targets"),
        "ssc4c:growsOutOf": _l("that grew out of it"),
        "ssc4c:host": _l("that it hosts"),
        "ssc4c:implementingActor": _l("that it implements"),
        "ssc4c:inCluster": _l("in this cluster"),
        "ssc4c:inCountry": _l("set up here"),
        "ssc4c:inGroup": _l("in this group"),
        "ssc4c:inRegion": _l("in this region"),
        "ssc4c:indicator": _l("with results on it"),
        "ssc4c:initiatedBy": _l("that it began"),
        "ssc4c:involvesActor": _l("that it takes part in"),
        "ssc4c:involvesCountry": _l("that it takes part in"),
        "ssc4c:leadActor": _l("that it leads"),
        "ssc4c:matchedActivity": _l("that it meets"),
        "ssc4c:organiser": _l("that it organises"),
        "ssc4c:originCountry": _l("that began here"),
        "ssc4c:owner": _l("of its own"),
        "ssc4c:ownerCountry": _l("from here"),
        "ssc4c:proposedBy": _l("that it proposed"),
        "ssc4c:providerCountry": _l("to which it gives"),
        "ssc4c:recipientCountry": _l("from which it receives"),
        "ssc4c:relatedTo": _l("related to it"),
        "ssc4c:seatCountry": _l("seated here"),
        "ssc4c:statedBy": _l("that it stated"),
        "ssc4c:unicefRegion": _l("in this region"),
    }.items()
}
"""By property; read after the name of the kind, as in "Initiatives that carry it to others"."""
