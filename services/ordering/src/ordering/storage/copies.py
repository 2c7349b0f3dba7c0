"""What other services said of their companies, members, offers and templates: one row each, the newest version."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Index, Integer, Row, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from chassis.columns import EncryptedText
from chassis.sealing import Sealer
from contracts.catalog import OfferAvailability, OfferPublished
from contracts.identity import CompanyChanged, MemberStateChanged
from contracts.messaging import TemplatePublished
from ordering.application.ports import CompanyCopy, MemberCopy
from ordering.domain.message import Template, bare
from ordering.domain.prices import Offer, TimedPrice
from ordering.storage.schema import metadata

EMAIL_PURPOSE = "ordering.members.email"

companies = Table(
    "companies",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("name", Text, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("company_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", EncryptedText(EMAIL_PURPOSE), comment="unknown until identity says the member again"),
    Index(None, "company_id"),
)

offers = Table(
    "offers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("on_sale", Boolean, nullable=False),
    Column("body", JSONB, nullable=False, comment="the event's own body: a copy holds all that was said"),
)

templates = Table(
    "templates",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("variables", JSONB, nullable=False),
    Column("usable", Boolean, nullable=False),
)


class PostgresCopies:
    """`Copies` in the transaction of a session."""

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session = session
        self._sealer = sealer

    def keep_company(self, event: CompanyChanged) -> None:
        """Keep the state, unless a newer version is known."""
        self._keep(companies, event.company_id, event.version, {"state": event.state.value, "name": event.name})

    def keep_member(self, event: MemberStateChanged) -> None:
        """Keep the state, unless a newer version is known."""
        values = {
            "company_id": event.company_id,
            "role": event.role.value,
            "state": event.state.value,
            "name": event.name,
            "email": self._sealer.open_text(event.email),
        }
        self._keep(members, event.member_id, event.version, values)

    def keep_offer(self, event: OfferPublished) -> None:
        """Keep the state, unless a newer version is known."""
        on_sale = event.availability is OfferAvailability.ON_SALE
        self._keep(offers, event.offer_id, event.version, {"on_sale": on_sale, "body": event.model_dump(mode="json")})

    def keep_template(self, event: TemplatePublished) -> None:
        """Keep the state, unless a newer version is known."""
        variables = [bare(variable) for variable in event.variables]
        values = {"body": event.body, "variables": variables, "usable": event.usable}
        self._keep(templates, event.template_id, event.version, values)

    def hold_orderer(self, company_id: UUID, member_id: UUID) -> None:
        """Let changes of both wait until the transaction ends; those who only read, and who place, do not wait."""
        for table, subject_id in ((companies, company_id), (members, member_id)):
            self._session.execute(select(table.c.id).where(table.c.id == subject_id).with_for_update(read=True))

    def company(self, company_id: UUID) -> CompanyCopy | None:
        """The company as last heard of."""
        row = self._session.execute(select(companies).where(companies.c.id == company_id)).one_or_none()
        return None if row is None else CompanyCopy(row.id, row.state, row.version)

    def member(self, member_id: UUID) -> MemberCopy | None:
        """The member as last heard of."""
        row = self._session.execute(select(members).where(members.c.id == member_id)).one_or_none()
        return None if row is None else MemberCopy(row.id, row.company_id, row.role, row.state, row.version)

    def offers(self, offer_ids: Sequence[UUID]) -> Sequence[Offer]:
        """Those of the offers that are known."""
        found = self._session.execute(select(offers).where(offers.c.id.in_(offer_ids)))
        return [_offer(row) for row in found]

    def template(self, template_id: UUID) -> Template | None:
        """The template as last heard of."""
        row = self._session.execute(select(templates).where(templates.c.id == template_id)).one_or_none()
        return None if row is None else Template(row.id, row.version, row.body, tuple(row.variables), row.usable)

    def _keep(self, table: Table, subject_id: UUID, version: int, values: dict[str, Any]) -> None:
        row = insert(table).values(id=subject_id, version=version, **values)
        newer = {name: row.excluded[name] for name in ("version", *values)}
        self._session.execute(
            row.on_conflict_do_update(
                index_elements=[table.c.id], set_=newer, where=table.c.version < row.excluded.version
            )
        )


def _offer(row: Row[Any]) -> Offer:
    said = OfferPublished.model_validate(row.body)
    return Offer(
        offer_id=said.offer_id,
        product_id=said.product_id,
        brand_name=said.brand_name,
        product_name=said.product_name,
        notice=said.notice,
        image_path=said.image_path,
        validity_days=said.validity_days,
        face_price_krw=said.face_price_krw,
        prices=tuple(TimedPrice(price.sale_price_krw, price.effective_at) for price in said.prices),
        on_sale=row.on_sale,
        cash_like=said.cash_like,
        night_restricted=said.night_restricted,
        single_recipient=said.single_recipient,
        supplier=said.supplier,
        supplier_goods_code=said.supplier_goods_code,
    )
