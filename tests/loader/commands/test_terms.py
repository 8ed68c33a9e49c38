"""Terms of findings are shown without the syntax of RDF."""

import pytest

from loader.commands.terms import show_term

ID = "https://w3id.org/ssc4c/id/"


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        ('"2010"^^<http://www.w3.org/2001/XMLSchema#gYear>', "2010"),
        ('"Jardin d\\u0027école"@fr', "Jardin d'école"),
        ('"say \\"yes\\""', 'say "yes"'),
        (f"<{ID}theme/nutrition>", "theme/nutrition"),
        (f"<{ID}initiative/x#partner-recipient-BRA>", "initiative/x#partner-recipient-BRA"),
        ("<http://metadata.un.org/sdg/2.1>", "sdg/2.1"),
        ("<https://w3id.org/ssc4c/def/Practice>", "Practice"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("no term", "no term"),
        ("", ""),
    ],
)
def test_term_is_shown_plainly(term: str, shown: str) -> None:
    assert show_term(term) == shown
