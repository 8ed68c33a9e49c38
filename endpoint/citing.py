"""A saved query on an edition of the graph: what is asked, where it stands, how it is cited."""

from dataclasses import dataclass
from typing import Any, Final

from endpoint.citations import LICENSE, STYLES, Citation, title_of
from endpoint.comparison import LINES, TRIPLES, Fingerprint, take_fingerprint
from endpoint.editions import TODAY, Edition
from endpoint.services import services
from kg.engines import QueryRequest
from kg.engines.scan import is_repeatable
from kg.errors import BadInput
from kg.releases import LATEST
from kg.saved import SavedQuery

_OTHERWISE: Final = "Answer %s of the SSC4C Graph"


@dataclass(frozen=True)
class CitedAnswer:
    """One answer; whoever asks for it again gets the same if it is exact."""

    edition: Edition
    saved: SavedQuery

    @property
    def address(self) -> str:
        """Where it stands."""
        return self._address(self.edition.name)

    @property
    def is_repeatable(self) -> bool:
        """Whether the same graph gives the same answer again."""
        return is_repeatable(self.saved.query)

    @property
    def is_exact(self) -> bool:
        """Whether it stays the same for ever."""
        return self.edition.is_lasting and self.is_repeatable

    @property
    def title(self) -> str:
        """What the query says of itself."""
        return title_of(self.saved.query, _OTHERWISE % self.saved.key)

    def ask(self, table: str, client: str) -> QueryRequest:
        """What the engine is asked for it; graphs come as N-Triples."""
        return QueryRequest(
            self.saved.query,
            table,
            TRIPLES,
            default_graphs=self.saved.default_graphs,
            named_graphs=self.saved.named_graphs,
            snapshot=self.edition.snapshot,
            client=client,
        )

    def fingerprint(self, client: str) -> Fingerprint | None:
        """Number and hash of its rows, unless it is too long."""
        return take_fingerprint(services().engine.run(self.ask(LINES, client)))

    def cite(self, client: str) -> Citation:
        """How it is cited; raises BadInput if it would not be the same again."""
        release = self.edition.release
        if not release or not self.edition.is_lasting:
            raise BadInput("Today's data change: cite the answer on a release, see /releases/.")
        if not self.is_repeatable:
            raise BadInput(
                "This query gives something else each time (NOW, RAND, UUID, BNODE), so that its "
                "answer cannot be cited exactly. Put fixed values in their place."
            )
        found = self.fingerprint(client)
        return Citation(
            f"ssc4c-{release.name}-{self.saved.key}",
            self.title,
            release.released.date(),
            release.name,
            self.address,
            f"SHA-256 of the sorted answer: {found.sha256}" if found else "",
        )

    def links(self) -> str:
        """The Link header: this answer to be cited, on today's data and on the latest release."""
        links = {
            "original": self._address(TODAY),
            "latest-version": self._address(LATEST),
            "license": LICENSE,
        }
        if self.edition.release:
            base = services().settings.public_url
            links["collection"] = f"{base}/releases/{self.edition.release.name}"
            if self.is_repeatable:
                links["cite-as"] = self._address(self.edition.release.name)
        return ", ".join(f'<{address}>; rel="{name}"' for name, address in links.items())

    def describe(self, client: str) -> dict[str, Any]:
        """What programs are told of an answer that was saved."""
        styles = {each.extension: f"{self.address}.{each.extension}" for each in STYLES}
        text = STYLES[0].write(self.cite(client)).strip() if self.is_exact else ""
        return {
            "key": self.saved.key,
            "address": self.address,
            "title": self.title,
            "release": self.edition.name,
            "is_repeatable": self.is_repeatable,
            "citation": text,
            "citations": styles if self.is_exact else {},
            "difference": f"{self.address}/difference",
        }

    def _address(self, edition: str) -> str:
        return f"{services().settings.public_url}/answers/{edition}/{self.saved.key}"
