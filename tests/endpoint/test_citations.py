"""Citations as other programs read them."""

import json
import re
from datetime import date

import pytest
import yaml

from endpoint.citations import (
    AUTHOR,
    TITLE,
    Citation,
    title_of,
    write_bibtex,
    write_csl,
    write_ris,
    write_text,
)
from kg.settings import PROJECT

CITED = Citation(
    "ssc4c-2020-05-01-abc",
    r"100 % of {children} & _others_ #1 ~ \x",
    date(2020, 5, 1),
    "2020-05-01",
    "https://example.org/answers/2020-05-01/abc_d",
    "SHA-256: 00ff",
)


def test_bibtex_is_balanced_and_escaped() -> None:
    entry = write_bibtex(CITED)

    head, *fields, end = entry.splitlines()
    assert (head, end) == ("@misc{ssc4c-2020-05-01-abc,", "}")
    bare = re.sub(r"\\[#$%&_{}]", "", entry)
    assert bare.count("{") == bare.count("}")
    read = dict(re.findall(r"^  (\w+) = \{(.*)\},?$", "\n".join(fields), re.MULTILINE))
    assert read["title"] == (
        r"{100 \% of \{children\} \& \_others\_ \#1 \textasciitilde{} \textbackslash{}x}"
    )
    assert read["url"] == CITED.address
    assert (read["year"], read["version"]) == ("2020", "2020-05-01")


def test_csl_has_what_styles_need() -> None:
    (item,) = json.loads(write_csl(CITED))

    assert item == {
        "id": CITED.key,
        "type": "dataset",
        "title": CITED.title,
        "author": [{"literal": AUTHOR}],
        "publisher": AUTHOR,
        "issued": {"date-parts": [[2020, 5, 1]]},
        "version": "2020-05-01",
        "URL": CITED.address,
        "note": "SHA-256: 00ff",
    }


def test_ris_begins_with_its_type_and_ends_as_it_must() -> None:
    lines = write_ris(CITED).split("\r\n")

    assert lines[0] == "TY  - DATA"
    assert lines[-2:] == ["ER  - ", ""]
    assert f"UR  - {CITED.address}" in lines and "DA  - 2020/05/01" in lines


def test_text_is_one_sentence_after_another() -> None:
    assert write_text(CITED) == (
        r"SSC4C Graph contributors (2020). 100 % of {children} & _others_ #1 ~ \x "
        "(release 2020-05-01) [Data set]. https://example.org/answers/2020-05-01/abc_d "
        "(SHA-256: 00ff)\n"
    )


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("#+ summary: Which themes?\nSELECT", "Which themes?"),
        ("\n# Which   themes?\r\nSELECT", "Which themes?"),
        ("SELECT ?s # themes", "otherwise"),
        ("#\nSELECT", "otherwise"),
    ],
)
def test_query_tells_its_title(query: str, title: str) -> None:
    assert title_of(query, "otherwise") == title


def test_citation_file_says_the_same() -> None:
    cited = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))

    assert cited["title"] == TITLE
    assert cited["authors"] == [{"name": AUTHOR}]
