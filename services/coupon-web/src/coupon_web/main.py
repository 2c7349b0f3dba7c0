"""The coupon page, wired: the only place that knows every part."""

from __future__ import annotations

from chassis.clock import clock_from
from chassis.web import WsgiApp, create_app
from coupon_web.adapters.ordering import OrderingClient
from coupon_web.adapters.pictures import PictureClient
from coupon_web.api.cookies import Cookies
from coupon_web.api.coupon_image import CouponImages, Fonts
from coupon_web.api.pages import Desk, pages_blueprint
from coupon_web.api.problems import PROBLEMS
from coupon_web.settings import Settings

SERVICE = "coupon_web"
BODY_BYTES_MAX = 16 * 1024
"""The only body is a form with a code in it."""


def settings() -> Settings:
    """The settings, read from the environment."""
    return Settings()


def create_api(settings: Settings) -> WsgiApp:
    """Both applications; the one for operators has health and metrics only."""
    clock = clock_from(settings.clock_url)
    desk = Desk(
        ordering=OrderingClient(settings.ordering_url, timeout_seconds=settings.ordering_timeout_seconds),
        pictures=PictureClient(settings.ordering_url, timeout_seconds=settings.picture_timeout_seconds),
        images=CouponImages(
            Fonts(regular=settings.font_path, bold=settings.bold_font_path), brand_name=settings.brand_name
        ),
        clock=clock,
        cookies=Cookies(is_secure=settings.secure_cookies),
        public_origin=settings.public_url,
        brand_name=settings.brand_name,
    )
    return create_app(
        service=SERVICE,
        database=None,
        clock=clock,
        api_blueprints=(pages_blueprint(desk),),
        problems=PROBLEMS,
        authenticator=None,
        settings=settings,
        body_bytes_max=BODY_BYTES_MAX,
    )
