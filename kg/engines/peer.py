"""Speaks HTTP with another SPARQL server: logs in, follows no redirect, takes no torn answer."""

import hashlib
import io
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.request import parse_http_list, parse_keqv_list

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Url, parse_url

_PART: Final = 1 << 16
_LONGEST_REASON: Final = 300
_TAG: Final = re.compile(r"<[^<>]{0,200}>")


class Unreachable(Exception):
    """The server cannot be reached, or hung up before its answer was whole."""


@dataclass(frozen=True)
class Address:
    """Where a server listens, and who asks there."""

    url: str
    """Without the login."""
    user: str = ""
    password: str = ""

    @classmethod
    def of(cls, url: str, login: str = "") -> "Address":
        """An address whose login stands in itself or beside it as ``user:password``."""
        parts = parse_url(url)
        user, _, password = (login or parts.auth or "").partition(":")
        return cls(Url(**{**parts._asdict(), "auth": None}).url, user, password)


class Peer:
    """Connections to one server, kept open between requests; for one thread."""

    def __init__(self, address: Address, patience: float | None = None) -> None:
        self.address = address
        self._pool = urllib3.PoolManager(
            retries=False, timeout=urllib3.Timeout(connect=10.0, read=patience)
        )
        self._challenge: dict[str, str] | None = None
        self._count = 0

    def send(
        self,
        method: str,
        url: str = "",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        total: float | None = None,
    ) -> BaseHTTPResponse:
        """The response, its body unread; raises Unreachable. `total` seconds bound its start."""
        url = url or self.address.url
        sent = {"Accept-Encoding": "identity", "User-Agent": "ssc4c-graph", **(headers or {})}
        response = self._send(method, url, body, sent, total)
        challenge = response.headers.get("WWW-Authenticate", "")
        if response.status == 401 and self.address.user and challenge:
            response.drain_conn()
            self._challenge, self._count = _read_challenge(challenge), 0
            response = self._send(method, url, body, sent, total)
        return response

    def _send(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        total: float | None,
    ) -> BaseHTTPResponse:
        bound = {} if total is None else {"timeout": urllib3.Timeout(total=total)}
        for is_last in (False, True):  # a kept connection may have been closed meanwhile
            try:
                return self._pool.urlopen(
                    method,
                    url,
                    body=body,
                    headers={**headers, **self._authorization(method, url)},
                    redirect=False,
                    preload_content=False,
                    **bound,
                )
            except (urllib3.exceptions.ProtocolError, OSError) as error:
                if is_last:
                    raise Unreachable(_reason(error)) from error
            except HTTPError as error:
                raise Unreachable(_reason(error)) from error
        raise AssertionError("the loop returns or raises")

    def _authorization(self, method: str, url: str) -> Mapping[str, str]:
        if self._challenge is None:
            return {}
        self._count += 1
        return {
            "Authorization": _authorize(self._challenge, self.address, method, url, self._count)
        }

    def close(self) -> None:
        """Hang up."""
        self._pool.clear()


class Body(io.RawIOBase):
    """The body of a response as a file; raises Unreachable if it ends before it is whole."""

    def __init__(
        self, response: BaseHTTPResponse, watch: Callable[[int], None] = lambda size: None
    ) -> None:
        super().__init__()
        self._parts = response.stream(_PART)
        self._rest = b""
        self._size = 0
        self._watch = watch
        """Called with the number of bytes so far."""

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes, at most so many; none at the end."""
        if size is None or size < 0:
            return self._rest + b"".join(iter(self._next, b""))
        if not self._rest:
            self._rest = self._next()
        part, self._rest = self._rest[:size], self._rest[size:]
        return part

    def _next(self) -> bytes:
        try:
            part = next(self._parts, b"")
        except (HTTPError, OSError) as error:
            raise Unreachable(f"the answer broke off: {_reason(error)}") from error
        self._size += len(part)
        self._watch(self._size)
        return part


def is_framed(response: BaseHTTPResponse) -> bool:
    """Whether the end of the body can be told from its breaking off."""
    chunked = "chunked" in response.headers.get("Transfer-Encoding", "").lower()
    return chunked or "Content-Length" in response.headers


def read_reason(response: BaseHTTPResponse) -> str:
    """What a server says about its refusal: the first words of the body, without markup."""
    try:
        text = response.read(1 << 14).decode(errors="replace")
    except (HTTPError, OSError):
        text = ""
    finally:
        response.close()
    words = " ".join(_TAG.sub(" ", text).split())
    return words[:_LONGEST_REASON] or f"status {response.status} without a word"


def _reason(error: Exception) -> str:
    """The innermost cause, whose words name no address."""
    while isinstance(cause := error.__cause__ or error.__context__, Exception):
        error = cause
    return str(error) or type(error).__name__


def _read_challenge(header: str) -> dict[str, str]:
    scheme, _, rest = header.partition(" ")
    return {**parse_keqv_list(parse_http_list(rest)), "scheme": scheme.lower()}


def _authorize(
    challenge: Mapping[str, str], address: Address, method: str, url: str, count: int
) -> str:
    """The value of the header Authorization, see RFC 7616 and RFC 7617."""
    if challenge["scheme"] != "digest":
        login = f"{address.user}:{address.password}"
        return str(urllib3.make_headers(basic_auth=login)["authorization"])
    target, realm, nonce = parse_url(url).request_uri, challenge["realm"], challenge["nonce"]
    values = {"username": address.user, "realm": realm, "nonce": nonce, "uri": target}
    secret = _md5(f"{address.user}:{realm}:{address.password}")
    what = _md5(f"{method}:{target}")
    if "qop" in challenge:
        counter, own = f"{count:08x}", secrets.token_hex(8)
        response = _md5(f"{secret}:{nonce}:{counter}:{own}:auth:{what}")
        values |= {"cnonce": own}
        more = f", qop=auth, nc={counter}"
    else:
        response, more = _md5(f"{secret}:{nonce}:{what}"), ""
    values |= {"response": response}
    if "opaque" in challenge:
        values |= {"opaque": challenge["opaque"]}
    return "Digest " + ", ".join(f'{key}="{value}"' for key, value in values.items()) + more


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
