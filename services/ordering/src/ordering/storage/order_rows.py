"""A placed order as the rows it is stored in."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from chassis import context
from ordering.domain.coupon import COUPON_STATES, CouponState
from ordering.domain.order import ORDER_STATES
from ordering.domain.placement import Placement


def order_row(placement: Placement) -> dict[str, Any]:
    """The order itself."""
    return {
        "id": placement.order_id,
        "order_number": placement.order_number,
        "company_id": placement.company_id,
        "member_id": placement.member_id,
        "member_role": placement.member_role,
        "order_type": placement.order_type,
        "order_name": placement.order_name,
        "send_title": placement.send_title,
        "external_id": placement.external_id,
        "cart_line_ids": list(placement.cart_line_ids),
        "state": ORDER_STATES.initial.value,
        "version": 1,
        "recipients": len(placement.recipients),
        "products": len(placement.items),
        "list_amount_krw": placement.figures.list_amount_krw,
        "pay_amount_krw": placement.figures.pay_amount_krw,
        "confirmed_amount_krw": 0,
        "success": 0,
        "failed": 0,
        "error": 0,
        "chunk_lines": placement.chunk_lines,
        "template_id": placement.template.template_id,
        "template_version": placement.template.version,
        "template_body": placement.template.body,
        "template_variables": list(placement.template.variables),
        "coupon_card": None if placement.coupon_page is None else placement.coupon_page.card,
        "coupon_message": None if placement.coupon_page is None else placement.coupon_page.message,
        "typed_values": placement.typed_values,
        "terms_version": placement.terms_version,
        "default_item_no": placement.default_item_no,
        "placed_at": placement.placed_at,
        "correlation_id": context.current().correlation_id,
        "send_at": placement.send_at,
        "sender_profile_id": placement.sender_profile_id,
        "plan_id": placement.plan_id,
    }


def coupon_rows(placement: Placement, line_ids: Sequence[UUID]) -> Iterator[tuple[object, ...]]:
    """Fixed: one a line and item. Choice: one a line, which stands under the default item while it awaits a choice."""
    if placement.default_item_no is not None:
        for line_id in line_ids:
            yield line_id, placement.default_item_no, CouponState.AWAITING_CHOICE.value
        return
    for line_id in line_ids:
        for item in placement.items:
            yield line_id, item.item_no, COUPON_STATES.initial.value


def item_rows(placement: Placement) -> Iterator[dict[str, Any]]:
    """Its products, with the prices of placing."""
    for item in placement.items:
        yield {
            "order_id": placement.order_id,
            "item_no": item.item_no,
            "offer_id": item.offer.offer_id,
            "product_id": item.offer.product_id,
            "brand_name": item.offer.brand_name,
            "product_name": item.offer.product_name,
            "notice": item.offer.notice,
            "image_path": item.offer.image_path,
            "validity_days": item.offer.validity_days,
            "face_price_krw": item.offer.face_price_krw,
            "sale_price_krw": item.sale_price_krw,
            "cash_like": item.offer.cash_like,
            "supplier": item.offer.supplier,
            "supplier_goods_code": item.offer.supplier_goods_code,
        }
