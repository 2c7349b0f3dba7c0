"""Operators revoke coupons, one by one or an order's (ORD-32)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from http import HTTPStatus
from uuid import UUID

from flask_openapi3 import APIBlueprint

from chassis.access import caller, operators
from chassis.idempotency import idempotency_key, keyed
from chassis.paging import PageQuery, page_of, read_cursor
from ordering.api.desk import MemberTransaction
from ordering.api.revocation_models import (
    NumberPath,
    RevocableAnswer,
    RevocableList,
    RevocationAnswer,
    RevocationIn,
    RevocationList,
    RevocationListQuery,
    RevocationPath,
)
from ordering.application.revoking import revoke_coupons
from ordering.domain.revocation import CouponPlace, OrderNumberUnknownError, RevocationUnknownError

ROLES = ("finance", "admin")
"""Who moves customers' money."""
REVOKE = "revoke_coupons"


def revocations_blueprint(transaction: Callable[[], AbstractContextManager[MemberTransaction]]) -> APIBlueprint:
    """`/admin/revocations`, and the coupons of an order to choose from."""
    blueprint = APIBlueprint("revocations", __name__)

    def shown(revocation_id: UUID) -> RevocationAnswer:
        with transaction() as opened:
            found = opened.uow.revocations.page(None, None, 1, revocation_id)
        if not found:
            raise RevocationUnknownError
        return RevocationAnswer.model_validate(found[0])

    @blueprint.post("/admin/revocations", responses={201: RevocationAnswer})
    @operators(roles=ROLES)
    @keyed
    def revoke(body: RevocationIn) -> tuple[RevocationAnswer, int]:
        """Take coupons back, with a reason, and with or without their money; the supplier is told by and by."""
        operator_id = caller().subject_id
        with transaction() as opened:
            once = opened.keys.once(
                scope=str(operator_id),
                key=idempotency_key(),
                operation=REVOKE,
                body=body,
                create=lambda: revoke_coupons(body.command(operator_id), opened.uow),
            )
        return shown(once.resource_id), HTTPStatus.CREATED

    @blueprint.get("/admin/revocations", responses={200: RevocationList})
    @operators
    def list_revocations(query: RevocationListQuery) -> RevocationList:
        """Revocations, newest first."""
        cursor = read_cursor(query.cursor, UUID)
        with transaction() as opened:
            order_id = None
            if query.order_number is not None:
                order_id = _order_of(query.order_number, opened)
            found = opened.uow.revocations.page(order_id, cursor[0] if cursor else None, query.limit + 1)
        items, next_cursor = page_of(
            found, query.limit, key=lambda one: (one.revocation_id,), show=RevocationAnswer.model_validate
        )
        return RevocationList(items=items, next_cursor=next_cursor)

    @blueprint.get("/admin/revocations/<uuid:revocation_id>", responses={200: RevocationAnswer})
    @operators
    def show(path: RevocationPath) -> RevocationAnswer:
        """How far one came."""
        return shown(path.revocation_id)

    @blueprint.get("/admin/orders/<order_number>/coupons", responses={200: RevocableList})
    @operators
    def coupons(path: NumberPath, query: PageQuery) -> RevocableList:
        """An order's coupons by recipient and product, to choose from; numbers are masked."""
        cursor = read_cursor(query.cursor, int, int)
        with transaction() as opened:
            after = CouponPlace(*cursor) if cursor else None
            found = opened.uow.revocations.coupons(_order_of(path.order_number, opened), after, query.limit + 1)
        items, next_cursor = page_of(
            found, query.limit, key=lambda one: (one.line_no, one.item_no), show=RevocableAnswer.model_validate
        )
        return RevocableList(items=items, next_cursor=next_cursor)

    return blueprint


def _order_of(order_number: str, opened: MemberTransaction) -> UUID:
    order_id = opened.uow.revocations.order_of(order_number)
    if order_id is None:
        raise OrderNumberUnknownError(order_number)
    return order_id
