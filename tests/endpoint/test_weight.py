"""How much script and style a page makes a browser load at once, as it is sent: packed by gzip.

What is imported when it is needed, such as the library of the pictures, does not count: it comes
when a picture is seen. The editor's page is no page for people in a hurry.
"""

import re
from urllib.parse import urljoin
from urllib.request import Request, urlopen

import pytest

_LOADED = re.compile(r'<(?:script[^>]* src|link rel="stylesheet" href)="([^"]+)"')
_IMPORTED = re.compile(r'(?:\bfrom|\bimport)\s*"([^"]+)"')


@pytest.mark.parametrize(
    ("path", "bound"),
    [
        ("/search?q=school", 200_000),
        ("/search?q=school&view=map", 200_000),
        ("/practice/brazil-pnae", 60_000),
        ("/initiative/ibsa-child-marriage-malawi-zambia", 60_000),
        ("/actor/united-nations-childrens-fund", 60_000),
        ("/country/BRA", 60_000),
        ("/sdg/2.1", 60_000),
        ("/", 60_000),
    ],
)
def test_page_loads_no_more_than_promised(shipped_server: str, path: str, bound: int) -> None:
    page = fetch(shipped_server + path, "identity").decode()
    waiting = [urljoin(shipped_server, address) for address in _LOADED.findall(page)]
    sizes: dict[str, int] = {}

    while waiting:
        address = waiting.pop()
        if address not in sizes:
            sizes[address] = len(fetch(address, "gzip"))
            text = fetch(address, "identity").decode()
            waiting += [urljoin(address, name) for name in _IMPORTED.findall(text)]

    assert len(sizes) >= 3, "styles, theme and the script of all pages"
    assert sum(sizes.values()) < bound, sizes


def fetch(address: str, coding: str) -> bytes:
    headers = {"Accept": "text/html, */*", "Accept-Encoding": coding}
    with urlopen(Request(address, headers=headers)) as answer:
        body: bytes = answer.read()
    return body
