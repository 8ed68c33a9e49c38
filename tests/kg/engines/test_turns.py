import pytest

from kg.engines.frames import Frame, Kind
from kg.engines.runs import Run
from kg.engines.turns import Turns
from kg.engines.wire import Label


def run(name: str, is_long: bool = False) -> Run:
    """A query named after its client and number, such as ``a1``."""
    label = Label(True, "", name[0], 0, name)
    return Run(Frame(Kind.QUERY), label, ("", name.encode()), 1.0, 1.0, is_long=is_long)


def lines(*names: str) -> Turns:
    turns = Turns()
    for name in names:
        turns.add(run(name, is_long=name.endswith("long")))
    return turns


def names_of(turns: Turns) -> list[str]:
    found = []
    while each := turns.next({}):
        found.append(each.label.text)
    return found


def test_clients_have_their_turns_one_after_the_other() -> None:
    assert names_of(lines("a1", "a2", "a3", "b1", "c1", "b2")) == [
        "a1",
        "b1",
        "c1",
        "a2",
        "b2",
        "a3",
    ]


def test_a_client_with_fewer_at_work_comes_first() -> None:
    turns = lines("a1", "b1")

    first = turns.next({"a": 2, "b": 1})

    assert first
    assert first.label.text == "b1"


def test_the_newest_is_tried_first_of_the_client_served_the_longest_ago() -> None:
    turns = lines("a1", "a2", "a3long", "b1")

    tried = [each.label.text for _ in range(4) if (each := turns.next_fresh())]

    assert tried == ["a2", "b1", "a1"]
    assert [each.label.text for each in turns] == ["a3long"]


def test_one_that_gave_way_waits_where_it_stood() -> None:
    turns = lines("a1", "a2", "a3", "b1")
    first, second = turns.next({}), turns.next({"b": 1})
    assert first and second

    turns.put_back(second)
    turns.put_back(first)

    assert names_of(turns) == ["b1", "a1", "a2", "a3"]


@pytest.mark.parametrize(("is_long", "surplus"), [(True, "b2long"), (False, "a1")])
def test_who_waits_with_the_most_is_turned_away(is_long: bool, surplus: str) -> None:
    turns = lines("a1", "a2", "b1long", "b2long", "c1", "c1long")

    found = turns.take_surplus(is_long)

    assert found
    assert found.label.text == surplus


def test_one_that_does_not_wait_cannot_be_removed() -> None:
    turns = lines("a1")
    [waiting] = turns

    assert not turns.remove(run("a1"))
    assert turns.remove(waiting)
    assert not turns
    assert turns.take_surplus(is_long=False) is None


def test_a_client_that_has_its_share_waits_while_others_have_their_turn() -> None:
    turns = lines("a1", "b1", "a2")

    served = [turns.next({"a": 3, "b": at_work}, most=3) for at_work in (2, 3)]

    assert [each and each.label.text for each in served] == ["b1", None]
    assert [each.label.text for each in turns] == ["a1", "a2"]
