"""What identity says of companies and members: whom notifications reach, and how (MSG-07)."""

from contracts.identity import CompanyChanged, MemberState, MemberStateChanged
from contracts.values import MemberRole
from messaging.application.notification_ports import Addressee, Addressor, NotificationWork


def company_changed(event: CompanyChanged, work: NotificationWork) -> None:
    """Keep the company."""
    work.addressees.keep_company(
        Addressor(event.company_id, event.version, event.name, event.master_id, event.payment_method)
    )


def member_state_changed(event: MemberStateChanged, work: NotificationWork) -> None:
    """Keep the member; its addresses stay sealed as they came, and go when it withdraws."""
    reached = event.state is not MemberState.WITHDRAWN
    work.addressees.keep_member(
        Addressee(
            id=event.member_id,
            version=event.version,
            company_id=event.company_id,
            is_master=event.role is MemberRole.MASTER,
            state=event.state,
            name=event.name if reached else "",
            email=event.email if reached else None,
            phone=event.phone if reached else None,
        )
    )
