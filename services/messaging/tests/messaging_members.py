"""Members and companies that messaging hears of, in tests."""

from uuid import UUID

from chassis.sealing import Sealer
from contracts.examples import example
from contracts.identity import CompanyChanged, MemberStateChanged

COMPANY = UUID("0192f3a0-7c1e-7000-8000-000000000001")
MASTER = UUID("0192f3a0-7c1e-7000-8000-000000000002")
SUB = UUID("0192f3a0-7c1e-7000-8000-000000000003")


def a_company(version: int = 1, **changes: object) -> CompanyChanged:
    """The company of the examples."""
    return CompanyChanged.model_validate(
        example(CompanyChanged.type)
        | {"company_id": COMPANY, "master_id": MASTER, "name": "한빛상사", "version": version}
        | changes
    )


def a_member(
    sealer: Sealer,
    *,
    version: int = 1,
    email: str = "hana@hanbit.example",
    phone: str = "01000000001",
    **changes: object,
) -> MemberStateChanged:
    """The company's master, or whom the changes make of it."""
    reached = {"email": sealer.seal_text(email), "phone": sealer.seal_text(phone)}
    known = {"member_id": MASTER, "company_id": COMPANY, "version": version, "role": "master", "state": "active"}
    named = {"name": "김하나"}
    return MemberStateChanged.model_validate(example(MemberStateChanged.type) | known | named | reached | changes)
