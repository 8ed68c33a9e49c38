"""Collects the words of the pages and brings the catalogues up to date: ``make words``.

Translations that stand are kept, words that nobody says any more are dropped, and new ones wait
empty, to be filled by people who know the language and `docs/translating.md`.
"""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from endpoint.languages import LANGUAGES
from endpoint.questions import label
from endpoint.texts import path_of, read_catalogue
from kg.catalogue import read_query

Found = tuple[int, str, str, list[str]]
"""A text in a file, as Babel takes it: line, keyword, text, comments."""


def extract_titles(file: BinaryIO, *_: object, **_options: object) -> Iterator[Found]:
    """The titles of errors."""
    for found in _TITLE.finditer(file.read().decode()):
        yield 0, "", found[1], []


def extract_questions(file: BinaryIO, *_: object, **_options: object) -> Iterator[Found]:
    """The question that a query answers, and what its parameters are called."""
    query = read_query(Path(file.name))
    for text in (query.summary, *map(label, query.parameters)):
        yield 0, "", text, []


_PROJECT: Final = Path(__file__).parent.parent
_TITLE: Final = re.compile(r'^    title = "([^"]+)"', re.MULTILINE)
_KEYWORDS: Final = {"_": None, "_l": None, "ngettext": (1, 2)}
_SOURCES: Final[tuple[tuple[str, str, str | Callable[..., Any]], ...]] = (
    ("endpoint", "**/*.py", "python"),
    ("endpoint", "templates/**/*.html", "jinja2.ext:babel_extract"),
    ("endpoint", "frontend/src/**/*.js", "javascript"),
    ("kg", "errors.py", extract_titles),
    ("queries", "api/*.rq", extract_questions),
    ("queries", "competency/*.rq", extract_questions),
)
"""Where words stand: folder, pattern, and how to find them there."""
_OPTIONS: Final[dict[Any, dict[str, Any]]] = {"javascript": {"parse_template_string": True}}
_PLURALS: Final = {
    "fr": "nplurals=2; plural=(n > 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "pt": "nplurals=2; plural=(n > 1);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
    "n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}
"""The forms of CLDR in its order: zero, one, two, few, many, other."""
_HEADER: Final = """\
# The words of the pages. How to mend or add some: docs/translating.md
msgid ""
msgstr ""
"Project-Id-Version: SSC4C Graph\\n"
"Language: {}\\n"
"Plural-Forms: {}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def main() -> None:
    """Bring each catalogue up to date and tell what it lacks."""
    template = collect_words()
    for language in LANGUAGES[1:]:
        catalogue = renew(language, template)
        lacking = sum(1 for message in catalogue if message.id and not is_translated(message))
        print(f"{language}: {len(catalogue)} texts, {lacking} to be translated")


def collect_words(project: Path = _PROJECT) -> Catalog:
    """All words of the pages, each with the files that say them."""
    template = Catalog(project="SSC4C Graph", charset="utf-8", fuzzy=False)
    for file, method in _files(project):
        name = file.relative_to(project).as_posix()
        for _line, text, comments, context in extract_from_file(
            method,
            file,
            _KEYWORDS,
            ("Translators:",),
            _OPTIONS.get(method),
            strip_comment_tags=True,
        ):
            template.add(text, None, [(name, 0)], auto_comments=comments, context=context)
    return template


def renew(language: str, template: Catalog) -> Catalog:
    """Write the catalogue of a language anew with the words of the template."""
    path = path_of(language)
    catalogue = read_catalogue(language) if path.is_file() else Catalog(locale=language)
    catalogue.update(template, no_fuzzy_matching=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_HEADER.format(language, _PLURALS[language]).encode() + _write(catalogue))
    return catalogue


def is_translated(message: Any) -> bool:
    """Whether all forms of a text stand in the other language, without doubt."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return bool(forms) and all(forms) and not message.fuzzy


def _write(catalogue: Catalog) -> bytes:
    """The texts in an order of their own, without what changes with every run."""
    written = BytesIO()
    write_po(
        written,
        catalogue,
        width=100,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return written.getvalue()


def _files(project: Path) -> Iterator[tuple[Path, Any]]:
    for folder, pattern, method in _SOURCES:
        for file in sorted((project / folder).glob(pattern)):
            if "assets" not in file.parts:
                yield file, method


if __name__ == "__main__":
    main()
