"""What messaging does with each event that it hears, by lane."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts import identity, wallet
from contracts.messaging import SendCode
from contracts.ordering import dispatches
from messaging.application.notifications import Notifying
from messaging.application.ports import MailTexts, Opener
from messaging.consumers.codes import code_to_send
from messaging.consumers.identity import (
    application_decided,
    application_submitted,
    dormancy_near,
    member_invited,
    password_reset_made,
)
from messaging.consumers.members import company_changed, member_state_changed
from messaging.consumers.notices import notice_handlers
from messaging.consumers.ordering import dispatch_requested
from messaging.consumers.sender_profiles import sender_profile_used
from messaging.consumers.sessions import sessions_revoked
from messaging.consumers.wallet import refund_decided

Handlers = Mapping[Any, Callable[[Any, Any], None]]


def lane_handlers(opener: Opener, texts: MailTexts, notifying: Notifying) -> Mapping[str, Handlers]:
    """Handlers by event, by lane."""
    return {
        "control": {identity.SessionsRevoked: sessions_revoked},
        "codes": {SendCode: code_to_send(opener)},
        "bulk": {dispatches.DispatchRequested: dispatch_requested(opener, notifying.night)},
        "state": {dispatches.SenderProfileUsed: sender_profile_used},
        "members": {
            identity.CompanyChanged: company_changed,
            identity.MemberStateChanged: member_state_changed,
        },
        "notices": notice_handlers(notifying),
        "mail": {
            identity.ApplicationSubmitted: application_submitted(opener, texts),
            identity.ApplicationDecided: application_decided(opener, texts),
            identity.MemberInvited: member_invited(opener, texts),
            identity.PasswordResetMade: password_reset_made(opener, texts),
            identity.DormancyNear: dormancy_near(opener, texts),
            wallet.RefundDecided: refund_decided(opener, texts),
        },
    }
