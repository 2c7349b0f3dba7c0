"""Liveness, readiness and metrics: for the machines that run a service, on its admin port, without a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog
from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from chassis import metrics
from chassis.access import public
from chassis.database import Database
from chassis.problems import ProblemType

ReadinessCheck = Callable[[], None]
"""Returns when what it asks for is there, raises when it is not; its `__name__` names it in the answer."""

logger = structlog.get_logger(__name__)


class Health(BaseModel):
    """`live` or `ready`, and the checks that were made."""

    status: str
    checks: list[str] = []


class NotReady(Exception):
    """Something that the service cannot work without is away."""

    def __init__(self, failed: Sequence[str]) -> None:
        super().__init__(", ".join(failed))
        self.failed = tuple(failed)
        self.failed_names = ", ".join(failed)


PROBLEMS: dict[type[Exception], ProblemType] = {
    NotReady: ProblemType(
        "not_ready",
        503,
        "아직 요청을 받을 수 없습니다. 응답하지 않는 것: {failed_names}",
        "Not ready for requests. Away: {failed_names}",
        members=("failed",),
    )
}


def health_blueprint(database: Database | None, readiness: Sequence[ReadinessCheck] = ()) -> APIBlueprint:
    """`/healthz/live` answers while the process runs, `/healthz/ready` while what it needs answers too."""
    blueprint = APIBlueprint("health", __name__)
    checks: list[tuple[str, ReadinessCheck]] = [(check.__name__, check) for check in readiness]
    if database is not None:
        checks.insert(0, ("database", database.ping))

    @blueprint.get("/healthz/live", responses={200: Health})
    @public
    def live() -> Health:
        """Whether the process answers at all."""
        return Health(status="live")

    @blueprint.get("/healthz/ready", responses={200: Health})
    @public
    def ready() -> Health:
        """Whether the process and what it needs answer: traffic may come."""
        failed = [name for name, check in checks if not _passes(name, check)]
        if failed:
            raise NotReady(failed)
        return Health(status="ready", checks=[name for name, _ in checks])

    @blueprint.get("/metrics", responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}})
    @public
    def scrape() -> Response:
        """The metrics of this service's API processes, for Prometheus."""
        content, media_type = metrics.exposition()
        return Response(content, content_type=media_type)

    return blueprint


def _passes(name: str, check: ReadinessCheck) -> bool:
    try:
        check()
    except Exception as problem:  # noqa: BLE001 - whatever a check raises means the same: not ready
        logger.warning("readiness check failed", check=name, problem=type(problem).__name__)
        return False
    return True
