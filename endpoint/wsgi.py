"""The application that the web processes import; settings come from the environment."""

from endpoint.app import create_app
from endpoint.lane import Lane
from kg.settings import Settings

app = Lane(create_app(Settings.from_environment()))
