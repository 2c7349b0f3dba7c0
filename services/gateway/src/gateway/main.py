"""The gateway, wired: the only place that knows every part."""

from __future__ import annotations

import ssl

from chassis.clock import clock_from
from chassis.settings import Environment
from chassis.tokens import Authenticator
from chassis.web import WsgiApp, create_app
from gateway.adapters.readiness import Readiness
from gateway.adapters.upstream import HttpUpstream
from gateway.api.forwarding import Door, Waiting, forwarding_blueprint
from gateway.api.home import home_blueprint
from gateway.api.order_previews import order_previews_blueprint
from gateway.api.own import own_blueprint, services_blueprint
from gateway.api.problems import PROBLEMS
from gateway.api.rates import Rates
from gateway.domain.long_polls import LongPolls
from gateway.domain.parts import Part, Side
from gateway.domain.routes import ROUTES
from gateway.settings import Settings

SERVICE = "gateway"


def settings() -> Settings:
    """The settings, read from the environment."""
    return Settings()


def create_api(settings: Settings) -> WsgiApp:
    """Both applications."""
    clock = clock_from(settings.clock_url)
    addresses = settings.addresses()
    tls = ssl.create_default_context()
    door = _door(settings, tls)
    admin_urls: dict[Part, str] = {part: url for (part, side), url in addresses.items() if side is Side.ADMIN}
    del admin_urls[Part.GATEWAY]
    return create_app(
        service=SERVICE,
        database=None,
        clock=clock,
        api_blueprints=(
            forwarding_blueprint(ROUTES, door),
            home_blueprint(door),
            order_previews_blueprint(door),
            own_blueprint(),
        ),
        admin_blueprints=(
            services_blueprint(Readiness(admin_urls, timeout_seconds=settings.readiness_timeout_seconds, tls=tls).ask),
        ),
        problems=PROBLEMS,
        # Signature and expiry alone: which sessions were revoked, each service knows and checks itself.
        authenticator=Authenticator(settings.token_keys_url, None, clock=clock),
        settings=settings,
        body_bytes_max=settings.body_bytes_max,
    )


def _door(settings: Settings, tls: ssl.SSLContext) -> Door:
    return Door(
        upstreams={
            (part, side): HttpUpstream(
                part,
                url,
                connections_max=settings.connections_max,
                connect_timeout_seconds=settings.connect_timeout_seconds,
                answer_bytes_max=settings.answer_bytes_max,
                tls=tls,
            )
            for (part, side), url in settings.addresses().items()
        },
        rates=Rates(
            per_address=settings.rate_per_address,
            per_caller=settings.rate_per_caller,
            careful=settings.rate_careful,
            webhooks=settings.rate_webhooks,
        ),
        waiting=Waiting(
            LongPolls(total_max=settings.long_polls_max, per_caller_max=settings.long_polls_per_caller_max),
            seconds_max=settings.long_poll_seconds_max,
            margin_seconds=settings.long_poll_margin_seconds,
        ),
        is_secure=settings.environment is Environment.PRODUCTION,
    )
