"""How errors travel from the query service to whoever asked."""

import json
from typing import Any

from kg import errors
from kg.errors import BadQuery, EngineFailed, KgError, QueryTimeout


def encode(error: KgError) -> bytes:
    """An error of ours as bytes."""
    more = vars(error) if isinstance(error, BadQuery | QueryTimeout) else {}
    values = {"error": type(error).__name__, "detail": error.detail, **more}
    return json.dumps(values).encode()


def decode(body: bytes) -> KgError:
    """The error that `encode` was given."""
    values: dict[str, Any] = json.loads(body)
    kind = getattr(errors, values.pop("error"), EngineFailed)
    error: KgError = kind(values.pop("detail"), **values)
    return error
