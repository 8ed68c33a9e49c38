"""Reads a request as the SPARQL 1.1 Protocol has it, section 2.1, to the letter."""

import math
import re
from binascii import a2b_qp
from dataclasses import dataclass
from functools import cached_property
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestURITooLarge, UnsupportedMediaType

from endpoint.clients import client_of
from kg.engines.syntax import NO_UPDATES
from kg.errors import BadInput, BadQuery, UpdateRefused

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Parameters = MultiDict[str, str]
DIRECT: Final = "application/sparql-query"
FORM: Final = "application/x-www-form-urlencoded"
ACCEPT_POST: Final = f"{FORM}, {DIRECT}"
UPDATE: Final = "application/sparql-update"
_OF_UPDATES: Final = ("update", "using-graph-uri", "using-named-graph-uri")
_CHARSETS: Final = ("", "utf-8", "utf8", "us-ascii")
_MOST_FIELDS: Final = 10_000
_ID: Final = re.compile(r"[0-9A-Fa-f]{32}")
_BAD_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}")
HOW_TO_ASK: Final = (
    "There is no query. Ask by GET /sparql?query=…, by POST with the form field `query`, or by "
    f"POST with the query as body and Content-Type {DIRECT}."
)
"""What a request without a query is told."""


class _Fields(Parameters):
    """The fields of a request.

    The inherited `get` raises and catches an error for each field that is absent. That took a
    fifth of the processor time of a point query.
    """

    def get(  # type: ignore[override]
        self, key: str, default: Any = None, type: Any = None
    ) -> Any:
        """The first value of a field."""
        return super().get(key, default, type) if key in self else default


class _Unsupported(UnsupportedMediaType):
    """415 that tells what may be posted."""

    def get_headers(self, *arguments: object, **named: object) -> list[tuple[str, str]]:
        """With Accept-Post, as the Linked Data Platform has it."""
        return [*super().get_headers(), ("Accept-Post", ACCEPT_POST)]


@dataclass(frozen=True)
class Asked:
    """What one request asks, wherever the protocol puts it."""

    parameters: Parameters
    accept: str = ""
    encodings: str = ""
    """Header Accept-Encoding."""
    tags: str = ""
    """Header If-None-Match, of GET and HEAD."""
    client: str = ""
    """Address of whoever asks."""
    named: str = ""
    """Header SSC4C-Query: the id that the client wants for its query."""
    prefer: str = ""

    @property
    def query(self) -> str:
        """The text of the query; raises BadQuery if there is none or more than one."""
        found = self.parameters.getlist("query")
        if len(found) > 1:
            raise BadQuery("There is more than one query; send one at a time.")
        if not found or not found[0].strip():
            raise BadQuery(HOW_TO_ASK)
        return found[0]

    @property
    def has_query(self) -> bool:
        """Whether there is something to run."""
        return any(each.strip() for each in self.parameters.getlist("query"))

    @property
    def timeout(self) -> float | None:
        """The seconds of the parameter `timeout`; raises BadInput unless above 0."""
        text = self.parameters.get("timeout")
        if not text:
            return None
        try:
            seconds = float(text)
        except ValueError:
            seconds = math.nan
        if not 0 < seconds < math.inf:
            raise BadInput(f"timeout must be a number of seconds above 0, not {text!r}.")
        return seconds

    @cached_property
    def query_id(self) -> str:
        """The id of the query: the one that the client chose, or a new one."""
        chosen = self.parameters.get("id") or self.named
        if not chosen:
            return token_hex(16)
        if not _ID.fullmatch(chosen):
            raise BadInput(f"The id of a query has 32 hexadecimal digits, not {chosen!r:.60}.")
        return chosen.lower()

    @property
    def is_patient(self) -> bool:
        """Whether the client will fetch the answer later: `Prefer: respond-async`, RFC 7240."""
        wishes = (each.partition(";")[0].strip().lower() for each in self.prefer.split(","))
        return "respond-async" in wishes


def read_environment(environ: "WSGIEnvironment", parameters: Parameters) -> Asked:
    """What a request asks, with the parameters read already."""
    get = environ.get
    is_safe = environ["REQUEST_METHOD"] in ("GET", "HEAD")
    return Asked(
        parameters,
        get("HTTP_ACCEPT", ""),
        get("HTTP_ACCEPT_ENCODING", ""),
        get("HTTP_IF_NONE_MATCH", "") if is_safe else "",
        client_of(environ),
        get("HTTP_SSC4C_QUERY", ""),
        get("HTTP_PREFER", ""),
    )


def read_address(environ: "WSGIEnvironment", most: int) -> Parameters:
    """The parameters of the address; `most` bounds its bytes."""
    text = environ["QUERY_STRING"]
    if len(text) > most:
        raise RequestURITooLarge(
            f"The address has {len(text)} bytes; at most {most} are read (SSC4C_REQUEST_BYTES). "
            "Send long queries by POST."
        )
    parameters = read_fields(text if text.isascii() else _decode_address(text))
    _refuse_updates(parameters)
    return parameters


def _decode_address(text: str) -> str:
    """Bytes beyond ASCII that were sent as they are; WSGI gives each as one character."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"The address is not UTF-8: byte {error.start} of its query.") from None


def read_request(request: Request, most: int) -> Asked:
    """What a request asks by any method; raises what it deserves."""
    parameters = read_address(request.environ, most)
    if request.method == "POST":
        parameters = _read_posted(request, parameters)
        _refuse_updates(parameters)
    return read_environment(request.environ, parameters)


def read_fields(text: str) -> Parameters:
    """The fields of an address or form; raises BadInput where it is not percent-encoded UTF-8."""
    if bad := _BAD_PERCENT.search(text):
        raise BadInput(
            f"{bad[0]!r} is no percent-encoding: after % come two hexadecimal digits. "
            "A percent sign itself is written %25."
        )
    if text.count("&") >= _MOST_FIELDS:
        raise BadInput(f"There are more than {_MOST_FIELDS} parameters.")
    parts = (each.partition("=") for each in text.split("&") if each)
    try:
        return _Fields([(_unquote(name), _unquote(value)) for name, _, value in parts])
    except UnicodeDecodeError as error:
        raise BadInput(f"The parameters are not UTF-8: {error.object!r:.80}.") from None


def _unquote(text: str) -> str:
    """What a well-formed percent-encoded text means.

    Quoted-printable is the same with another sign, and the standard library reads it 20 times as
    fast: its reader is written in C, that of percent-encoding in Python.
    """
    quoted = text.replace("+", " ").replace("=", "%3D").replace("%", "=")
    return a2b_qp(quoted.encode()).decode()


def _refuse_updates(parameters: Parameters) -> None:
    for name in _OF_UPDATES:
        if name in parameters:
            raise UpdateRefused(f"The parameter {name} belongs to updates. {NO_UPDATES}")


def _read_posted(request: Request, address: Parameters) -> Parameters:
    """The parameters of the body together with those of the address."""
    kind = request.mimetype
    if kind == UPDATE:
        raise UpdateRefused(NO_UPDATES)
    if kind not in (FORM, DIRECT):
        raise _Unsupported(f"Send a query as {FORM} or as {DIRECT}, and say so by Content-Type.")
    charset = request.mimetype_params.get("charset", "").lower()
    if charset not in _CHARSETS:
        raise _Unsupported(f"Send the query in UTF-8, not in {charset}.")
    if (coding := request.headers.get("Content-Encoding", "identity").lower()) != "identity":
        raise _Unsupported(f"Send the query as it is, without Content-Encoding {coding}.")
    text = _decode(request.get_data(cache=False))
    if kind == DIRECT:
        address.add("query", text)
    else:
        address.update(read_fields(text.removeprefix("\ufeff").strip()))
    return address


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadQuery(f"The query is not UTF-8: byte {error.start} cannot be read.") from None
