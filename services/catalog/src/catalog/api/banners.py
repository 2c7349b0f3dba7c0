"""Banners of the home page: operators' pictures with links, `1/N` (GWY-02)."""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from catalog.api.images import Pictures, image_urls
from catalog.application.banners import (
    AddBanner,
    EditBanner,
    OrderBanners,
    PictureBanner,
    RemoveBanner,
    add_banner,
    banner_of,
    edit_banner,
    order_banners,
    picture_banner,
    remove_banner,
)
from catalog.application.ports import Transaction
from catalog.domain.banner import BANNERS_MAX, Banner
from chassis.access import caller, members, operators
from chassis.bodies import RequestBody
from chassis.idempotency import idempotency_key, keyed
from chassis.uploads import read_upload

ROLES = ("catalog", "admin")
ADD = "add_banner"


class BannerIn(RequestBody):
    """A banner's text for who does not see its picture, and where it leads: https, or a path of ours."""

    text: str = Field(min_length=1, max_length=200)
    link: str = Field(min_length=1, max_length=500)
    is_on: bool = True


class OrderIn(RequestBody):
    """All banners in the order in which they are shown."""

    banner_ids: list[UUID] = Field(max_length=BANNERS_MAX)


class BannerPath(BaseModel):
    """A banner."""

    banner_id: UUID


class BannerOut(BaseModel):
    """A banner; `image_urls` by width in pixels."""

    banner_id: UUID
    text: str
    link: str
    is_on: bool
    image_url: str | None
    image_urls: dict[int, str]


class BannersOut(BaseModel):
    """Banners in their order."""

    items: list[BannerOut]
    next_cursor: None = None


def banners_blueprint(transaction: Transaction) -> APIBlueprint:
    """What members see."""
    blueprint = APIBlueprint("banners", __name__)

    @blueprint.get("/v1/banners", responses={200: BannersOut})
    @members
    def shown() -> dict[str, object]:
        """Banners that are on, in their order."""
        with transaction() as uow:
            return _list(uow.banners.shown())

    return blueprint


def banners_admin_blueprint(transaction: Transaction, pictures: Pictures, *, image_bytes_max: int) -> APIBlueprint:
    """What operators do."""
    blueprint = APIBlueprint("banners_admin", __name__)

    @blueprint.get("/admin/banners", responses={200: BannersOut})
    @operators(roles=ROLES)
    def every() -> dict[str, object]:
        """All banners, also those that are off or have no picture yet."""
        with transaction() as uow:
            return _list(uow.banners.every())

    @blueprint.post("/admin/banners", responses={201: BannerOut})
    @operators(roles=ROLES)
    @keyed
    def add(body: BannerIn) -> tuple[dict[str, object], HTTPStatus]:
        """Add a banner as the last one; it is shown when it has its picture."""
        command = AddBanner(caller().subject_id, body.text, body.link, body.is_on)
        with transaction() as uow:
            banner_id = uow.once(
                scope=str(command.operator_id),
                key=idempotency_key(),
                operation=ADD,
                body=body.model_dump(mode="json", exclude_defaults=True),
                create=lambda: add_banner(command, uow).id,
            )
            banner = banner_of(banner_id, uow)
        return _out(banner), HTTPStatus.CREATED

    @blueprint.put("/admin/banners/<uuid:banner_id>", responses={200: BannerOut})
    @operators(roles=ROLES)
    def edit(path: BannerPath, body: BannerIn) -> dict[str, object]:
        """Change a banner's text, link or state."""
        command = EditBanner(caller().subject_id, path.banner_id, body.text, body.link, body.is_on)
        with transaction() as uow:
            return _out(edit_banner(command, uow))

    @blueprint.put("/admin/banners/<uuid:banner_id>/image", responses={200: BannerOut})
    @operators(roles=ROLES)
    def image(path: BannerPath) -> dict[str, object]:
        """Give a banner its picture: one jpeg or png, judged by its content."""
        image_path = pictures.put(read_upload(bytes_max=image_bytes_max))
        with transaction() as uow:
            return _out(picture_banner(PictureBanner(caller().subject_id, path.banner_id, image_path), uow))

    @blueprint.delete("/admin/banners/<uuid:banner_id>", responses={204: None})
    @operators(roles=ROLES)
    def remove(path: BannerPath) -> tuple[str, HTTPStatus]:
        """Take a banner away."""
        with transaction() as uow:
            remove_banner(RemoveBanner(caller().subject_id, path.banner_id), uow)
        return "", HTTPStatus.NO_CONTENT

    @blueprint.put("/admin/banners/order", responses={200: BannersOut})
    @operators(roles=ROLES)
    def order(body: OrderIn) -> dict[str, object]:
        """Show the banners in this order; it names all of them."""
        with transaction() as uow:
            order_banners(OrderBanners(caller().subject_id, body.banner_ids), uow)
            return _list(uow.banners.every())

    return blueprint


def _list(banners: Sequence[Banner]) -> dict[str, object]:
    return {"items": [_out(banner) for banner in banners], "next_cursor": None}


def _out(banner: Banner) -> dict[str, object]:
    return BannerOut(
        banner_id=banner.id,
        text=banner.text,
        link=banner.link,
        is_on=banner.is_on,
        image_url=f"/v1/images/{banner.image_path}" if banner.image_path else None,
        image_urls=image_urls(banner.image_path),
    ).model_dump(mode="json")
