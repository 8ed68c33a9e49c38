"""The server of the endpoint's own tests, for cases that need no data."""

from tests.endpoint.conftest import server

__all__ = ["server"]
