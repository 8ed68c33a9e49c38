"""What a person reads whose query passed a limit: which one, its value, what to do."""

from kg.settings import Settings


def memory_detail(settings: Settings) -> str:
    """What a person reads whose query took too much memory."""
    return (
        f"The query needs more than {settings.query_memory} bytes of memory "
        "(SSC4C_QUERY_MEMORY). Ask for less: no cross products, no ORDER BY over all, a LIMIT."
    )


def timeout_detail(seconds: float, settings: Settings) -> str:
    """What a person reads whose query passed its deadline."""
    longest = settings.query_timeout_max
    reason = (
        "its deadline; without the parameter `timeout` it is "
        f"{settings.query_timeout:g} seconds (SSC4C_QUERY_TIMEOUT). Ask for up to {longest:g} "
        "seconds by `timeout` (SSC4C_QUERY_TIMEOUT_MAX), or ask for less"
        if seconds < longest
        else "the longest that a query may run (SSC4C_QUERY_TIMEOUT_MAX). Ask for less"
    )
    return (
        f"The query was stopped after {seconds:g} seconds, {reason}: start from a known thing, add "
        "a LIMIT, avoid cross products."
    )
