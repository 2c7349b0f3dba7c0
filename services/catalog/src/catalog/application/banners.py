"""Operators keep the banners of the home page (GWY-02)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from catalog.application.ports import UnitOfWork
from catalog.domain.banner import BANNERS_MAX, Banner
from catalog.domain.errors import BannerNotFound, BannersDiffer, TooManyBanners
from contracts.audit import Act


@dataclass(frozen=True)
class AddBanner:
    """A new banner, which comes last."""

    operator_id: UUID
    text: str
    link: str
    is_on: bool


def add_banner(command: AddBanner, uow: UnitOfWork) -> Banner:
    """Add the banner. Raises `BannerLinkError`, `TooManyBanners`."""
    there = uow.banners.all_for_update()
    if len(there) >= BANNERS_MAX:
        raise TooManyBanners(BANNERS_MAX)
    banner = Banner(uow.new_id(), command.text, command.link, command.is_on)
    return _saved(command.operator_id, "banner.added", None, banner, uow)


@dataclass(frozen=True)
class EditBanner:
    """Another text, link or state of a banner."""

    operator_id: UUID
    banner_id: UUID
    text: str
    link: str
    is_on: bool


def edit_banner(command: EditBanner, uow: UnitOfWork) -> Banner:
    """Change the banner. Raises `BannerNotFound`, `BannerLinkError`."""
    before = banner_of(command.banner_id, uow)
    after = Banner(before.id, command.text, command.link, command.is_on, before.image_path)
    return _saved(command.operator_id, "banner.edited", before, after, uow)


@dataclass(frozen=True)
class PictureBanner:
    """Give a banner the picture stored at a path."""

    operator_id: UUID
    banner_id: UUID
    image_path: str


def picture_banner(command: PictureBanner, uow: UnitOfWork) -> Banner:
    """Show the banner with this picture. Raises `BannerNotFound`."""
    before = banner_of(command.banner_id, uow)
    return _saved(command.operator_id, "banner.pictured", before, before.pictured(command.image_path), uow)


@dataclass(frozen=True)
class RemoveBanner:
    """Take a banner away."""

    operator_id: UUID
    banner_id: UUID


def remove_banner(command: RemoveBanner, uow: UnitOfWork) -> None:
    """Remove the banner. Raises `BannerNotFound`."""
    before = banner_of(command.banner_id, uow)
    uow.banners.remove(before.id)
    uow.outbox.add_act(command.operator_id, Act("banner.removed", "banner", str(before.id), _shown(before)))


@dataclass(frozen=True)
class OrderBanners:
    """The banners in another order."""

    operator_id: UUID
    banner_ids: Sequence[UUID]


def order_banners(command: OrderBanners, uow: UnitOfWork) -> None:
    """Show all banners in this order. Raises `BannersDiffer` unless it names each banner once."""
    before = [banner.id for banner in uow.banners.all_for_update()]
    if sorted(before) != sorted(command.banner_ids):
        raise BannersDiffer
    uow.banners.set_order(command.banner_ids)
    said = Act(
        "banners.ordered",
        "banner",
        "all",
        {"banner_ids": [str(banner_id) for banner_id in before]},
        {"banner_ids": [str(banner_id) for banner_id in command.banner_ids]},
    )
    uow.outbox.add_act(command.operator_id, said)


def banner_of(banner_id: UUID, uow: UnitOfWork) -> Banner:
    """A banner, locked. Raises `BannerNotFound`."""
    for banner in uow.banners.all_for_update():
        if banner.id == banner_id:
            return banner
    raise BannerNotFound(banner_id)


def _saved(operator_id: UUID, action: str, before: Banner | None, after: Banner, uow: UnitOfWork) -> Banner:
    if before != after:
        uow.banners.save(after)
        uow.outbox.add_act(
            operator_id, Act(action, "banner", str(after.id), _shown(before) if before else None, _shown(after))
        )
    return after


def _shown(banner: Banner) -> dict[str, object]:
    return {name: value for name, value in asdict(banner).items() if name != "id"}
