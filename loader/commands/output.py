"""How commands speak: tables and sentences for people, JSON for programs, exit codes for shells."""

import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Final, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed
from rich.table import Table

from kg.errors import KgError

SET_ASIDE: Final = 3
"""Exit code when records or rows were set aside."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

P = ParamSpec("P")
R = TypeVar("R")

people: Final = Console(stderr=True)
"""Progress and messages."""
answers: Final = Console()
"""What was asked for."""


def explained(command: Callable[P, R]) -> Callable[P, R]:
    """Turn an error of ours into its message and exit code, without a traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except KgError as error:
            people.print(f"[bold red]{escape(error.title)}:[/] {escape(error.detail)}")
            raise typer.Exit(error.exit_code) from error

    return run


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table on standard output."""
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    answers.print(table)


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error if that is a terminal; what it gives moves it forward."""
    is_piped = not sys.stderr.isatty()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
    with Progress(
        *columns, MofNCompleteColumn(), Elapsed(), console=people, disable=is_piped
    ) as bar:
        task = bar.add_task(title, total=total)
        yield lambda count: bar.advance(task, count)


def say(message: str) -> None:
    """A sentence on standard error."""
    people.print(escape(message))
