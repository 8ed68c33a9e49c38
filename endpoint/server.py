"""The server: query service and web processes, started and stopped together."""

import http.client
import multiprocessing
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Final, Self

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from endpoint.places import THREADS
from endpoint.rates import read_limits
from kg.errors import EngineFailed, PortTaken
from kg.settings import Settings
from kg.snapshots import Snapshots

_CONNECTIONS: Final = 4096
"""Connections that one web process holds; most of them wait for their client."""
_FILES: Final = 65536
"""Open files that a process may have, connections among them."""
_PAUSE: Final = 1.0
"""Seconds before a query service that broke down is started again."""
_PATIENCE: Final = 10.0
"""Seconds in which the query service must end when told to."""


def serve(settings: Settings, host: str, port: int, say: Callable[[str], None] = print) -> None:
    """Serve until SIGINT or SIGTERM; raises an error that says why that cannot begin."""
    snapshot = Snapshots(settings.home).current()
    read_limits(settings.rate_limit)
    check_address(host, port)
    allow_files()
    os.environ.update(settings.to_environment())
    multiprocessing.set_start_method("spawn", force=True)  # forks do not go with threads

    def announce() -> None:
        if _is_up(host, port):
            say(f"SSC4C Graph {snapshot.id} is served at http://{host}:{port}/")

    with QueryService(settings):
        threading.Thread(target=announce, daemon=True).start()
        _web_server(settings, host, port).serve()


def allow_files() -> None:
    """Let this process and those that it starts open as many files as the system grants."""
    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if most == resource.RLIM_INFINITY else min(_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(few, wanted), most))


def check_address(host: str, port: int) -> None:
    """Raise PortTaken if the server could not listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise PortTaken(
            f"The server cannot listen at {host}, port {port}: {error.strerror}. "
            "Choose another with --port (or PORT=… for make)."
        ) from None


class WebServer(MPServer):
    """granian's server, which cannot miss the signal to end."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.main_loop_interrupt = _Wakeup(self)


class _Wakeup(threading.Event):
    """Wakes granian's main loop; that clears it after a worker's death, whatever came meanwhile.

    A SIGTERM to the whole process group kills a worker and comes to us at the same time: between
    the loop's look at the signal and the clearing it would be forgotten, and the server never end.
    """

    def __init__(self, server: WebServer) -> None:
        super().__init__()
        self._server = server

    def clear(self) -> None:
        super().clear()
        if self._server.interrupt_signal:
            self.set()


def _web_server(settings: Settings, host: str, port: int) -> WebServer:
    return WebServer(
        "endpoint.wsgi:app",
        host,
        port,
        interface=Interfaces.WSGI,
        workers=settings.web_workers,
        blocking_threads=THREADS,
        backlog=1024,
        backpressure=_CONNECTIONS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=int(_PATIENCE),
    )


def _is_up(host: str, port: int, patience: float = 60.0) -> bool:
    """Wait until the server answers; whether it did."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        connection = http.client.HTTPConnection(host, port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    return False


class QueryService:
    """The query service as a child process; started again when it breaks down."""

    def __init__(self, settings: Settings) -> None:
        self._environment = os.environ | settings.to_environment()
        self._ending = threading.Event()
        self._process = self._start()
        self._guard = threading.Thread(target=self._keep_alive, daemon=True)

    def __enter__(self) -> Self:
        """Watch over the service."""
        self._guard.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the service and wait for its end."""
        self._ending.set()
        self._process.terminate()
        self._guard.join(_PATIENCE)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        """A service that is ready; it ends with us, since it reads our end of its input."""
        process = subprocess.Popen(
            [sys.executable, "-m", "kg.engines.service"],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us; we tell the service
        )
        assert process.stdout
        with process.stdout as said:
            is_ready = said.readline() == b"ready\n"
        if not is_ready:
            code = process.wait()
            raise EngineFailed(f"The query service could not be started (exit code {code}).")
        return process

    def _keep_alive(self) -> None:
        while True:
            code = self._process.wait()
            if self._ending.is_set():
                return
            print(f"The query service ended (exit code {code}); starting it again", file=sys.stderr)
            time.sleep(_PAUSE)
            try:
                self._process = self._start()
            except EngineFailed as error:
                print(error.detail, file=sys.stderr)
