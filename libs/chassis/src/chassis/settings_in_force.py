"""`GET /admin/settings`: what a service was told by its environment, secrets masked."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from chassis.access import operators
from chassis.settings import ServiceSettings

MASK = "**********"


class SettingsInForce(BaseModel):
    """Each setting by name."""

    settings: dict[str, Any]


def settings_blueprint(settings: ServiceSettings) -> APIBlueprint:
    """The route, for operators with the role `admin`."""
    blueprint = APIBlueprint("settings", __name__)

    @blueprint.get("/admin/settings", responses={200: SettingsInForce})
    @operators(roles={"admin"})
    def settings_in_force() -> SettingsInForce:
        """The settings that this process runs by; secrets are masked."""
        return SettingsInForce(settings=masked(settings))

    return blueprint


def masked(settings: BaseModel) -> dict[str, Any]:
    """The settings by name. Secrets mask themselves; a password inside a plain address is masked here."""
    return {name: _masked(value) for name, value in settings.model_dump(mode="json").items()}


def _masked(value: Any) -> Any:
    if not isinstance(value, str) or "@" not in value or "://" not in value:
        return value
    parts = urlsplit(value)
    if parts.password is None:
        return value
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{parts.username}:{MASK}@{host}").geturl()
