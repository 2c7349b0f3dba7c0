"""What the sandbox is told by its environment, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class SettingMissingError(Exception):
    """A setting without a default is absent; the message names it."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What each vendor would have handed us; no value has a default."""

    payment_secret_key: str = field(repr=False)
    message_account: str
    message_password: str = field(repr=False)
    supplier_auth_code: str = field(repr=False)
    supplier_auth_token: str = field(repr=False)
    tax_office_service_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Ports, data directory, credentials, callback addresses and delays. Port 0 means any free one."""

    data_dir: Path
    credentials: Credentials
    host: str = "127.0.0.1"
    http_port: int = 0
    smtp_port: int = 0
    public_url: str = ""
    toss_webhook_url: str = ""
    bizppurio_report_url: str = ""
    """Where messages are reported, by whichever provider took them."""
    solapi_webhook_secret: str = field(default="", repr=False)
    goods_file: Path | None = None
    report_delay_seconds: float = 0.05
    late_report_seconds: float = 6 * 3600.0
    report_retry_scale: float = 1.0
    report_concurrency: int = 16
    hang_seconds: float = 20.0
    slow_mail_seconds: float = 5.0
    template_inspection_seconds: float = 0.5
    bizmoney_krw: int = 1_000_000_000
    numeric_codes: bool = True


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read `SANDBOX_*`. Raises SettingMissingError naming the first absent one that has no default."""

    def required(name: str) -> str:
        value = environ.get(name, "")
        if not value:
            raise SettingMissingError(f"{name} is not set")
        return value

    def number(name: str, default: float) -> float:
        return float(environ.get(name) or default)

    goods_file = environ.get("SANDBOX_GOODS_FILE", "")
    return Settings(
        data_dir=Path(required("SANDBOX_DATA_DIR")),
        credentials=Credentials(
            payment_secret_key=required("SANDBOX_TOSS_SECRET_KEY"),
            message_account=required("SANDBOX_BIZPPURIO_ACCOUNT"),
            message_password=required("SANDBOX_BIZPPURIO_PASSWORD"),
            supplier_auth_code=required("SANDBOX_GIFTISHOW_AUTH_CODE"),
            supplier_auth_token=required("SANDBOX_GIFTISHOW_AUTH_TOKEN"),
            tax_office_service_key=required("SANDBOX_NTS_SERVICE_KEY"),
        ),
        host=environ.get("SANDBOX_HOST") or "127.0.0.1",
        http_port=int(number("SANDBOX_HTTP_PORT", 0)),
        smtp_port=int(number("SANDBOX_SMTP_PORT", 0)),
        public_url=environ.get("SANDBOX_PUBLIC_URL", "").rstrip("/"),
        toss_webhook_url=environ.get("SANDBOX_TOSS_WEBHOOK_URL", ""),
        bizppurio_report_url=environ.get("SANDBOX_BIZPPURIO_REPORT_URL", ""),
        solapi_webhook_secret=environ.get("SANDBOX_SOLAPI_WEBHOOK_SECRET", ""),
        goods_file=Path(goods_file) if goods_file else None,
        report_delay_seconds=number("SANDBOX_REPORT_DELAY_SECONDS", 0.05),
        late_report_seconds=number("SANDBOX_LATE_REPORT_SECONDS", 6 * 3600.0),
        report_retry_scale=number("SANDBOX_REPORT_RETRY_SCALE", 1.0),
        report_concurrency=int(number("SANDBOX_REPORT_CONCURRENCY", 16)),
        hang_seconds=number("SANDBOX_HANG_SECONDS", 20.0),
        slow_mail_seconds=number("SANDBOX_SLOW_MAIL_SECONDS", 5.0),
        template_inspection_seconds=number("SANDBOX_TEMPLATE_INSPECTION_SECONDS", 0.5),
        bizmoney_krw=int(number("SANDBOX_BIZMONEY_KRW", 1_000_000_000)),
        numeric_codes=environ.get("SANDBOX_BIZPPURIO_CODES", "int") != "str",
    )
