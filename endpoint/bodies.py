"""Takes in the body of a request before anything else reads it, whatever the address.

A client that sends slowly holds a thread; it may hold as many as there are places for it.
"""

from io import BytesIO
from typing import TYPE_CHECKING

from endpoint.clients import client_of
from endpoint.places import Places

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def take_in(environ: "WSGIEnvironment", places: Places, most: int) -> None:
    """Put the whole body in memory; raises EngineBusy if the client sends too many at once.

    One that says to be longer than `most` bytes is not read, and one that is longer is cut one byte
    past that, so that whoever reads it refuses it by its length.
    """
    length = environ.get("CONTENT_LENGTH") or "0"
    is_chunked = "HTTP_TRANSFER_ENCODING" in environ
    if not is_chunked and (length == "0" or not length.isdecimal() or int(length) > most):
        return
    stream = environ["wsgi.input"]
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(), "0"
    with places.take(client_of(environ)):
        body = bytearray()
        while len(body) <= most and (part := stream.read(most + 1 - len(body))):
            body += part
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
