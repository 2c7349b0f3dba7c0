"""Banners: operators' pictures with links, shown in their order on the home page (GWY-02)."""

import re
from dataclasses import dataclass, replace
from uuid import UUID

from catalog.domain.errors import BannerLinkError

BANNERS_MAX = 20
_LINK = re.compile(r"(https://[^\s/]+(/\S*)?|/(?![/\\])\S*)")


@dataclass(frozen=True)
class Banner:
    """A banner; it is shown while it is on and has a picture."""

    id: UUID
    text: str
    link: str
    is_on: bool
    image_path: str = ""

    def __post_init__(self) -> None:
        # Another scheme could be a script, and `//host` is another site in disguise.
        if not _LINK.fullmatch(self.link):
            raise BannerLinkError(self.link)

    def pictured(self, image_path: str) -> "Banner":
        """The banner with another picture."""
        return replace(self, image_path=image_path)
