"""What each process is told by its environment: one function a service, all names with the service's prefix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from launcher.process import base_environment
from launcher.services import API, PACKAGES, RELAY, SANDBOX, WITH_DATABASE, WORKER
from launcher.suite import Suite

MARK = "COUPBIZ_DATA"
"""Every process of a suite carries the folder of its data under this name, by which `down` finds stray ones."""

CALLBACK_NUMBER = "15996567"
MAIL_FROM = "no-reply@coupbiz.test"


def environment_of(package: str, suite: Suite, role: str = API) -> dict[str, str]:
    """The whole environment of a service's process of that role (or the sandbox's)."""
    marked = {**base_environment(), MARK: str(suite.data), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
    if package == SANDBOX:
        return marked | _prefixed("SANDBOX", _sandbox(suite))
    lines = _every_service(package, suite)
    if package in WITH_DATABASE:
        lines |= _with_database(package, suite)
    if role in {WORKER, RELAY}:
        lines["PROBE_PORT"] = str(suite.ports[f"{package}-{role}"])
    return marked | _prefixed(package.upper(), lines | OWN[package](suite))


def _every_service(package: str, suite: Suite) -> dict[str, str]:
    return {
        "ENVIRONMENT": "local",
        "API_PORT": str(suite.ports[f"{package}-api"]),
        "ADMIN_PORT": str(suite.ports[f"{package}-admin"]),
        "CLOCK_URL": f"{suite.sandbox_url}/__sim/clock",
        "TOKEN_KEYS_URL": f"{suite.api_url('identity')}/.well-known/jwks.json",
        "TRUSTED_PROXIES": "127.0.0.1/32",
    }


def _with_database(package: str, suite: Suite) -> dict[str, str]:
    return {
        "DATABASE_URL": suite.database_url(package),
        "MIGRATIONS_DATABASE_URL": suite.database_url(package, owner=True),
        "BROKER_URL": suite.broker_url,
        # Sealed values are opened by another service than the one that sealed them: one keyring for all.
        "SEALING_KEYS": suite.keys.keyring("sealing"),
        "COLUMN_KEYS": suite.keys.keyring(f"columns:{package}"),
        "HASH_KEYS": suite.keys.keyring(f"hashes:{package}"),
        "FILE_STORE_URL": f"file://{suite.data / 'files' / package}",
    }


def _identity(suite: Suite) -> dict[str, str]:
    return {
        "TAX_OFFICE_URL": f"{suite.sandbox_url}/nts",
        "TAX_OFFICE_SERVICE_KEY": suite.keys.password("vendor:tax-office"),
        "MEMBER_PAGES_URL": suite.gateway_url,
    }


def _catalog(_suite: Suite) -> dict[str, str]:
    return {}


def _ordering(suite: Suite) -> dict[str, str]:
    return {
        "SUPPLIER_URL": f"{suite.sandbox_url}/giftishow/bizApi",
        "SUPPLIER_AUTH_CODE": suite.keys.password("vendor:supplier-code"),
        "SUPPLIER_AUTH_TOKEN": suite.keys.password("vendor:supplier-token"),
        "SUPPLIER_USER_ID": "coupbiz",
        "SUPPLIER_CALLBACK_NUMBER": CALLBACK_NUMBER,
        "LINK_KEYS": suite.keys.keyring("links"),
        "COUPON_PAGE_URL": f"{suite.gateway_url}/c",
    }


def _wallet(suite: Suite) -> dict[str, str]:
    return {
        "PAYMENT_URL": f"{suite.sandbox_url}/toss",
        "PAYMENT_SECRET_KEY": f"test_sk_{suite.keys.password('vendor:payments')}",
        "PAYMENT_WINDOW_URL": f"{suite.sandbox_url}/toss/window",
        "PAYMENT_WEBHOOK_SECRET": suite.keys.password("webhook:payments"),
        # Every means can be tried here; as delivered, the card alone is switched on (WAL-02).
        "CHARGE_TRANSFER_ENABLED": "true",
        "CHARGE_VIRTUAL_ACCOUNT_ENABLED": "true",
    }


def _messaging(suite: Suite) -> dict[str, str]:
    return {
        "PROVIDER_URL": f"{suite.sandbox_url}/bizppurio",
        "PROVIDER_ACCOUNT": "coupbiz",
        "PROVIDER_PASSWORD": suite.keys.password("vendor:messages"),
        # A sender key has exactly 40 characters, and the message provider refuses any other.
        "PROVIDER_SENDER_KEY": suite.keys.password("vendor:sender-key").ljust(40, "0"),
        "WEBHOOK_SECRET": suite.keys.password("webhook:messages"),
        "CHANNELS_URL": f"{suite.sandbox_url}/kapi",
        "CHANNELS_BUSINESS_ID": "coupbiz",
        "CHANNELS_API_KEY": suite.keys.password("vendor:messages"),
        # The sandbox decides within a second.
        "TEMPLATE_CHECK_SECONDS": "1",
        "FALLBACK_NUMBER": CALLBACK_NUMBER,
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(suite.ports["sandbox-smtp"]),
        "MAIL_FROM": MAIL_FROM,
    }


def _scheduler(_suite: Suite) -> dict[str, str]:
    return {}


def _gateway(suite: Suite) -> dict[str, str]:
    behind = [package for package in PACKAGES if package != "gateway"]
    urls = {f"{package.upper()}_URL": suite.api_url(package) for package in behind}
    admin = {f"{package.upper()}_ADMIN_URL": suite.admin_url(package) for package in behind}
    # On one machine everybody has the same address, and tests sign up many companies from it.
    rates = {"RATE_PER_ADDRESS": "60000/minute", "RATE_PER_CALLER": "30000/minute", "RATE_CAREFUL": "6000/minute"}
    return {**urls, **admin, **rates, "COUPON_WEB_ADMIN_URL": suite.admin_url("coupon_web")}


def _coupon_web(suite: Suite) -> dict[str, str]:
    return {
        "ORDERING_URL": suite.gateway_url,
        "PUBLIC_URL": suite.gateway_url,
        "SECURE_COOKIES": "false",  # Nothing here speaks TLS.
    }


def _sandbox(suite: Suite) -> dict[str, str]:
    webhooks = suite.webhook_urls
    return {
        "DATA_DIR": str(suite.data / "sandbox"),
        "HTTP_PORT": str(suite.ports["sandbox-http"]),
        "SMTP_PORT": str(suite.ports["sandbox-smtp"]),
        "PUBLIC_URL": suite.sandbox_url,
        "TOSS_SECRET_KEY": f"test_sk_{suite.keys.password('vendor:payments')}",
        "TOSS_WEBHOOK_URL": webhooks["payments"],
        "BIZPPURIO_ACCOUNT": "coupbiz",
        "BIZPPURIO_PASSWORD": suite.keys.password("vendor:messages"),
        "BIZPPURIO_REPORT_URL": webhooks["messages"],
        "GIFTISHOW_AUTH_CODE": suite.keys.password("vendor:supplier-code"),
        "GIFTISHOW_AUTH_TOKEN": suite.keys.password("vendor:supplier-token"),
        "NTS_SERVICE_KEY": suite.keys.password("vendor:tax-office"),
    }


OWN: dict[str, Callable[[Suite], dict[str, str]]] = {
    "identity": _identity,
    "catalog": _catalog,
    "ordering": _ordering,
    "wallet": _wallet,
    "messaging": _messaging,
    "scheduler": _scheduler,
    "gateway": _gateway,
    "coupon_web": _coupon_web,
}


def folders_of(suite: Suite) -> list[Path]:
    """The folders that processes write to, and take for granted."""
    return [suite.logs, suite.run, suite.data / "sandbox", *(suite.data / "files" / name for name in WITH_DATABASE)]


def _prefixed(prefix: str, lines: dict[str, str]) -> dict[str, str]:
    return {f"{prefix}_{name}": value for name, value in lines.items()}
