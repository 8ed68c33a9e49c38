import re
from pathlib import Path

import pytest

from endpoint.built import Built, find_packed, read_built
from kg.settings import PROJECT

FOLDER = PROJECT / "endpoint" / "assets" / "built"
LOCK = PROJECT / "endpoint" / "frontend" / "package-lock.json"


def test_before_the_build_there_is_nothing_to_load(tmp_path: Path) -> None:
    assert read_built(tmp_path) is None


def test_the_build_is_found_by_its_list(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"script": "a-1.js", "style": "a-2.css"}')

    assert read_built(tmp_path) == Built("/assets/built/a-1.js", "/assets/built/a-2.css")


def test_make_assets_has_built_what_the_page_loads() -> None:
    built = read_built()

    assert built, "run make assets"
    for address in (built.script, built.style):
        assert (FOLDER / address.rpartition("/")[2]).stat().st_size > 10_000


def test_styles_load_nothing() -> None:
    [style] = FOLDER.glob("*.css")

    assert re.findall(r"@import|@font-face|url\((?!data:|#)", style.read_text()) == []


def test_all_that_is_built_in_has_its_licence_told() -> None:
    text = (FOLDER / "licences.txt").read_text()

    for name in ("@zazuko/yasgui", "codemirror", "echarts", "world-atlas"):
        assert re.search(rf"^{name} \d", text, re.MULTILINE), name
    heads = re.findall(r"^\S+ \d[\w.-]* · (.+)$", text, re.MULTILINE)
    assert len(heads) > 20
    assert [head for head in heads if "GPL" in head] == []


def test_the_lock_names_no_registry_and_every_package_by_hash() -> None:
    text = LOCK.read_text()

    assert "http" not in text
    assert text.count('"integrity"') >= text.count('"node_modules/') > 50


@pytest.mark.parametrize("folder", ["node_modules", "built"])
def test_no_third_party_code_is_in_the_tree(folder: str) -> None:
    assert not (PROJECT / "endpoint" / "frontend" / folder).exists()


def test_a_packed_file_is_sent_to_whom_takes_it() -> None:
    built = read_built()
    assert built
    name = built.script.removeprefix("/assets/")

    assert find_packed(name, "gzip, deflate, br") == (f"{name}.br", "br")
    assert find_packed(name, "GZIP;q=1.0") == (f"{name}.gz", "gzip")
    assert find_packed(name, "identity") == (name, "")
    assert find_packed("pages.css", "br") == ("pages.css", "")
