"""What catalog says: offers and their prices."""

from contracts.catalog import OfferPublished
from ordering.application.ports import UnitOfWork


def offer_published(event: OfferPublished, uow: UnitOfWork) -> None:
    """Keep the offer's state with the prices to come."""
    uow.copies.keep_offer(event)
