"""Signs of life for whoever operates the server."""

from flask import Blueprint, Response, jsonify

from endpoint.services import services
from kg.engines import QueryRequest

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def tell_health() -> Response:
    """The web process is alive."""
    return jsonify(status="ok")


@blueprint.get("/ready")
def tell_readiness() -> Response:
    """The query service answers, from which snapshot and store; an error with its status if not."""
    engine = services().engine
    answer = engine.run(QueryRequest(services().catalogue["api/service-is-alive"].text))
    answer.file.close()
    return jsonify(status="ready", snapshot=answer.snapshot, store=engine.tell_store())
