"""Redirects, typed as the views give their answers."""

from typing import cast

from flask import Response, redirect


def lead_to(address: str, status: int) -> Response:
    """Send the client to another address: 301 or 308 for good, 302 for now, 303 to look there."""
    return cast(Response, redirect(address, status))
