"""The `ssc4c` command: the loader's commands and the server's, side by side."""

from typing import Annotated

import typer

from kg.settings import Settings
from loader.commands import app
from loader.commands.output import explained, say


@app.command(epilog="Example: ssc4c serve --port 9000")
@explained
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Serve the published graph: pages and SPARQL endpoint."""
    from endpoint.server import serve as serve_graph  # brings in Flask, which other commands spare

    serve_graph(Settings.from_environment(), host, port, say)


def main() -> None:
    """Run the command line."""
    app()
