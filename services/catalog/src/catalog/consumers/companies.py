"""Companies, as identity says them."""

from catalog.application.ports import UnitOfWork
from contracts.identity import CompanyChanged


def company_changed(event: CompanyChanged, uow: UnitOfWork) -> None:
    """Keep the company's name: quotes are addressed to it (CAT-08)."""
    uow.companies.keep(event.company_id, event.version, event.name)
