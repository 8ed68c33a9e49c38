import csv
from pathlib import Path

from bench.generate import SHIPPED, generate_rows, read_rows, write_practices


def test_the_same_seed_gives_the_same_rows() -> None:
    shipped = read_rows()

    assert list(generate_rows(50, 7, shipped)) == list(generate_rows(50, 7, shipped))
    assert list(generate_rows(50, 7, shipped)) != list(generate_rows(50, 8, shipped))


def test_a_row_cannot_be_taken_for_a_fact() -> None:
    rows = list(generate_rows(200, 1, read_rows()))

    assert all(row["id"].startswith("bench-") for row in rows)
    assert all(row["title"].startswith("bench-") for row in rows)
    assert all(row["source_urls"].startswith("https://example.org/") for row in rows)


def test_every_adaptation_adapts_a_practice_before_it() -> None:
    seen: set[str] = set()
    for row in generate_rows(500, 1, read_rows()):
        if row["kind"] == "adaptation":
            assert row["adapted_from"] in seen
        seen.add(row["id"])


def test_the_file_has_the_columns_of_the_shipped_one(tmp_path: Path) -> None:
    path = write_practices(tmp_path / "practices.csv", 10)

    with path.open(encoding="utf-8", newline="") as made, SHIPPED.open(newline="") as shipped:
        assert next(csv.reader(made)) == next(csv.reader(shipped))
    assert len(read_rows(path)) == 10
