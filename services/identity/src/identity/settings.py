"""What the identity service is told by its environment; the numbers of rules carry their rule's id."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from chassis.codes import CodeLimits
from chassis.settings import (
    BrokerSettings,
    ColumnSettings,
    DatabaseSettings,
    FileStoreSettings,
    SealingSettings,
    ServiceSettings,
)
from identity.application.logins import LoginRules
from identity.application.operators import OperatorLoginRules
from identity.application.sign_ups import SignUpRules
from identity.domain.dormancy import DormancyRules
from identity.domain.invitation import InvitationRules
from identity.domain.login import LockoutRules
from identity.domain.password import PasswordRules, common_passwords
from identity.domain.password_reset import ResetRules
from identity.domain.withdrawal import WithdrawalRules

_Positive = Annotated[int, Field(ge=1)]


class Settings(ServiceSettings, DatabaseSettings, BrokerSettings, SealingSettings, ColumnSettings, FileStoreSettings):
    """Prefix IDENTITY_."""

    model_config = SettingsConfigDict(env_prefix="IDENTITY_")

    tax_office_url: str
    """The base address of odcloud.kr, up to and without `/api`."""
    tax_office_service_key: SecretStr
    """The decoded service key."""
    tax_office_timeout_seconds: float = 5.0

    member_pages_url: str
    """The base address of the pages that mailed links open; the secret stands after the `#`, which no server sees."""

    sign_up_lifetime_days: _Positive = 30
    """An application that is not submitted by then ends, counted as SCH-04 says."""
    certificate_bytes_max: _Positive = Field(10_485_760, json_schema_extra={"rule": "IDN-03"})
    certificate_link_seconds: _Positive = 300

    code_digits: _Positive = Field(6, json_schema_extra={"rule": "IDN-05"})
    code_lifetime_seconds: _Positive = Field(180, json_schema_extra={"rule": "IDN-05"})
    code_tries_max: _Positive = Field(5, json_schema_extra={"rule": "IDN-05"})
    code_resend_seconds: int = Field(60, ge=0, json_schema_extra={"rule": "IDN-05"})
    code_per_target_day_max: _Positive = 20
    """No address or phone is flooded: codes of one purpose within 24 hours."""
    code_per_source_hour_max: _Positive = 60
    """No network address floods others: codes of any purpose within an hour."""

    invitation_rows_max: _Positive = Field(100, json_schema_extra={"rule": "IDN-15"})
    invitation_lifetime_days: _Positive = Field(14, json_schema_extra={"rule": "IDN-17"})
    invitation_resend_seconds: int = Field(60, ge=0)
    """No mailbox is flooded: the least time between two mails of one invitation."""

    dormancy_days: _Positive = Field(365, json_schema_extra={"rule": "IDN-19"})
    dormancy_warning_days: _Positive = Field(30, json_schema_extra={"rule": "IDN-19"})

    withdrawal_check_minutes: _Positive = 30
    """How long a passed check lets a request for withdrawal through."""
    withdrawal_proofs_max: _Positive = Field(3, json_schema_extra={"rule": "IDN-20"})
    withdrawal_proof_bytes_max: _Positive = Field(10_485_760, json_schema_extra={"rule": "IDN-20"})
    withdrawn_member_years: _Positive = Field(5, json_schema_extra={"rule": "IDN-21"})
    """How long a withdrawn member's personal data is kept: as long as the law keeps orders."""
    waiting_requests_max: int = Field(50, ge=0)
    """Requests of one process that may wait for an answer at once; more are answered as things stand."""
    poll_wait_seconds_max: float = Field(25, gt=0, le=60)

    trusted_addresses_max: _Positive = Field(10, json_schema_extra={"rule": "IDN-11"})
    password_length_min: _Positive = Field(10, json_schema_extra={"rule": "IDN-12"})
    login_failures_max: _Positive = Field(10, json_schema_extra={"rule": "IDN-12"})
    login_window_seconds: _Positive = Field(900, json_schema_extra={"rule": "IDN-12"})
    login_lock_seconds: _Positive = Field(900, json_schema_extra={"rule": "IDN-12"})
    login_challenge_seconds: _Positive = 600
    """How long a login may take between password and code."""
    second_factor_tries_max: _Positive = 5
    password_reset_minutes: _Positive = Field(30, json_schema_extra={"rule": "IDN-14"})
    access_token_seconds: _Positive = Field(900, json_schema_extra={"rule": "IDN-13"})
    refresh_token_days: _Positive = 14

    customer_centre_phone: str = Field("1599-6567", json_schema_extra={"rule": "IDN-27"})

    def code_limits(self) -> CodeLimits:
        """How one-time codes are made and how often they may be asked for and tried."""
        return CodeLimits(
            digits=self.code_digits,
            lifetime_seconds=self.code_lifetime_seconds,
            tries_max=self.code_tries_max,
            resend_seconds=self.code_resend_seconds,
            per_target_day_max=self.code_per_target_day_max,
            per_source_hour_max=self.code_per_source_hour_max,
        )

    def password_rules(self) -> PasswordRules:
        """What a password must be."""
        return PasswordRules(length_min=self.password_length_min, common=common_passwords())

    def sign_up_rules(self) -> SignUpRules:
        """The numbers of a sign-up."""
        return SignUpRules(
            lifetime_days=self.sign_up_lifetime_days,
            certificate_bytes_max=self.certificate_bytes_max,
            password=self.password_rules(),
        )

    def invitation_rules(self) -> InvitationRules:
        """The numbers of invitations."""
        return InvitationRules(
            rows_max=self.invitation_rows_max,
            lifetime_days=self.invitation_lifetime_days,
            resend=timedelta(seconds=self.invitation_resend_seconds),
        )

    def withdrawal_rules(self) -> WithdrawalRules:
        """The numbers of withdrawals, and of what is kept afterwards."""
        return WithdrawalRules(
            check_lifetime=timedelta(minutes=self.withdrawal_check_minutes),
            proofs_max=self.withdrawal_proofs_max,
            proof_bytes_max=self.withdrawal_proof_bytes_max,
            retention_years=self.withdrawn_member_years,
        )

    def dormancy_rules(self) -> DormancyRules:
        """When an account that nobody uses falls asleep."""
        return DormancyRules(days=self.dormancy_days, warning_days=self.dormancy_warning_days)

    def login_rules(self) -> LoginRules:
        """The numbers of a member's login."""
        return LoginRules(
            lockout=self.lockout_rules(),
            challenge_lifetime=timedelta(seconds=self.login_challenge_seconds),
            refresh_lifetime=timedelta(days=self.refresh_token_days),
            trusted_addresses_max=self.trusted_addresses_max,
        )

    def operator_login_rules(self) -> OperatorLoginRules:
        """The numbers of an operator's login."""
        return OperatorLoginRules(
            lockout=self.lockout_rules(),
            challenge_lifetime=timedelta(seconds=self.login_challenge_seconds),
            refresh_lifetime=timedelta(days=self.refresh_token_days),
            tries_max=self.second_factor_tries_max,
        )

    def reset_rules(self) -> ResetRules:
        """How links for a new password live; mailboxes are spared as those of codes are."""
        return ResetRules(
            lifetime=timedelta(minutes=self.password_reset_minutes),
            resend=timedelta(seconds=self.code_resend_seconds),
            per_day_max=self.code_per_target_day_max,
        )

    def lockout_rules(self) -> LockoutRules:
        """When wrong passwords lock an address."""
        return LockoutRules(
            failures_max=self.login_failures_max,
            window=timedelta(seconds=self.login_window_seconds),
            lock=timedelta(seconds=self.login_lock_seconds),
        )
