from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.namespaces import thing_iri
from kg.textdocuments import TextDocument
from kg.textindex import TextIndex

TEXTS = {
    "meals": {"en": ["School meals for children in Mozambique"]},
    "school": {"en": ["A school where children have warm meals"]},
    "marriage": {"en": ["Ending child marriages"]},
    "mariage": {"fr": ["Abolir les mariages des enfants en Côte d'Ivoire"]},
    "casamento": {"pt": ["Fim dos casamentos infantis"], "ar": ["تعليم الأطفال"]},
    "ndoa": {"sw": ["Kukomesha ndoa za watoto"], "": ["marriage"]},
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextIndex]:
    documents = [
        TextDocument(
            thing_iri("practice", key), "practice", titles=tuple(texts.get("en", ())), texts=texts
        )
        for key, texts in TEXTS.items()
    ]
    yield TextIndex.build(tmp_path_factory.mktemp("index"), documents)


@pytest.mark.parametrize(
    ("text", "language", "keys"),
    [
        ("child marriage", "", {"marriage"}),
        ("CHILDREN'S MEAL", "", set()),
        ("child", "en", {"marriage"}),
        ("children meal", "en", {"meals", "school"}),
        ("school meals", "", {"meals", "school"}),
        ('"school meals"', "", {"meals"}),
        ("mariage des enfants", "fr", {"mariage"}),
        ("mariage des enfants", "en", set()),
        ("mariage", "", {"mariage"}),
        ("cote d'ivoire", "", {"mariage"}),
        ("casamento", "pt", {"casamento"}),
        ("طفل", "ar", set()),
        ("تعليم", "ar", {"casamento"}),
        ("watoto", "sw", {"ndoa"}),
        ("marriages", "sw", {"marriage"}),
        ("marri*", "", {"marriage", "ndoa"}),
        ("school -warm", "", {"meals"}),
        ('children -"school meals"', "", {"school"}),
        ("mozambique OR watoto", "", {"meals", "ndoa"}),
        ("children mozambique OR warm", "", {"meals", "school"}),
        ("the", "", set()),
        ("-school", "", set()),
        ("", "", set()),
        ('" - * OR', "", set()),
    ],
)
def test_text_finds_these(index: TextIndex, text: str, language: str, keys: set[str]) -> None:
    found = {iri.rpartition("/")[2] for iri, _ in index.match(text, language)}

    assert found == keys


def test_best_comes_first_and_only_so_many(index: TextIndex) -> None:
    hits = index.match("marriage OR marriages")

    assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)
    assert len(hits) > 1
    assert index.match("marriage OR marriages", limit=1) == hits[:1]


@given(st.text(), st.sampled_from(["", "en", "fr", "ar", "sw"]))
def test_any_text_may_be_asked(index: TextIndex, text: str, language: str) -> None:
    assert len(index.match(text, language, 3)) <= 3
