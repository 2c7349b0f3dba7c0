"""The alimtalks of notifications, as they are registered with the provider, and reasons in words (MSG-07)."""

from collections.abc import Mapping
from uuid import UUID

from messaging.domain.notice import Notice, NoticeText
from messaging.domain.notification import Occasion

NAMES = {
    "이름": "name",
    "회사": "company",
    "주문명": "order",
    "주문번호": "number",
    "대상": "recipients",
    "성공": "success",
    "미발송": "not_reached",
    "금액": "amount",
    "일시": "at",
    "상품": "product",
    "사유": "reason",
    "발송일": "day",
    "필요금액": "required",
    "사용가능": "available",
    "기준금액": "threshold",
    "이용월": "month",
    "정산금액": "settled",
    "청구금액": "billed",
}
"""The variables of the texts below, and the values that fill them."""

TEXTS: Mapping[Occasion, NoticeText] = {
    Occasion.ORDER_DONE: NoticeText(
        "NOTICE_ORDER_DONE",
        "발송 완료 안내",
        "#{이름}님, 주문하신 쿠폰의 발송이 끝났습니다.\n\n▪ 주문명: #{주문명}\n▪ 주문번호: #{주문번호}\n"
        "▪ 발송 결과: 총 #{대상}명 중 #{성공}명 성공\n▪ 완료 일시: #{일시}",
    ),
    Occasion.ORDER_FAILURES: NoticeText(
        "NOTICE_ORDER_FAILURES",
        "미발송 쿠폰 안내",
        "#{이름}님, 쿠폰을 받지 못한 분이 있습니다.\n\n▪ 주문명: #{주문명}\n▪ 주문번호: #{주문번호}\n"
        "▪ 미발송: 총 #{대상}명 중 #{미발송}명\n▪ 완료 일시: #{일시}\n\n"
        "주문 내역에서 사유를 확인하고 다시 보내실 수 있습니다.",
    ),
    Occasion.CHOICES_STOPPED: NoticeText(
        "NOTICE_CHOICES_STOPPED",
        "선택형 쿠폰 판매 중지 안내",
        "#{이름}님, 주문하신 선택형 쿠폰의 모든 상품이 판매 중지되었습니다.\n\n▪ 주문명: #{주문명}\n"
        "▪ 주문번호: #{주문번호}\n▪ 선택하지 않은 수신자: #{대상}명\n▪ 되돌려 드리는 금액: #{금액}원\n"
        "▪ 중지 일시: #{일시}\n\n아직 선택하지 않은 분께는 쿠폰이 발행되지 않으며, 금액은 자동으로 되돌려 드립니다.",
    ),
    Occasion.BALANCE_LOW: NoticeText(
        "NOTICE_BALANCE_LOW",
        "잔액 부족 안내",
        "#{이름}님, #{회사}의 사용 가능 금액이 설정하신 기준보다 적게 남았습니다.\n\n"
        "▪ 사용 가능 금액: #{사용가능}원\n▪ 알림 기준: #{기준금액}원\n▪ 확인 일시: #{일시}\n\n"
        "예약 발송과 기념일 발송이 멈추지 않도록 미리 확인해 주세요.",
    ),
    Occasion.INVOICE_READY: NoticeText(
        "NOTICE_INVOICE_READY",
        "청구서 발행 안내",
        "#{이름}님, #{회사}의 청구서가 발행되었습니다.\n\n▪ 이용 월: #{이용월}\n▪ 정산 금액: #{정산금액}원\n"
        "▪ 청구 금액: #{청구금액}원\n\n후불 납부 관리에서 확인하실 수 있습니다.",
    ),
    Occasion.PLAN_STOPPED: NoticeText(
        "NOTICE_PLAN_STOPPED",
        "기념일 발송 중지 안내",
        "#{이름}님, 기념일 발송이 자동으로 중지되었습니다.\n\n▪ 기념일 발송: #{주문명}\n▪ 상품: #{상품}\n"
        "▪ 사유: #{사유}\n▪ 중지 일시: #{일시}\n\n기념일 발송관리에서 내용을 확인하고 다시 켜 주세요.",
    ),
    Occasion.PLAN_REJECTED: NoticeText(
        "NOTICE_PLAN_REJECTED",
        "기념일 미발송 안내",
        "#{이름}님, 오늘의 기념일 쿠폰을 보내지 못했습니다.\n\n▪ 기념일 발송: #{주문명}\n"
        "▪ 사유: #{사유}\n▪ 확인 일시: #{일시}\n\n자동으로 다시 보내지 않으니, 필요하시면 직접 주문해 주세요.",
    ),
    Occasion.FORECAST_SHORT: NoticeText(
        "NOTICE_FORECAST_SHORT",
        "기념일 발송 잔액 안내",
        "#{이름}님, 다가오는 기념일 발송에 쓸 금액이 부족합니다.\n\n▪ 기념일 발송: #{주문명}\n▪ 발송일: #{발송일}\n"
        "▪ 필요 금액: #{필요금액}원\n▪ 사용 가능 금액: #{사용가능}원\n▪ 사유: #{사유}\n\n"
        "발송일 전까지 준비하지 않으시면 쿠폰이 발송되지 않습니다.",
    ),
}
"""What operators have approved by the provider before notifications go out by alimtalk (docs/operating.md)."""

REASONS = {
    "price_changed": "상품의 가격이 변경되었습니다.",
    "discontinued": "상품의 판매가 종료되었습니다.",
    "balance": "충전금이 부족합니다.",
    "credit_line": "이번 달 후불 한도가 부족합니다.",
    "spending_limit": "월 구매한도가 부족합니다.",
    "spending_limit_missing": "월 구매한도가 설정되지 않았습니다. 마스터에게 요청해 주세요.",
    "cash_like_not_permitted": "환금성 상품을 구매할 권한이 없습니다. 고객센터로 문의해 주세요.",
    "cash_like_limit": "환금성 상품의 월 한도가 부족합니다.",
    "no_account": "결제 정보를 찾을 수 없습니다. 고객센터로 문의해 주세요.",
    "withdrawn": "결제 확인이 늦어져 주문이 취소되었습니다.",
}
OTHER_REASON = "주문 조건이 바뀌어 주문할 수 없습니다. 기념일 발송관리에서 확인해 주세요."


class ServiceNotices:
    """`NotificationTexts` from the table above."""

    def notice(self, occasion: Occasion, to: str, notice_id: UUID, values: Mapping[str, str]) -> Notice:
        """The alimtalk of an occasion."""
        text = TEXTS[occasion]
        named = {variable: values[name] for variable, name in NAMES.items() if name in values}
        return Notice(notice_id, to, text.provider_code, text.title, text.body, text.filled(named))

    def reason(self, code: str) -> str:
        """Why something did not come about, and what the member can do."""
        return REASONS.get(code, OTHER_REASON)
