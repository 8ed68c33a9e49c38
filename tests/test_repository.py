"""The tree itself: a README in each folder, names, versions, nothing of one machine."""

import re
import subprocess
import tomllib
from itertools import chain

import pytest
import yaml

from kg.settings import PROJECT

LISTED = subprocess.run(
    ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    cwd=PROJECT,
    capture_output=True,
    check=True,
    text=True,
).stdout.split("\0")
FILES = [PROJECT / name for name in sorted(filter(None, LISTED)) if (PROJECT / name).is_file()]
FOLDERS = sorted({path.relative_to(PROJECT).parts[0] for path in FILES if path.parent != PROJECT})
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())

FORBIDDEN = {
    "a path of one machine": r"(?<![\w.~:/-])/(?:work|root|home/\w+|farm)/",
    "a folder beside the project": r"\.\./shar(?:ed)\b",
    "the address of a package index": r"pypi\.(?:org|python)|pythonhost(?:ed)|registry\.npm(?:js)",
    "an option that names a package index": r"--(?:extra-)?index-ur(?:l)[ =]",
    "a number of a ticket": r"\bissue #?[0-9]+",
    "a secret": r"-{5}BEGIN [A-Z ]*PRIVATE KEY|\b(?:ghp|glpat|AKIA)[A-Za-z0-9_-]{16}",
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_folder_says_in_fifteen_lines_what_it_is_for(folder: str) -> None:
    readme = PROJECT / folder / "README.md"

    assert readme.is_file()
    assert len(readme.read_text().splitlines()) <= 15


def test_no_readme_inside_the_tree_is_longer_than_fifteen_lines() -> None:
    inside = [path for path in FILES if path.name == "README.md" and path.parent != PROJECT]

    assert [path for path in inside if len(path.read_text().splitlines()) > 15] == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what], re.IGNORECASE)

    found = [
        f"{path.relative_to(PROJECT)}: {match[0]}"
        for path in FILES
        if (match := pattern.search(path.read_text(encoding="utf-8", errors="ignore")))
    ]

    assert found == []


def test_names_of_files_are_spelled_in_one_way() -> None:
    rules = {
        ".py": r"[a-z][a-z0-9]*(_[a-z0-9]+)*|__\w+__",
        ".rq": r"[a-z0-9]+(-[a-z0-9]+)*",
        ".csv": r"[a-z0-9]+(-[a-z0-9]+)*",
        ".html": r"_?[a-z0-9]+([-_][a-z0-9]+)*",
    }

    odd = [
        path
        for path in FILES
        if path.suffix in rules and not re.fullmatch(rules[path.suffix], path.stem)
    ]

    assert odd == []


def test_text_files_are_utf8_with_plain_line_ends() -> None:
    suffixes = {".py", ".md", ".rq", ".ttl", ".csv", ".toml", ".txt", ".html", ".css", ".yaml"}
    texts = {path: path.read_bytes() for path in FILES if path.suffix in suffixes}

    odd = [
        path
        for path, text in texts.items()
        if b"\r" in text or text.startswith(b"\xef\xbb\xbf") or (text and not text.endswith(b"\n"))
    ]

    # Answers are kept as the SPARQL CSV format has them, with CRLF.
    assert [path for path in odd if not {"tests", "competency"} & set(path.parts)] == []
    assert all(text.decode("utf-8") is not None for text in texts.values())


def test_one_version_is_told_everywhere() -> None:
    version = PYPROJECT["project"]["version"]

    assert yaml.safe_load((PROJECT / "CITATION.cff").read_text())["version"] == version
    assert f"\n## {version}\n" in (PROJECT / "CHANGELOG.md").read_text()


def test_the_lock_pins_every_dependency_with_hashes() -> None:
    lock = (PROJECT / "requirements.txt").read_text().replace("\\\n", "")
    pins = [line for line in lock.splitlines() if re.match(r"[a-z]", line)]
    project = PYPROJECT["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]

    assert [line for line in pins if "==" not in line or "--hash=sha256:" not in line] == []
    assert {_name(each) for each in wanted} <= {_name(line) for line in pins}


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return found[0].lower().replace("_", "-")
