from kg.generations import Generations


def test_what_is_kept_is_found_and_nothing_else() -> None:
    kept: Generations[str, int] = Generations(100)

    kept.keep("one", 1, 10)

    assert (kept.find("one"), kept.find("two")) == (1, None)


def test_what_is_asked_for_stays_and_the_bytes_are_bounded() -> None:
    kept: Generations[int, str] = Generations(1000)
    kept.keep(0, "asked", 10)
    for number in range(1, 500):
        kept.keep(number, "other", 10)
        assert kept.find(0) == "asked"

    assert 50 <= sum(kept.find(number) is not None for number in range(500)) <= 100
