"""What catalog says: offers and their prices."""

from contracts.catalog import OfferAvailability, OfferPublished
from ordering.application.choices import close_stopped_choices
from ordering.application.plan_stops import follow_offer
from ordering.application.ports import UnitOfWork


def offer_published(event: OfferPublished, uow: UnitOfWork) -> None:
    """Keep the offer's state with the prices to come; plans at other prices stop, hopeless choices are closed."""
    uow.copies.keep_offer(event)
    follow_offer(event, uow)
    if event.availability is OfferAvailability.DISCONTINUED:
        close_stopped_choices(event.offer_id, uow)
