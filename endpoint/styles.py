"""The one style sheet of all pages, joined from the files in `assets/styles`."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

import brotli

from endpoint.built import FOLDER as BUILT

_STYLES: Final = Path(__file__).parent / "assets" / "styles"


@dataclass(frozen=True)
class Sheet:
    """The joined sheet, packed once in each way that browsers take."""

    name: str
    """Its file name, which changes with its content."""
    bodies: Mapping[str, bytes]
    """By coding; the plain one under the empty text."""

    @classmethod
    def read(cls, folder: Path = _STYLES, built: Path = BUILT) -> Self:
        """The fonts that were built, if any, then all files in the order of their names."""
        files = [built / "fonts.css", *sorted(folder.glob("*.css"))]
        text = "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file())
        body = text.encode()
        packer = brotli.Compressor(quality=11)
        packed = {
            "br": packer.process(body) + packer.finish(),
            "gzip": gzip.compress(body, mtime=0),
            "": body,
        }
        digest = hashlib.sha256(body).hexdigest()[:10]
        return cls(f"pages-{digest}.css", MappingProxyType(packed))

    @property
    def address(self) -> str:
        """Where pages load it."""
        return f"/assets/styles/{self.name}"

    def pack(self, encodings: str) -> tuple[bytes, str]:
        """The body in the best way that is accepted, and the name of that coding."""
        named = {part.partition(";")[0].strip() for part in encodings.lower().split(",")}
        coding = next(each for each in self.bodies if not each or each in named)
        return self.bodies[coding], coding
