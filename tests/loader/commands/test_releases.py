"""`ssc4c release` and `ssc4c releases` as people and programs run them."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kg.settings import Settings
from tests.kg.releases import make_settings, publish_practices, set_least
from tests.loader.partner import COMMAND


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = make_settings(tmp_path)
    publish_practices(settings, a="First", b="Second")
    return settings


def run(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | settings.to_environment() | {"COLUMNS": "200"}
    return subprocess.run(
        [COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False
    )


def run_json(settings: Settings, *arguments: str) -> Any:
    return json.loads(run(settings, *arguments, "--json").stdout)


def test_release_is_made_listed_and_verified(settings: Settings) -> None:
    done = run(settings, "release", "--name", "2020-05-01", "--title", "First light")
    assert done.returncode == 0, done.stderr
    assert "Released 2020-05-01: 2 records" in done.stderr

    (listed,) = run_json(settings, "releases", "list")
    assert (listed["name"], listed["title"], listed["records"]) == ("2020-05-01", "First light", 2)
    assert listed["changes"] == {"created": 2}
    assert "First light" in run(settings, "releases", "list").stdout
    assert run_json(settings, "releases", "verify", "2020-05-01") == {"2020-05-01": []}


def test_refused_release_lists_what_is_wrong_and_exits_with_seven(settings: Settings) -> None:
    set_least(settings.project, 3)

    as_json, for_people = run(settings, "release", "--json"), run(settings, "release")

    assert (as_json.returncode, for_people.returncode) == (7, 7)
    assert json.loads(as_json.stdout) == {
        "released": None,
        "reason": "1 query is at fault; nothing was released",
        "faults": [{"query": "api/practices", "reason": "2 rows instead of 3 or more"}],
    }
    assert "2 rows instead of 3 or more" in for_people.stdout
    assert "Release refused" in for_people.stderr
    assert run_json(settings, "releases", "list") == []


def test_altered_release_exits_with_four(settings: Settings) -> None:
    run(settings, "release", "--name", "2020-05-01")
    (settings.home / "releases" / "2020-05-01" / "changes.json").write_text("{}")

    done = run(settings, "releases", "verify")

    assert done.returncode == 4
    assert "the file changes.json was altered" in done.stdout


def test_name_that_is_no_date_is_bad_input(settings: Settings) -> None:
    assert run(settings, "release", "--name", "summer").returncode == 2
