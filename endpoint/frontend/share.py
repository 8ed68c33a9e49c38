"""Draws `endpoint/assets/share.png` from `share.html` in Chromium: ``make share``."""

import os
import shutil
from pathlib import Path
from string import Template
from typing import Final

from playwright.sync_api import ViewportSize, sync_playwright

_HERE: Final = Path(__file__).resolve().parent
_PROJECT: Final = _HERE.parents[1]
_LETTERS: Final = _PROJECT / "build/frontend/node_modules/@fontsource-variable"
_SIZE: Final[ViewportSize] = {"width": 1200, "height": 630}
"""As those who show links ask for."""


def draw(target: Path) -> None:
    """Draw the picture with our letters and the land of our maps, both made by ``make assets``."""
    parts = {
        "SERIF": _LETTERS / "literata/files/literata-latin-wght-normal.woff2",
        "SANS": _LETTERS / "atkinson-hyperlegible-next/files"
        "/atkinson-hyperlegible-next-latin-wght-normal.woff2",
        "WORLD": next((_PROJECT / "endpoint/assets/built").glob("world-*.svg")),
    }
    addresses = {name: path.as_uri() for name, path in parts.items()}
    page = _PROJECT / "build/share.html"
    page.write_text(Template((_HERE / "share.html").read_text()).substitute(addresses))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=_options()
        )
        sheet = browser.new_page(viewport=_SIZE)
        sheet.goto(page.as_uri())
        sheet.evaluate("document.fonts.ready")
        sheet.screenshot(path=target)
        browser.close()


def _options() -> list[str]:
    """Letters come from files; root has no sandbox."""
    options = ["--allow-file-access-from-files"]
    return [*options, "--no-sandbox"] if os.geteuid() == 0 else options


if __name__ == "__main__":
    draw(_PROJECT / "endpoint/assets/share.png")
