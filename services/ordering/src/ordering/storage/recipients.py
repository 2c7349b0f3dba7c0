"""Links, proofs and codes of recipients in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, select, true
from sqlalchemy.orm import Session

from chassis.codes import CodeLimits, OneTimeCodes
from chassis.outbox import Outbox
from ordering.application.opening import LinkedChoice, LinkedCoupon, LinkedLine, NewCode
from ordering.domain.coupon import CouponState
from ordering.domain.coupon_page import DEFAULT_CARD
from ordering.storage.chunks import PostgresChunks
from ordering.storage.copies import offers
from ordering.storage.coupons import PostgresCoupons
from ordering.storage.revocation_queries import is_being_revoked
from ordering.storage.standings import PostgresStandings
from ordering.storage.tables import coupons, issue_attempts, order_items, order_lines, orders, recipient_proofs
from ordering.storage.unit_of_work import PRODUCER, Equipment

CODE_PURPOSE = "recipient"


class PostgresRecipients:
    """`Recipients` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def line_of(self, link_hash: bytes) -> LinkedLine | None:
        """The line of a link."""
        statement = (
            select(
                order_lines.c.id,
                order_lines.c.line_no,
                order_lines.c.order_id,
                orders.c.company_id,
                order_lines.c.phone,
                order_lines.c.name,
                order_lines.c.company,
                orders.c.order_type,
                orders.c.send_title,
                func.coalesce(orders.c.coupon_message, orders.c.template_body).label("message"),
                orders.c.coupon_card,
                orders.c.typed_values,
            )
            .join(orders, orders.c.id == order_lines.c.order_id)
            .where(order_lines.c.link_hash == link_hash)
        )
        row = self._session.execute(statement).one_or_none()
        if row is None:
            return None
        return LinkedLine(
            line_id=row.id,
            line_no=row.line_no,
            order_id=row.order_id,
            company_id=row.company_id,
            phone=row.phone,
            name=row.name,
            company=row.company,
            order_type=row.order_type,
            send_title=row.send_title,
            message=row.message,
            card=row.coupon_card or DEFAULT_CARD,
            typed_values=row.typed_values,
        )

    def coupons_of(self, line_id: UUID) -> Sequence[LinkedCoupon]:
        """The line's coupons, in order."""
        statement = (
            select(coupons, order_items, is_being_revoked().label("is_being_revoked"))
            .join(order_lines, order_lines.c.id == coupons.c.line_id)
            .join(
                order_items,
                (order_items.c.order_id == order_lines.c.order_id) & (order_items.c.item_no == coupons.c.item_no),
            )
            .where(coupons.c.line_id == line_id)
            .order_by(coupons.c.item_no)
        )
        return [
            LinkedCoupon(
                item_no=row.item_no,
                state=CouponState.REVOKED if row.is_being_revoked else CouponState(row.state),
                number=row.number,
                expires_at=row.expires_at,
                brand_name=row.brand_name,
                product_name=row.product_name,
                validity_days=row.validity_days,
                notice=row.notice,
                image_path=row.image_path,
                choice_ends_at=row.choice_ends_at,
            )
            for row in self._session.execute(statement)
        ]

    def choices_of(self, line: LinkedLine) -> Sequence[LinkedChoice]:
        """The products that a choice order offers the line, in order."""
        tried = exists().where(
            issue_attempts.c.line_id == line.line_id, issue_attempts.c.item_no == order_items.c.item_no
        )
        statement = (
            select(order_items, (func.coalesce(offers.c.on_sale, true()) & ~tried).label("can_be_picked"))
            .outerjoin(offers, offers.c.id == order_items.c.offer_id)
            .where(order_items.c.order_id == line.order_id)
            .order_by(order_items.c.item_no)
        )
        return [
            LinkedChoice(
                item_no=row.item_no,
                offer_id=row.offer_id,
                brand_name=row.brand_name,
                product_name=row.product_name,
                validity_days=row.validity_days,
                notice=row.notice,
                image_path=row.image_path,
                can_be_picked=row.can_be_picked,
            )
            for row in self._session.execute(statement)
        ]

    def add_proof(self, proof_hash: bytes, line_id: UUID, expires_at: datetime, at: datetime) -> None:
        """Store a proof, and forget the line's expired ones."""
        expired = (recipient_proofs.c.line_id == line_id) & (recipient_proofs.c.expires_at <= at)
        self._session.execute(delete(recipient_proofs).where(expired))
        row = {"proof_hash": proof_hash, "line_id": line_id, "expires_at": expires_at}
        self._session.execute(insert(recipient_proofs).values(row))

    def holds(self, proof_hash: bytes, line_id: UUID, at: datetime) -> bool:
        """Whether the proof is the line's and not expired."""
        held = exists().where(
            recipient_proofs.c.proof_hash == proof_hash,
            recipient_proofs.c.line_id == line_id,
            recipient_proofs.c.expires_at > at,
        )
        return bool(self._session.execute(select(held)).scalar_one())


class RecipientCodes:
    """`Codes` by the chassis's one-time codes."""

    def __init__(self, codes: OneTimeCodes) -> None:
        self._codes = codes

    def issue(self, *, target: str, source: str) -> NewCode:
        """Make a code for the target, asked for by the source (an address)."""
        issued = self._codes.issue(purpose=CODE_PURPOSE, target=target, source=source)
        return NewCode(issued.code_id, issued.code, issued.expires_at)

    def check(self, code_id: UUID, code: str, *, target: str) -> None:
        """Use the code up when it is right."""
        self._codes.check(code_id, code, purpose=CODE_PURPOSE, target=target)


class PostgresOpeningUnit:
    """`ChoosingUnit` over a session; whoever opened the session commits it."""

    def __init__(self, session: Session, equipment: Equipment, limits: CodeLimits) -> None:
        self.recipients = PostgresRecipients(session)
        self.looked_at = PostgresStandings(session)
        self.chunks = PostgresChunks(session)
        self.coupons = PostgresCoupons(session)
        self.codes = RecipientCodes(OneTimeCodes(session, equipment.clock, equipment.keyed_hash, limits))
        self.outbox = Outbox(session, producer=PRODUCER, clock=equipment.clock)
        self.sealing = equipment.sealer
        self._clock = equipment.clock

    def now(self) -> datetime:
        """The business clock, aware and UTC."""
        return self._clock.now()
