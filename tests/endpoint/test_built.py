import gzip
import json
import re
from pathlib import Path

import pytest

from endpoint.built import Entry, find_packed, fonts, read_entries, script
from endpoint.styles import Sheet
from kg.settings import PROJECT

FOLDER = PROJECT / "endpoint" / "assets" / "built"
LOCK = PROJECT / "endpoint" / "frontend" / "package-lock.json"


def test_before_the_build_there_is_nothing_to_load(tmp_path: Path) -> None:
    assert read_entries(tmp_path) == {}
    assert fonts("en", tmp_path) == ()
    assert script("nothing") == ""


def test_the_build_is_found_by_its_list(tmp_path: Path) -> None:
    files = {"script": "a-1.js", "style": "a-2.css"}
    manifest = {"entries": {"a": files}, "fonts": {"": ["l.woff2"], "ar": ["a.woff2"]}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))

    assert read_entries(tmp_path) == {"a": Entry("/assets/built/a-1.js", "/assets/built/a-2.css")}
    assert fonts("fr", tmp_path) == ("/assets/built/l.woff2",)
    assert fonts("ar", tmp_path) == ("/assets/built/a.woff2",)


def test_make_assets_has_built_what_pages_load() -> None:
    entries = read_entries()

    assert {"site", "search", "explore", "thing", "editor"} <= set(entries), "run make assets"
    for each in entries.values():
        assert (FOLDER / each.script.rpartition("/")[2]).is_file()
    assert f'src="{entries["site"].script}"' in script("site")
    assert f'href="{entries["editor"].style}"' in script("editor")


def test_styles_are_joined_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name, text in (("20-b.css", "b {}"), ("10-a.css", "a {}"), ("fonts.css", "@font-face {}")):
        (tmp_path / name).write_text(text)
    (tmp_path / "styles").mkdir()
    for name in ("20-b.css", "10-a.css"):
        (tmp_path / name).rename(tmp_path / "styles" / name)

    sheet = Sheet.read(tmp_path / "styles", tmp_path)

    assert sheet.pack("identity") == (b"@font-face {}\na {}\nb {}", "")
    assert sheet.pack("gzip, br")[1] == "br"
    packed, coding = sheet.pack("gzip;q=0.5")
    assert (gzip.decompress(packed), coding) == (sheet.bodies[""], "gzip")
    (tmp_path / "styles" / "20-b.css").write_text("c {}")
    assert Sheet.read(tmp_path / "styles", tmp_path).address != sheet.address


def test_styles_load_nothing() -> None:
    [editor] = FOLDER.glob("editor-*.css")
    texts = (editor.read_text(), Sheet.read().bodies[""].decode())

    for text in texts:
        assert re.findall(r'@import|url[(](?!"?(?:data:|#|/assets/built/))', text) == []


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
    name = read_entries()["editor"].script.removeprefix("/assets/")

    assert find_packed(name, "gzip, deflate, br") == (f"{name}.br", "br")
    assert find_packed(name, "GZIP;q=1.0") == (f"{name}.gz", "gzip")
    assert find_packed(name, "identity") == (name, "")
    assert find_packed("icon.svg", "br") == ("icon.svg", "")
