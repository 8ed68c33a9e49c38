from contextlib import closing
from pathlib import Path

import pytest

from kg.engines.embedded import EmbeddedEngine
from kg.errors import EngineFailed, ServiceRefused
from tests.kg.engines.homes import POINT, ask, service_process, small_settings


def test_without_a_service_the_engine_says_so(tmp_path: Path) -> None:
    engine = EmbeddedEngine(small_settings(tmp_path))

    with pytest.raises(EngineFailed, match="did not answer"):
        ask(engine, POINT)


def test_federation_is_refused_before_anybody_is_asked(tmp_path: Path) -> None:
    engine = EmbeddedEngine(small_settings(tmp_path))

    with pytest.raises(ServiceRefused):
        ask(engine, "SELECT * { SERVICE <http://example.org/> {} }")


def test_the_engine_finds_the_service_again_after_its_restart(home: Path) -> None:
    settings = small_settings(home)
    with closing(EmbeddedEngine(settings)) as engine:
        for _ in range(2):
            with service_process(settings):
                assert ask(engine, POINT) == "name\r\nthing 7\r\n"
