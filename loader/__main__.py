"""`python -m loader`: the loader's commands without the server."""

from loader.commands import app

if __name__ == "__main__":
    app()
