"""`/v1/home`: asks every part side by side and shows what came (GWY-02, GWY-03)."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_openapi3 import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from chassis.access import caller, members
from gateway.api.asking import ask_all, piece_of, refused_session
from gateway.api.forwarding import Door, response_of
from gateway.domain.home import QUESTIONS, shortcuts

MASTER = "master"


class HomePage(BaseModel):
    """Each piece as its service answers it, or null; `missing` names the pieces that could not be had just now."""

    profile: dict[str, Any] | None
    wallet: dict[str, Any] | None
    banners: dict[str, Any] | None
    popular_products: dict[str, Any] | None
    orders: dict[str, Any] | None
    shortcuts: list[str] = Field(
        examples=[["anniversary", "order", "charge", "address_book"]],
        description="in their order; `charge` for prepaid masters, `postpaid_payments` for postpaid ones",
    )
    missing: list[str]


def home_blueprint(door: Door) -> APIBlueprint:
    """The route."""
    blueprint = APIBlueprint("home", __name__, abp_tags=[Tag(name="home")])

    @blueprint.get("/v1/home", responses={200: HomePage})
    @members
    def home() -> Response | HomePage:
        """The home page in one call. A service that is away takes its own piece away, never the page."""
        who = caller()
        door.rates.admit_caller(str(who.subject_id))
        answers = ask_all(door, QUESTIONS)
        if ended := refused_session(answers.values()):
            return response_of(ended)
        pieces = {name: piece_of(answer) for name, answer in answers.items()}
        return HomePage(
            **pieces,
            shortcuts=list(shortcuts(pieces["wallet"], is_master=MASTER in who.roles)),
            missing=[name for name, piece in pieces.items() if piece is None],
        )

    return blueprint
