import pytest

from kg.engines.failures import decode, encode
from kg.errors import BadQuery, EngineBusy, KgError, QueryTimeout


@pytest.mark.parametrize(
    "error", [QueryTimeout("too long"), EngineBusy("full"), BadQuery("no", 2, 5)]
)
def test_an_error_arrives_as_it_was(error: KgError) -> None:
    arrived = decode(encode(error))

    assert type(arrived) is type(error)
    assert (arrived.detail, vars(arrived)) == (error.detail, vars(error))
