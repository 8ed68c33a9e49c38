"""The web application, wired once."""

from typing import Final

from flask import Flask

from endpoint import (
    browse,
    cited,
    compare,
    editor,
    embed,
    explore,
    health,
    history,
    home,
    limits,
    named,
    permalinks,
    references,
    releases,
    running,
    search,
    sparql,
    things,
    transfer,
    vocabulary,
)
from endpoint.contents import list_parts
from endpoint.description import to_turtle
from endpoint.opening import open_to_all
from endpoint.pages import Pages, wire_pages
from endpoint.problems import register_problems
from endpoint.rates import wire_rates
from endpoint.services import KEY, Services
from endpoint.values import make_plain
from kg.settings import Settings

MODULES: Final = (
    sparql,
    running,
    limits,
    editor,
    permalinks,
    cited,
    references,
    releases,
    health,
    history,
    named,
    vocabulary,
    search,
    compare,
    transfer,
    explore,
    embed,
    home,
    browse,
    things,
)
"""What is served; each module has a blueprint."""


def create_app(
    settings: Settings, services: Services | None = None, pages: Pages | None = None
) -> Flask:
    """Wire one server: settings in, services and pages made, blueprints on."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.request_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.request_bytes
    app.extensions[KEY] = services or Services.from_settings(settings)
    wire_pages(app, pages or Pages.from_settings(settings))
    for module in MODULES:
        app.register_blueprint(module.blueprint)
    register_problems(app)
    app.add_template_filter(to_turtle, "turtle")
    app.add_template_filter(make_plain, "plain")
    app.add_template_filter(list_parts, "parts")
    wire_rates(app, settings)
    app.after_request(open_to_all)
    return app
