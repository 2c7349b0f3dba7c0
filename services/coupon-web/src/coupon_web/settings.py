"""What the coupon page is told by its environment (`COUPON_WEB_…`)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.settings import Environment, ServiceSettings

NANUM = Path("/usr/share/fonts/truetype/nanum")


def _base_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("an address begins with http:// or https://")
    return value.rstrip("/")


def _origin(value: str) -> str:
    parts = urlsplit(_base_address(value))
    return f"{parts.scheme}://{parts.netloc}"


def _font(path: Path) -> Path:
    if not path.is_file():
        raise ValueError("there is no such font file; Debian's package fonts-nanum has the default one")
    return path


_Font = Annotated[Path, AfterValidator(_font)]


class Settings(ServiceSettings):
    """Where ordering is reached, how the page is reached, and how pictures are drawn."""

    model_config = SettingsConfigDict(env_prefix="COUPON_WEB_", validate_default=True)

    ordering_url: Annotated[str, AfterValidator(_base_address)]
    """The gateway's address inside the network; the recipient API and the pictures are below it."""
    public_url: Annotated[str, AfterValidator(_origin)]
    """The address that recipients' browsers see; only its origin is looked at."""
    secure_cookies: bool = True
    """Cookies travel over TLS only. Off for a local suite without TLS."""
    brand_name: str = "CoupBiz"
    ordering_timeout_seconds: float = Field(default=5.0, gt=0)
    picture_timeout_seconds: float = Field(default=2.0, gt=0)
    font_path: _Font = NANUM / "NanumBarunGothic.ttf"
    bold_font_path: _Font = NANUM / "NanumBarunGothicBold.ttf"
    """The fonts of saved pictures; they need Hangul."""

    @model_validator(mode="after")
    def _keep_cookies_secure(self) -> Self:
        if self.environment is Environment.PRODUCTION and not self.secure_cookies:
            raise ValueError("secure_cookies may be off in a local suite only")
        return self
