"""Who asks: the address that counts, and whether it is staff."""

import hmac
import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from werkzeug.middleware.proxy_fix import ProxyFix

from kg.errors import NotAllowed
from kg.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_HOUSE: Final = 64
"""Bits of an IPv6 address that one household or office has for itself."""


def client_of(environ: "WSGIEnvironment") -> str:
    """Who asks, for limits and lists: an IPv4 address, or the network of an IPv6 one."""
    return _name(environ.get("REMOTE_ADDR") or "")


@lru_cache(maxsize=4096)
def _name(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address or "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, _HOUSE), strict=False))


def is_staff(authorization: str, settings: Settings) -> bool:
    """Whether a request carries the token of staff; raises NotAllowed if it carries another."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":  # such as the login of a proxy in front
        return False
    known = settings.staff_token.encode()
    if known and hmac.compare_digest(token.strip().encode(), known):
        return True
    raise NotAllowed("The token in Authorization is not the one of this server's staff.")


def behind_proxies(app: "WSGIApplication", proxies: int) -> "WSGIApplication":
    """An app that believes so many proxies in front of it what they say of the client."""
    return ProxyFix(app, x_for=proxies, x_proto=proxies, x_host=proxies) if proxies else app
