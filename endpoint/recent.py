"""Replies that the fast lane sends again to whoever asks the same, until the next publish.

A reply is remembered when its answer was a kept one already, that is from the second time on: so
queries that are asked once take no room, and what the reply tells of its making stays true.
"""

from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from endpoint.protocol import Asked
from endpoint.replies import QUERY_ID, Reply
from kg.engines.nearby import name_of
from kg.generations import Generations

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_BOUND: Final = 16 << 20
"""Bytes of all replies together, about."""
_OVERHEAD: Final = 2048
"""Bytes that an entry takes beside body and address."""
_OWN_WISHES: Final = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_PREFER", "HTTP_SSC4C_QUERY"})
"""Headers by which a request may want something else than who asked before."""
_OWN_FIELDS: Final = frozenset({"id", "release"})
_Key = tuple[str, str, str, str]


class Recent:
    """Replies for the snapshot that `current` points to; nothing else is ever found."""

    def __init__(self, current: Path, bound: int = _BOUND) -> None:
        self._current = current
        self._kept: Generations[_Key, Reply] = Generations(bound)

    def find(self, environ: "WSGIEnvironment") -> Reply | None:
        """The reply to the same request, with an id of its own."""
        if not _OWN_WISHES.isdisjoint(environ):
            return None
        reply = self._kept.find(_key(name_of(self._current), environ))
        if reply is None:
            return None
        headers = [*reply.headers, (QUERY_ID, token_hex(16))]
        return Reply(reply.status, headers, reply.parts)

    def keep(self, environ: "WSGIEnvironment", asked: Asked, reply: Reply) -> None:
        """Remember a reply that lasts, unless it was made for this request alone."""
        if not reply.lasts_with or not _OWN_FIELDS.isdisjoint(asked.parameters):
            return
        body = b"".join(reply.parts)
        headers = [each for each in reply.headers if each[0] != QUERY_ID]
        size = len(body) + len(environ["QUERY_STRING"]) + _OVERHEAD
        key = _key(reply.lasts_with, environ)
        self._kept.keep(key, Reply(reply.status, headers, [body]), size)


def _key(snapshot: str, environ: "WSGIEnvironment") -> _Key:
    """What a reply depends on: headers in Vary, and the address as it was sent."""
    get = environ.get
    wishes = get("HTTP_ACCEPT", ""), get("HTTP_ACCEPT_ENCODING", "")
    return (snapshot, environ["QUERY_STRING"], *wishes)
