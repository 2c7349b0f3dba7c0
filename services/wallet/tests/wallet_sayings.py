"""Members as identity would tell of them."""

from uuid import UUID

from wallet_builders import NOON

from contracts.identity import MemberState, MemberStateChanged
from contracts.values import MemberRole, Sealed


def a_member(company_id: UUID, member_id: UUID, role: MemberRole, **changes: object) -> MemberStateChanged:
    values: dict[str, object] = {
        "member_id": member_id,
        "company_id": company_id,
        "version": 1,
        "role": role,
        "state": MemberState.ACTIVE,
        "name": "홍길동",
        "department": "",
        "title": "",
        "email": Sealed(key_id="k1", ciphertext="c2VhbGVk"),
        "phone": Sealed(key_id="k1", ciphertext="c2VhbGVk"),
        "joined_at": NOON,
    }
    return MemberStateChanged.model_validate(values | changes)
