"""What the gateway answers itself: that it lives, the document of the whole API, and how the services are."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from chassis.access import public

DOCUMENT = "openapi.json"


class Liveness(BaseModel):
    """The gateway answers."""

    status: str = "live"


class ServicesReport(BaseModel):
    """Each service with `ready`, `not_ready` or `away`."""

    services: dict[str, str]


def own_blueprint() -> APIBlueprint:
    """`/healthz` and `/openapi.json` for everybody."""
    blueprint = APIBlueprint("own", __name__)
    document = resources.files("gateway.api").joinpath(DOCUMENT).read_bytes()

    @blueprint.get("/healthz", responses={200: Liveness})
    @public
    def show_liveness() -> Liveness:
        """Whether the gateway itself answers; it says nothing about the services."""
        return Liveness()

    # Registered before the chassis's document of this app alone, and so found first.
    @blueprint.route("/openapi.json", methods=["GET"])
    @public
    def show_document() -> Response:
        return Response(document, content_type="application/json", headers={"Cache-Control": "public, max-age=300"})

    return blueprint


def services_blueprint(ask: Callable[[], dict[str, str]]) -> APIBlueprint:
    """`/healthz/services` on the admin port, where machines look without a person."""
    blueprint = APIBlueprint("services", __name__)

    @blueprint.get("/healthz/services", responses={200: ServicesReport})
    @public
    def show_services() -> ServicesReport:
        """How the services are. One that is away takes its own part away, never the door: this always answers 200."""
        return ServicesReport(services=ask())

    return blueprint
