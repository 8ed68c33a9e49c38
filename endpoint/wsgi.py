"""The application that the web processes import; settings come from the environment."""

from multiprocessing import parent_process

from endpoint.app import create_app
from endpoint.clients import behind_proxies
from endpoint.lane import Lane
from kg.engines.walls import die_with_parent
from kg.settings import Settings

if server := parent_process():
    die_with_parent(server.pid or 0)  # a server that was killed leaves no web process behind
settings = Settings.from_environment()
app = behind_proxies(Lane(create_app(settings)), settings.trusted_proxies)
