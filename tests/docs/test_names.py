"""The pages name what the code has: settings, routes, errors, commands; links lead somewhere."""

import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import typer

from endpoint.app import create_app
from kg import errors
from kg.settings import PROJECT, Settings
from tests.docs.pages import DOCS, PAGES

OPERATING = (PROJECT / "docs" / "operating.md").read_text(encoding="utf-8")
WEB = (PROJECT / "docs" / "web.md").read_text(encoding="utf-8")
LOADING = (PROJECT / "docs" / "loading.md").read_text(encoding="utf-8")
COMMANDS = vars(importlib.import_module("ssc4c"))["app"]
ERRORS = [
    value
    for value in vars(errors).values()
    if inspect.isclass(value) and issubclass(value, errors.KgError) and value is not errors.KgError
]


def test_each_setting_is_told_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(SSC4C_\w+)` \| (.*?) \|", OPERATING, re.MULTILINE))

    assert sorted(rows) == sorted(f"SSC4C_{each.name.upper()}" for each in fields(Settings))
    for each in fields(Settings):
        if isinstance(each.default, int | float):
            assert float(rows[f"SSC4C_{each.name.upper()}"]) == each.default


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_each_error_is_told_with_its_status(error: type[errors.KgError]) -> None:
    assert f"| `{error.__name__}` | {error.status} |" in OPERATING


def test_each_exit_code_is_told() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d) \|", LOADING, re.MULTILINE)}

    assert {0, 3} | {error.exit_code for error in ERRORS} == told


def test_each_command_is_told() -> None:
    commands = set(_name_commands(typer.main.get_command(COMMANDS), "ssc4c"))

    told = {
        re.sub(r" [A-Z\[-].*", "", row) for row in re.findall(r"^\| `(ssc4c .+?)`", OPERATING, re.M)
    }

    assert told == commands


def _name_commands(command: object, name: str) -> Iterator[str]:
    parts: dict[str, object] | None = getattr(command, "commands", None)
    if parts is None:
        yield name
    for key, each in (parts or {}).items():
        yield from _name_commands(each, f"{name} {key}")


def test_each_route_is_told(tmp_path: Path) -> None:
    routes = {
        re.sub(r"<[^>]+>", "<>", rule.rule)
        for rule in create_app(Settings(home=tmp_path)).url_map.iter_rules()
        if rule.endpoint != "static"
    }

    told = {
        re.sub(r"<[^>]+>(/<[^>]+>)*$|<[^>]+>", "<>", route)
        for row in re.findall(r"^\| (`/.*?`) \|", WEB, re.MULTILINE)
        for route in re.findall(r"`(/[^`]*)`", row)
    }

    assert {re.sub(r"<>(/<>)*$", "<>", route) for route in routes} - told == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]+)?\)", page.read_text(encoding="utf-8"))

    for path, anchor in links:
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        if anchor:
            assert anchor in _anchors(target), f"{path}{anchor}"


def _anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {"#" + re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_each_page_is_in_the_readme() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")

    missing = [page.name for page in DOCS if f"docs/{page.name}" not in readme]

    assert missing == ["README.md"]


def test_each_decision_is_in_its_list() -> None:
    folder = PROJECT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")

    assert [path.name for path in folder.glob("0*.md") if f"({path.name})" not in index] == []
