"""What can be set from outside, read from the environment once."""

import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Self

from kg.errors import BadInput

PROJECT = Path(__file__).resolve().parents[1]
"""The folder that holds ontology, shapes, data and queries."""


@dataclass(frozen=True)
class Settings:
    """Each field is set by SSC4C_<NAME>, for example SSC4C_HOME."""

    home: Path = PROJECT / "var"
    """Folder of journal and snapshots."""
    journal_url: str = ""
    """SQLAlchemy URL of the journal; empty means SQLite in the home folder."""
    project: Path = field(default=PROJECT)
    """Folder that holds ontology, shapes, data and queries."""
    public_url: str = "http://127.0.0.1:8000"
    """Address under which people reach the server, without a slash at the end."""
    contact: str = ""
    """Address for error reports: a web page or e-mail; empty hides the link."""
    web_workers: int = 2
    """Number of web processes."""
    query_workers: int = 2
    """Number of processes that answer SPARQL."""
    query_queue: int = 16
    """Queries that may wait for a worker; one more is turned away."""
    query_timeout: float = 30.0
    """Seconds after which a query is stopped that asks for no other deadline."""
    query_timeout_max: float = 120.0
    """Seconds that a query may ask for by the parameter `timeout`."""
    query_memory: int = 1 << 30
    """Bytes of memory that one query may take."""
    answer_bytes: int = 1 << 30
    """Bytes that one answer may have."""
    request_bytes: int = 1 << 20
    """Bytes that one request may have."""
    cache_bytes: int = 256 << 20
    """Bytes of answers that the query service keeps; 0 keeps none."""
    memory: int = 4 << 30
    """Bytes that snapshots held in memory may take, and never more than half the machine's."""
    rate_limit: str = "1200/minute"
    """Requests that one client may send to the endpoint, such as ``60/minute``; empty for any."""
    rate_storage: str = "memory://"
    """Where requests are counted: in each web process, or in a ``redis://…`` that all share."""
    trusted_proxies: int = 0
    """Number of proxies in front whose word on the client's address is taken."""
    staff_token: str = ""
    """Bearer token that lets staff see and stop all running queries; empty lets nobody."""
    service_allow: str = ""
    """Addresses of SPARQL endpoints that SERVICE may ask, separated by spaces."""
    engine: str = ""
    """Address of a SPARQL endpoint that answers instead of the embedded workers."""
    engine_store: str = ""
    """Address of its Graph Store Protocol, for `ssc4c publish --to-engine`."""
    engine_update: str = ""
    """Address of its SPARQL Update, which makes that faster; empty if there is none."""
    engine_login: str = ""
    """``user:password`` for all three, if they ask for it."""
    keep_snapshots: int = 20
    """Number of snapshots that pruning leaves."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Settings from SSC4C_… variables; raises BadInput naming one that cannot be."""
        env = os.environ if environment is None else environment
        values = {
            entry.name: _convert(name, env[name], entry.type)
            for entry in fields(cls)
            if (name := f"SSC4C_{entry.name.upper()}") in env
        }
        settings = cls(**values)  # type: ignore[arg-type]
        for entry in fields(cls):
            _check(f"SSC4C_{entry.name.upper()}", entry.name, getattr(settings, entry.name))
        return settings

    def to_environment(self) -> dict[str, str]:
        """The variables from which another process reads the same settings."""
        return {
            f"SSC4C_{entry.name.upper()}": str(getattr(self, entry.name)) for entry in fields(self)
        }

    @property
    def journal(self) -> str:
        """SQLAlchemy URL of the journal."""
        return self.journal_url or f"sqlite:///{self.home / 'journal.sqlite'}"

    @property
    def query_socket(self) -> Path:
        """Unix socket of the query service."""
        return self.home / "query.sock"


def _convert(name: str, text: str, kind: object) -> object:
    try:
        return _READERS[kind](text)
    except ValueError:
        raise BadInput(f"{name} must be a number, not {text!r}.") from None


def _check(name: str, field_name: str, value: object) -> None:
    """Refuse a value that would only be noticed by what goes wrong later."""
    if isinstance(value, int | float):
        least = _LEAST.get(field_name, 0)
        if not least <= value < math.inf:
            raise BadInput(f"{name} must be {least} or more, not {value}.")
    is_address = field_name in _ADDRESSES and value
    for address in str(value).split() if is_address else ():
        if not _ADDRESS.fullmatch(address):
            raise BadInput(f"{name} must be an address that begins with http, not {address!r}.")
    if field_name == "engine_login" and value and ":" not in str(value):
        raise BadInput(f"{name} must be user:password.")


_LEAST: Mapping[str, float] = {
    "web_workers": 1,
    "query_workers": 1,
    "query_timeout": 0.01,
    "query_timeout_max": 0.01,
    "query_memory": 32 << 20,
    "answer_bytes": 1,
    "request_bytes": 1,
}
"""The smallest values with which a server can answer at all; for others 0."""
_ADDRESSES = frozenset({"public_url", "service_allow", "engine", "engine_store", "engine_update"})
_ADDRESS = re.compile(r"https?://[^\s/]+\S*")


_READERS: Mapping[object, Callable[[str], object]] = {
    Path: lambda text: Path(text).resolve(),
    int: int,
    float: float,
    str: str,
}
