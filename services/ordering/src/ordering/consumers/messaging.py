"""What messaging says: templates, and how messages ended."""

from contracts.messaging import MessagesReported, TemplatePublished
from ordering.application.ports import UnitOfWork
from ordering.application.progress import apply_reports


def template_published(event: TemplatePublished, uow: UnitOfWork) -> None:
    """Keep the template's state."""
    uow.copies.keep_template(event)


def messages_reported(event: MessagesReported, uow: UnitOfWork) -> None:
    """Count the results."""
    apply_reports(event.order_id, event.reports, uow, event.wave)
