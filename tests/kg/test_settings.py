import pytest

from kg.errors import BadInput
from kg.settings import Settings


def test_settings_travel_through_the_environment() -> None:
    settings = Settings(query_timeout=7.5, public_url="https://graph.example.org", memory=0)

    assert Settings.from_environment(settings.to_environment()) == settings


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("QUERY_TIMEOUT", "abc", "must be a number, not 'abc'"),
        ("QUERY_MEMORY", "1GB", "must be a number, not '1GB'"),
        ("QUERY_MEMORY", "1", "must be 33554432 or more, not 1"),
        ("QUERY_TIMEOUT", "-5", "must be 0.01 or more, not -5.0"),
        ("QUERY_TIMEOUT", "nan", "must be 0.01 or more, not nan"),
        ("QUERY_WORKERS", "0", "must be 1 or more, not 0"),
        ("QUERY_QUEUE", "-1", "must be 0 or more, not -1"),
        ("REQUEST_BYTES", "0", "must be 1 or more, not 0"),
        ("PUBLIC_URL", "nonsense", "must be an address that begins with http, not 'nonsense'"),
        ("SERVICE_ALLOW", "https://a.example/ b.example", "not 'b.example'"),
        ("ENGINE", "notaurl", "must be an address"),
        ("ENGINE_LOGIN", "nocolon", "must be user:password"),
    ],
)
def test_a_setting_that_cannot_be_is_told_by_its_name(name: str, value: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as caught:
        Settings.from_environment({f"SSC4C_{name}": value})

    assert str(caught.value).startswith(f"SSC4C_{name} must be")
