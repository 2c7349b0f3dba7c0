"""The tables of the identity service, beside those of the chassis."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.columns import EncryptedText
from chassis.tables import NAMING_CONVENTION

metadata = MetaData(naming_convention=NAMING_CONVENTION)

_Time = DateTime(timezone=True)

sign_ups = Table(
    "sign_ups",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_at", _Time, nullable=False),
    Column("expires_at", _Time, nullable=False),
    Column("business_number", Text),
    Column("standing", Text),
    Column("company_name", Text),
    Column("representative_name", Text),
    Column("certificate", JSONB),
    Column("email", Text),
    Column("email_code_id", Uuid),
    Column("email_proven_at", _Time),
    Column("phone", EncryptedText("sign_ups.phone")),
    Column("phone_code_id", Uuid),
    Column("phone_proven_at", _Time),
    Column("agreements", JSONB, nullable=False),
    Column("password_hash", Text),
    Column("applicant_name", Text),
    Column("department", Text),
    Column("title", Text),
    Column("payment_method", Text),
    Column("contract_limit_krw", BigInteger),
    Column("contract_starts_on", Date),
    Column("billing_name", Text),
    Column("billing_email", Text),
    Column("submitted_at", _Time),
    Column("decided_at", _Time),
    Column("decided_by", Uuid),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
    Index(
        "uq_sign_ups_business_number_waiting",
        "business_number",
        unique=True,
        postgresql_where=text("state = 'submitted'"),
    ),
    Index("uq_sign_ups_email_waiting", "email", unique=True, postgresql_where=text("state = 'submitted'")),
    Index("ix_sign_ups_state_id", "state", "id"),
    Index("ix_sign_ups_business_number", "business_number"),
)

companies = Table(
    "companies",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("sign_up_id", Uuid, ForeignKey("sign_ups.id"), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("representative_name", Text, nullable=False),
    Column("business_number", Text, nullable=False, unique=True),
    Column("payment_method", Text, nullable=False),
    Column("master_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("approved_at", _Time, nullable=False),
    Column("cash_like_permitted", Boolean, nullable=False),
    Column("cash_like_limit_krw", BigInteger, nullable=False),
    Column("cash_like_version", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)

business_changes = Table(
    "business_changes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, ForeignKey("companies.id"), nullable=False),
    Column("requested_by", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("representative_name", Text, nullable=False),
    Column("requested_at", _Time, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Uuid),
    Column("decided_at", _Time),
    Column("reason", Text),
    Index("uq_business_changes_waiting", "company_id", unique=True, postgresql_where=text("state = 'waiting'")),
    Index("ix_business_changes_state_id", "state", "id"),
)

members = Table(
    "members",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, ForeignKey("companies.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("former_state", Text),
    Column("email", Text, nullable=False),
    Column("phone", EncryptedText("members.phone"), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("secure_login", Boolean, nullable=False),
    Column("joined_at", _Time, nullable=False),
    Column("last_login_at", _Time),
    Column("dormancy_warned_at", _Time),
    Column("dormancy_timer", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Index("uq_members_email_living", "email", unique=True, postgresql_where=text("state <> 'withdrawn'")),
    Index("uq_members_company_id_master", "company_id", unique=True, postgresql_where=text("role = 'master'")),
    Index("ix_members_company_id_id", "company_id", "id"),
)

member_agreements = Table(
    "member_agreements",
    metadata,
    Column("member_id", Uuid, ForeignKey("members.id"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("agreed_at", _Time, nullable=False),
    Column("agreed_from", Text, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, ForeignKey("companies.id"), nullable=False),
    Column("invited_by", Uuid, ForeignKey("members.id"), nullable=False),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("phone", EncryptedText("invitations.phone"), nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("sent_at", _Time, nullable=False),
    Column("expires_at", _Time, nullable=False),
    Column("sendings", Integer, nullable=False),
    Column("code_id", Uuid),
    Column("phone_proven_at", _Time),
    Index("ix_invitations_company_id_id", "company_id", "id"),
)

order_figures = Table(
    "order_figures",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("member_id", Uuid),
    Column("month", Text, comment="of its placing, in Seoul: YYYY-MM"),
    Column("placed_krw", BigInteger, nullable=False),
    Column("returned_krw", BigInteger, nullable=False),
    Column("rejected", Boolean, nullable=False),
)

member_figures = Table(
    "member_figures",
    metadata,
    Column("member_id", Uuid, primary_key=True, comment="may be heard of before the member is kept: no reference"),
    Column("ordered_krw", BigInteger, nullable=False, comment="placed less returned, IDN-26"),
)

member_months = Table(
    "member_months",
    metadata,
    Column("member_id", Uuid, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("used_krw", BigInteger, nullable=False, comment="of orders placed in the month, less returned"),
)

member_limits = Table(
    "member_limits",
    metadata,
    Column("member_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("limit_krw", BigInteger, comment="a Seoul month, as wallet said it; null is unlimited"),
)

terms_documents = Table(
    "terms_documents",
    metadata,
    Column("code", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("required", Boolean, nullable=False),
    Column("effective_at", _Time, nullable=False),
)

operators = Table(
    "operators",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("totp_secret", EncryptedText("operators.totp_secret"), nullable=False),
    Column("totp_step", BigInteger, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("created_at", _Time, nullable=False),
)

discarded_files = Table(
    "discarded_files",
    metadata,
    Column("file_key", Text, primary_key=True),
    Column("discarded_at", _Time, nullable=False),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("act_id", Uuid, primary_key=True),
    Column("service", Text, nullable=False),
    Column("operator_id", Uuid, nullable=False),
    Column("action", Text, nullable=False),
    Column("target_kind", Text, nullable=False),
    Column("target_id", Text, nullable=False),
    Column("company_id", Uuid),
    Column("reason", Text),
    Column("before", JSONB),
    Column("after", JSONB),
    Column("acted_at", _Time, nullable=False),
    Index(None, "acted_at", "act_id"),
    Index(None, "operator_id", "acted_at"),
    Index(None, "target_kind", "target_id"),
    Index(None, "company_id", "acted_at"),
)
