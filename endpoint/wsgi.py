"""The application that the web processes import; settings come from the environment."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from endpoint.app import create_app
from kg.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SHORT = 1 << 20


class Whole:
    """Hands short bodies over in one piece, which saves the server a channel for each answer."""

    def __init__(self, inner: "WSGIApplication") -> None:
        self._inner = inner

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Run the application below; a list of its parts if they are few bytes."""
        length = _SHORT + 1

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal length
            length = next((int(v) for k, v in headers if k == "Content-Length"), length)
            return start_response(status, headers, *rest)

        parts = self._inner(environ, start)
        if length > _SHORT:
            return parts
        try:
            return list(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()


app = Whole(create_app(Settings.from_environment()))
