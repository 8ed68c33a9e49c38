"""A real server on a small published graph, and ways to ask it."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, sync_playwright

from kg.settings import Settings
from tests.kg.engines.homes import publish, small_settings

CHROMIUM = Path("/usr/bin/chromium")


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """By names in lower case."""
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def media_type(self) -> str:
        return self.headers["content-type"].partition(";")[0]


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    home: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """One request on its own connection; header names are written with underscores."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        with contextlib.closing(connection):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, answer.read())

    def get(self, path: str, parameters: Mapping[str, str] | None = None, **headers: str) -> Reply:
        query = f"?{urlencode(parameters)}" if parameters else ""
        return self.send("GET", path + query, None, **headers)

    def ask(self, query: str, accept: str = "text/csv", **parameters: str) -> Reply:
        """GET /sparql with this query."""
        return self.get("/sparql", {"query": query} | parameters, Accept=accept)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve_command(port: int) -> list[str]:
    return [str(Path(sys.executable).parent / "ssc4c"), "serve", "--port", str(port)]


@contextlib.contextmanager
def running_server(settings: Settings) -> Iterator[Server]:
    """A server started as people do, until it says that it is ready."""
    port = free_port()
    process = subprocess.Popen(
        serve_command(port),
        env=os.environ | settings.to_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    with process:
        assert process.stdout
        try:
            for line in process.stdout:
                if b"is served at" in line:
                    break
            else:
                pytest.fail(f"the server ended with {process.wait()}")
            yield Server(port, process, settings.home)
        finally:
            process.terminate()
            process.stdout.read()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the small graph of `tests/kg/engines/homes.py`, with bounds within reach."""
    home = tmp_path_factory.mktemp("server")
    publish(home)
    settings = small_settings(
        home, query_timeout=60.0, answer_bytes=60 << 20, request_bytes=100_000
    )
    with running_server(settings) as server:
        yield server


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with a small published graph, for one test."""
    publish(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, without its own calls home."""
    if not CHROMIUM.exists():
        pytest.skip("the Debian package chromium is missing")
    options = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()
