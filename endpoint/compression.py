"""Compressed answers: the coding that a client takes best, made before the first byte is sent.

Compressing while sending would leave out Content-Length, and then a client could not tell an
answer that broke off from a whole one.
"""

import tempfile
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import BinaryIO, Final, Protocol, cast

import brotli
import zstandard

from endpoint.negotiation import read_quality
from kg.errors import NotAcceptable

LEAST: Final = 1 << 10
"""Bytes below which compressing is not worth it."""
_CHUNK: Final = 1 << 18
_IN_MEMORY: Final = 1 << 20
"""Bytes of a compressed answer that are held in memory, not in a file."""
_IDENTITY: Final = "identity"


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class _Brotli:
    """brotli's compressor with the names that the others use."""

    def __init__(self) -> None:
        self._inner = brotli.Compressor(quality=4)

    def compress(self, data: bytes, /) -> bytes:
        return cast(bytes, self._inner.process(data))

    def flush(self) -> bytes:
        return cast(bytes, self._inner.finish())


_MAKERS: Final[dict[str, Callable[[], _Compressor]]] = {
    "zstd": lambda: zstandard.ZstdCompressor(level=3).compressobj(),
    "br": _Brotli,
    "gzip": lambda: zlib.compressobj(5, zlib.DEFLATED, 16 + zlib.MAX_WBITS),
}
"""The codings that there are, the fastest first."""


@lru_cache(maxsize=1024)
def choose_coding(accept: str) -> str:
    """The best coding by the header Accept-Encoding; empty to send the answer as it is.

    Raises NotAcceptable if a client refuses that and takes none of ours.
    """
    if not accept.strip():
        return ""
    wishes = _read_wishes(accept)
    rest = wishes.get("*", 0.0)
    plain = wishes.get(_IDENTITY, 0.0 if wishes.get("*") == 0 else 0.001)
    best = max(_MAKERS, key=lambda coding: wishes.get(coding, rest))
    quality = wishes.get(best, rest)
    if quality <= 0 and plain <= 0:
        raise NotAcceptable(f"Answers are sent as they are or as one of: {', '.join(_MAKERS)}.")
    return best if quality >= plain else ""


def _read_wishes(accept: str) -> dict[str, float]:
    wishes: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        values = [each.partition("=")[2] for each in parameters if each.startswith("q")]
        wishes[name.removeprefix("x-")] = read_quality(values[0]) if values else 1.0
    return wishes


def compress(source: BinaryIO, coding: str) -> tuple[BinaryIO, int]:
    """The compressed content of a file and its length; closes the source."""
    target = cast(BinaryIO, tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115
    compressor = _MAKERS[coding]()
    with source:
        while chunk := source.read(_CHUNK):
            target.write(compressor.compress(chunk))
    target.write(compressor.flush())
    size = target.tell()
    target.seek(0)
    return target, size


def compress_short(data: bytes, coding: str) -> bytes:
    """The compressed bytes of an answer that is in memory."""
    compressor = _MAKERS[coding]()
    return compressor.compress(data) + compressor.flush()
