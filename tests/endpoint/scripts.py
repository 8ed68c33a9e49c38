"""What scripts a page holds."""

import re

_OURS = re.compile(
    r'<script (?:src="/assets/|type="module" src="/assets/|type="application/(?:ld[+])?json")'
)


def count_foreign(page: str) -> int:
    """Scripts that are neither files of ours nor data: there are to be none."""
    return _OURS.sub("", page).count("<script")
