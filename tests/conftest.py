"""What many tests share: the shipped graph, a server on it, and no skipped tests in CI."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from kg.journal import Journal
from kg.publishing import publish
from kg.settings import PROJECT, Settings

START_WITHIN = 60.0

hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis_settings.register_profile("here", deadline=None)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing may be missing: a skipped test fails."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longreprtext}"
    return report


@pytest.fixture(scope="session")
def shipped_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the graph of the shipped data, built once; copy it to change it."""
    from loader.building import Workshop

    settings = Settings(home=tmp_path_factory.mktemp("shipped"))
    with Journal(settings.journal) as journal:
        reports = Workshop(settings, journal).build(lambda source: lambda count: None)
        assert all(report.is_clean for report in reports), [each.to_json() for each in reports]
        published = publish(settings, journal)
    assert not published.faults
    return settings.home


@pytest.fixture(scope="session")
def shipped_server(shipped_home: Path) -> Iterator[str]:
    """Address of a running server on the shipped graph, started as `make serve` does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [str(Path(sys.executable).parent / "ssc4c"), "serve", "--port", str(port)]
    values = {"HOME": str(shipped_home), "PUBLIC_URL": address, "RATE_LIMIT": ""}
    environment = os.environ | {f"SSC4C_{name}": value for name, value in values.items()}
    with subprocess.Popen(command, env=environment, cwd=PROJECT) as process:
        try:
            wait_until_open(process, port)
            yield address
        finally:
            process.terminate()
            process.wait(30)


def wait_until_open(process: subprocess.Popen[bytes], port: int) -> None:
    """Return once something listens on the port; fail when the process ends before."""
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"nothing listens on port {port}: {process.args!r} ({process.poll()})")
