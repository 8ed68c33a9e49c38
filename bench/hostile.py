"""Row: how long others wait while the server is under attack."""

from statistics import median

from bench.attacks import HEALTH, attacks, crowd, seconds_of, simple_query, under_fire
from bench.processes import resident_bytes
from bench.results import Row, show_bytes
from bench.servers import Server, serving_ours
from bench.workplace import Graph

CLIENTS = 16
CROWD = 500
TRIES = 100


def measure_hostile(graph: Graph) -> Row:
    """`/health` and a simple query, again and again, beside all attacks."""
    with serving_ours(graph, SSC4C_QUERY_TIMEOUT="5") as server:
        with under_fire(server.port, CLIENTS):
            fire = [_wait(server, number) for number in range(TRIES)]
        attack = next(each for each in attacks() if each.name == "lateral-exists")
        with crowd(server.port, attack.request, CROWD):
            rush = [_wait(server, TRIES + number) for number in range(TRIES)]
        memory = resident_bytes(server.pid)
    worst = max(max(pair) for pair in (*fire, *rush))
    return Row(
        "`/health` and a simple query while the server is under attack",
        "each within 1 s",
        f"at most {worst:.2f} s",
        worst < 1,
        f"{TRIES} times while {CLIENTS} clients send every attack of `bench/attacks.py` in "
        f"rotation: {_say(fire)}; {TRIES} times while {CROWD} connections wait for one that runs "
        f"to its deadline of 5 s: {_say(rush)}. No query twice. The server's processes hold "
        f"{show_bytes(memory)} at the end.",
    )


def _wait(server: Server, number: int) -> tuple[float, float]:
    return seconds_of(server.port, HEALTH), seconds_of(server.port, simple_query(number))


def _say(pairs: list[tuple[float, float]]) -> str:
    health, query = zip(*pairs, strict=True)
    return (
        f"health {median(health) * 1000:.0f} ms (at most {max(health) * 1000:.0f}), "
        f"query {median(query) * 1000:.0f} ms (at most {max(query) * 1000:.0f})"
    )
