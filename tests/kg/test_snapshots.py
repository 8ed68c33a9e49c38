from pathlib import Path

import pytest

from kg.errors import BadInput, NoSnapshot
from kg.snapshots import Snapshot, Snapshots, copy_linked


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path)


def finish(snapshots: Snapshots, snapshot_id: str) -> Snapshot:
    with snapshots.draft(snapshot_id) as draft:
        (draft.path / "store").mkdir()
        return draft.finish({"id": snapshot_id})


def three(snapshots: Snapshots) -> list[Snapshot]:
    made = [finish(snapshots, f"00000000{n}-aaaaaaaa") for n in (1, 2, 3)]
    snapshots.make_current(made[-1])
    return made


def test_before_the_first_publish_nothing_is_current(snapshots: Snapshots) -> None:
    with pytest.raises(NoSnapshot, match="ssc4c build"):
        snapshots.current()


def test_current_follows_the_link(snapshots: Snapshots) -> None:
    *_, newest = three(snapshots)

    assert snapshots.current() == newest
    assert snapshots.current().manifest == {"id": "000000003-aaaaaaaa"}


def test_unfinished_draft_vanishes(snapshots: Snapshots) -> None:
    with pytest.raises(OSError, match="full"), snapshots.draft("000000009-bbbbbbbb"):
        raise OSError("full")

    assert list(snapshots.folder.iterdir()) == []


def test_draft_left_by_a_killed_publish_is_cleared_and_never_listed(snapshots: Snapshots) -> None:
    (snapshots.folder / "draft-000000008-x" / "store").mkdir(parents=True)

    made = finish(snapshots, "000000001-aaaaaaaa")

    assert snapshots.all() == [made]
    assert list(snapshots.folder.iterdir()) == [made.path]


def test_rollback_pins_until_resumed(snapshots: Snapshots) -> None:
    first, second, third = three(snapshots)

    assert snapshots.roll_back() == second
    assert snapshots.roll_back("000000001") == first
    assert (snapshots.current(), snapshots.is_pinned) == (first, True)

    assert snapshots.resume() == third
    assert (snapshots.current(), snapshots.is_pinned) == (third, False)


@pytest.mark.parametrize("wanted", ["00000000", "nothing"])
def test_rollback_to_no_single_snapshot_lists_those_there_are(
    snapshots: Snapshots, wanted: str
) -> None:
    three(snapshots)

    with pytest.raises(BadInput, match="000000001-aaaaaaaa, 000000002-aaaaaaaa"):
        snapshots.roll_back(wanted)


def test_rollback_needs_a_snapshot_before(snapshots: Snapshots) -> None:
    snapshots.make_current(finish(snapshots, "000000001-aaaaaaaa"))

    with pytest.raises(BadInput, match="no snapshot before"):
        snapshots.roll_back()


def test_prune_keeps_the_newest_and_the_one_served(snapshots: Snapshots) -> None:
    first, second, third = three(snapshots)
    snapshots.roll_back(first.id)

    assert snapshots.prune(1) == [second]
    assert snapshots.all() == [first, third]


def test_linked_copy_shares_files_and_leaves_locks(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "data").write_text("x")
    (source / "writer.lock").touch()

    copy_linked(source, tmp_path / "target")

    assert [path.name for path in (tmp_path / "target").iterdir()] == ["data"]
    assert (tmp_path / "target" / "data").samefile(source / "data")
