"""What ordering says of the sender profiles that its orders will use."""

from contracts.ordering.dispatches import SenderProfileUsed
from messaging.application.sender_profile_ports import SenderProfileWork
from messaging.application.sender_profiles import note_uses


def sender_profile_used(event: SenderProfileUsed, work: SenderProfileWork) -> None:
    """Keep the count, which a deletion asks for."""
    note_uses(event, work)
