"""Put the first version of the terms into force (IDN-06)"""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_IN_FORCE_SINCE = datetime(2024, 11, 1, tzinfo=UTC)

_SERVICE = """제1조(목적) 이 약관은 회사가 제공하는 기업용 모바일쿠폰 발송 서비스의 이용 조건과 절차를 정합니다.
제2조(가입) 마스터 회원은 사업자 정보와 본인 확인을 마치고 관리자의 승인을 받은 때부터 서비스를 이용할 수 있습니다.
제3조(충전금과 한도) 선불 회원은 충전금, 후불 회원은 계약으로 정한 월 한도 안에서 쿠폰을 주문합니다.
제4조(발송과 환급) 발급되지 못한 쿠폰의 금액은 주문에 쓰인 충전금 또는 한도로 되돌립니다.
제5조(회원의 의무) 회원은 수신자의 휴대전화번호를 적법하게 수집하고, 계정을 다른 사람과 함께 쓰지 않습니다."""

_PRIVACY = """1. 수집 항목: 이름, 이메일주소, 휴대전화번호, 부서, 직급, 사업자등록번호, 상호명, 대표자명, 사업자등록증, 접속 주소
2. 이용 목적: 가입 심사, 본인 확인, 로그인 보호, 주문과 정산, 고객 문의 응대
3. 보유 기간: 탈퇴할 때까지. 다만 계약과 대금 결제에 관한 기록은 관계 법령에 따라 5년간 보관합니다.
4. 동의를 거부할 수 있으며, 거부하면 가입할 수 없습니다."""

_FINANCE = """제1조(목적) 이 약관은 충전금의 충전, 사용, 환불에 관한 회사와 회원의 권리와 의무를 정합니다.
제2조(거래 기록) 회사는 충전과 사용의 기록을 5년간 보존하고, 회원이 요청하면 보여 드립니다.
제3조(오류의 정정) 회원이 오류를 알리면 회사는 지체 없이 조사하여 결과를 알립니다."""

_MARKETING = """1. 목적: 새 상품, 할인과 행사 소식 안내
2. 방법: 이메일, 알림톡
3. 이 동의는 선택이며, 동의하지 않아도 서비스를 이용할 수 있고 언제든지 거둘 수 있습니다."""

_DOCUMENTS = (
    ("service", "서비스 이용약관", _SERVICE, True),
    ("privacy", "개인정보 수집 및 이용 동의", _PRIVACY, True),
    ("electronic_finance", "전자금융거래 이용약관", _FINANCE, True),
    ("marketing", "광고성 정보 수신 동의", _MARKETING, False),
)

_documents = sa.table(
    "terms_documents",
    sa.column("code", sa.Text),
    sa.column("version", sa.Integer),
    sa.column("title", sa.Text),
    sa.column("body", sa.Text),
    sa.column("required", sa.Boolean),
    sa.column("effective_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.bulk_insert(
        _documents,
        [
            {
                "code": code,
                "version": 1,
                "title": title,
                "body": body,
                "required": required,
                "effective_at": _IN_FORCE_SINCE,
            }
            for code, title, body, required in _DOCUMENTS
        ],
    )


def downgrade() -> None:
    op.execute("DELETE FROM terms_documents WHERE version = 1")
