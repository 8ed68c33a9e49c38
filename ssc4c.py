"""The `ssc4c` command: the loader's commands and the server's, side by side."""

from loader.commands import app


def main() -> None:
    """Run the command line."""
    app()
