"""What the wallet is told by its environment (`WALLET_…`), and the numbers of its rules."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.settings import (
    BrokerSettings,
    ColumnSettings,
    DatabaseSettings,
    Environment,
    FileStoreSettings,
    ServiceSettings,
    SettingsGroup,
)
from wallet.domain.cancellation import CancellationRules
from wallet.domain.charge import ChargeMethod, ChargeRules
from wallet.domain.invoice_print import InvoiceSender
from wallet.domain.receipt import Supplier
from wallet.domain.refund import FormRules
from wallet.domain.refund_figures import FeeRules, RefundRules

PREFIX = "WALLET_"
LIVE_KEY_PREFIX = "live_"
_Seconds = Annotated[float, Field(gt=0)]

BANKS = {
    "02": "산업은행",
    "03": "기업은행",
    "06": "국민은행",
    "07": "수협은행",
    "11": "농협은행",
    "20": "우리은행",
    "23": "SC제일은행",
    "27": "한국씨티은행",
    "31": "아이엠뱅크",
    "32": "부산은행",
    "34": "광주은행",
    "35": "제주은행",
    "37": "전북은행",
    "39": "경남은행",
    "45": "새마을금고",
    "48": "신협",
    "71": "우체국",
    "81": "하나은행",
    "88": "신한은행",
    "89": "케이뱅크",
    "90": "카카오뱅크",
    "92": "토스뱅크",
}
"""By the codes that Korean banks have among themselves."""


DEPOSIT_BANKS = {
    code: BANKS[code] for code in ("03", "06", "07", "11", "20", "31", "32", "34", "37", "39", "45", "71", "81", "88")
}


class PaybackNumbers(SettingsGroup):
    """The numbers of rules.md that refunds and cancellations of charges are judged by."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    refund_more_than_krw: int = Field(1_000, ge=0, json_schema_extra={"rule": "WAL-07"})
    refund_banks: dict[str, str] = Field(default=BANKS, json_schema_extra={"rule": "WAL-08"})
    refund_reason_bytes_max: int = Field(100, ge=1, json_schema_extra={"rule": "WAL-08"})
    cancellation_days: int = Field(93, ge=0, json_schema_extra={"rule": "WAL-06"})
    payback_fee_flat_up_to_krw: int = Field(10_000, ge=0, json_schema_extra={"rule": "WAL-09"})
    payback_fee_flat_krw: int = Field(1_000, ge=0, json_schema_extra={"rule": "WAL-09"})
    payback_fee_percent: int = Field(10, ge=0, le=100, json_schema_extra={"rule": "WAL-09"})
    payback_free_days: int = Field(7, ge=0, json_schema_extra={"rule": "WAL-09"})

    @property
    def fee_rules(self) -> FeeRules:
        """What is kept of charged money that is paid back."""
        return FeeRules(
            flat_up_to_krw=self.payback_fee_flat_up_to_krw,
            flat_fee_krw=self.payback_fee_flat_krw,
            percent=self.payback_fee_percent,
            free_days=self.payback_free_days,
        )

    @property
    def cancellation_rules(self) -> CancellationRules:
        """Until when a charge can be cancelled, and for what fee."""
        return CancellationRules(fees=self.fee_rules, days=self.cancellation_days)

    @property
    def refund_rules(self) -> RefundRules:
        """What may be refunded."""
        return RefundRules(fees=self.fee_rules, more_than_krw=self.refund_more_than_krw)

    @property
    def refund_form(self) -> FormRules:
        """What the form of a refund takes."""
        return FormRules(banks=self.refund_banks, reason_bytes_max=self.refund_reason_bytes_max)


class Settings(ServiceSettings, DatabaseSettings, BrokerSettings, ColumnSettings, FileStoreSettings, PaybackNumbers):
    """Settings of every wallet process."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    payment_url: str
    """Base address of the payment provider's API."""
    payment_secret_key: SecretStr
    payment_window_url: str
    """Where a payer is sent to pay."""
    payment_return_url: str | None = None
    """Where the payment window sends the payer back to; absent means that the client names its own page."""
    payment_webhook_secret: SecretStr = Field(min_length=16)
    """Last part of the webhook's address, for the provider does not sign payment notices."""
    payment_read_timeout_seconds: _Seconds = 10.0

    charge_amount_min_krw: int = Field(1_000, ge=1, json_schema_extra={"rule": "WAL-02"})
    charge_amount_max_krw: int = Field(10_000_000, ge=1, json_schema_extra={"rule": "WAL-02"})
    charge_card_enabled: bool = Field(default=True, json_schema_extra={"rule": "WAL-02"})
    charge_transfer_enabled: bool = Field(default=False, json_schema_extra={"rule": "WAL-02"})
    charge_virtual_account_enabled: bool = Field(default=False, json_schema_extra={"rule": "WAL-02"})
    deposit_days: int = Field(3, ge=1, le=30, json_schema_extra={"rule": "WAL-02"})
    """How long a virtual account can be paid into."""
    deposit_banks: dict[str, str] = DEPOSIT_BANKS
    """Where virtual accounts are issued."""
    deposits_shown: int = Field(2, ge=1, json_schema_extra={"rule": "WAL-02"})
    """How many of the latest charges that wait for their deposit are shown."""
    deposit_sweep_seconds: _Seconds = 3_600
    """How often a charge that waits for its deposit is asked for, whether or not a notice came."""
    charge_window_minutes: int = Field(default=40, ge=1)
    """The provider's window lives 30 minutes, and confirming is possible for 10 more."""

    confirm_lease_seconds: _Seconds = 90.0
    """Longer than a confirm and an asking can take, so that nobody takes over a call that still runs."""
    confirm_retry_delays_seconds: tuple[_Seconds, ...] = (10, 60, 300, 1_800, 7_200)
    notice_retry_delays_seconds: tuple[_Seconds, ...] = (1, 10, 60, 300, 1_800)

    check_retry_seconds: _Seconds = 600
    """How soon a daily check that could not be done is tried again."""
    check_lease_seconds: _Seconds = 3_600
    """Longer than proving the whole ledger takes, so that nobody takes over a check that still runs."""

    refund_file_bytes_max: int = Field(10 * 1024 * 1024, ge=1, json_schema_extra={"rule": "WAL-08"})
    refund_link_seconds: int = Field(300, ge=1)
    """How long an operator's links to the files of a refund live."""
    workbook_rows_max: int = Field(20_000, ge=1)
    """As many lines of the history as one workbook takes."""
    supplier_business_number: str = "220-81-02810"
    supplier_name: str = "(주) 다우기술"
    supplier_address: str = "경기도 성남시 수정구 금토로 69"
    supplier_representative_name: str = "김운덕"
    """공급자 on receipts: the values of the manual's receipt (WAL-05, manual 6-1)."""

    invoice_months_shown: int = Field(3, ge=1, json_schema_extra={"rule": "WAL-13"})
    invoice_kept_years: int = Field(5, ge=1, json_schema_extra={"rule": "WAL-15"})
    invoice_sender_name: str = "주식회사 다우기술"
    invoice_sender_address: str = "경기도 성남시 수정구 금토로 69, 다우디지털스퀘어 4층"
    invoice_sender_phone: str = "070-8707-1000"
    invoice_sender_representative_name: str = "김윤덕"
    invoice_bank_account: str = "우리은행 112-091723-13-614 (주) 다우기술"
    invoice_subject: str = "다우기술 모바일쿠폰 상품대금 청구의 건"
    invoice_greeting: str = "귀사의 무궁한 발전을 기원합니다."
    invoice_request: str = (
        "아래와 같이 다우기술 모바일쿠폰 상품대금을 청구합니다. 해당 금액을 지정된 입금계좌로 입금 부탁드립니다."
    )
    invoice_item: str = "모바일상품권 상품대금 입금 요청."
    invoice_closing: str = "감사합니다. 끝."
    """Sender and words of INVOICE: the values of the manual's (WAL-15, manual 6-2)."""

    @property
    def supplier(self) -> Supplier:
        """Who stands on receipts."""
        return Supplier(
            business_number=self.supplier_business_number,
            name=self.supplier_name,
            address=self.supplier_address,
            representative_name=self.supplier_representative_name,
        )

    @property
    def invoice_sender(self) -> InvoiceSender:
        """Who stands on invoices, and in what words."""
        return InvoiceSender(
            name=self.invoice_sender_name,
            address=self.invoice_sender_address,
            phone=self.invoice_sender_phone,
            representative_name=self.invoice_sender_representative_name,
            bank_account=self.invoice_bank_account,
            subject=self.invoice_subject,
            greeting=self.invoice_greeting,
            request=self.invoice_request,
            item=self.invoice_item,
            closing=self.invoice_closing,
        )

    @property
    def charge_rules(self) -> ChargeRules:
        """What may be charged."""
        switches = {
            ChargeMethod.CARD: self.charge_card_enabled,
            ChargeMethod.TRANSFER: self.charge_transfer_enabled,
            ChargeMethod.VIRTUAL_ACCOUNT: self.charge_virtual_account_enabled,
        }
        return ChargeRules(
            amount_min_krw=self.charge_amount_min_krw,
            amount_max_krw=self.charge_amount_max_krw,
            methods=frozenset(method for method, is_on in switches.items() if is_on),
            window=timedelta(minutes=self.charge_window_minutes),
            deposit_window=timedelta(days=self.deposit_days),
            deposit_banks=self.deposit_banks,
        )

    @model_validator(mode="after")
    def _refuse_live_keys_outside_production(self) -> Self:
        key = self.payment_secret_key.get_secret_value()
        if key.startswith(LIVE_KEY_PREFIX) and self.environment is not Environment.PRODUCTION:
            raise ValueError("payment_secret_key is a live key outside production")
        return self
