"""Counting what is issued, and the tabs in which popular products are shown (CAT-03)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.application.ports import UnitOfWork
from catalog.domain.popularity import IssueFact, Tally, checked_tabs, day_of, first_day_that_counts
from contracts.audit import Act


@dataclass(frozen=True)
class CountIssued:
    """Coupons of these offers were issued."""

    fact: IssueFact
    coupons_of_offers: Sequence[tuple[UUID, int]]
    issued_at: datetime


def count_issued(command: CountIssued, uow: UnitOfWork) -> None:
    """Count each fact once; one that is too old to count is left out, so that facts need not be kept for ever."""
    if day_of(command.issued_at) < first_day_that_counts(uow.now(), uow.rules.popular_days):
        return
    if not uow.popularity.is_news(command.fact, command.issued_at):
        return
    coupons: Counter[UUID] = Counter()
    product_of = uow.popularity.products_of([offer_id for offer_id, _ in command.coupons_of_offers])
    for offer_id, count in command.coupons_of_offers:
        coupons[product_of[offer_id]] += count
    uow.popularity.add([Tally(product_id, count, command.issued_at) for product_id, count in coupons.items()])


def forget_old_issues(uow: UnitOfWork) -> bool:
    """Forget counts and facts that no longer count; whether there were any."""
    return uow.popularity.forget_before(first_day_that_counts(uow.now(), uow.rules.popular_days))


@dataclass(frozen=True)
class ChooseTabs:
    """Show popular products in tabs of these categories, in this order."""

    operator_id: UUID
    category_codes: tuple[str, ...]


def choose_tabs(command: ChooseTabs, uow: UnitOfWork) -> None:
    """Replace the tabs; the tab of all products is always there. Raises `UnknownCode`, `TooManyTabs`."""
    tabs = checked_tabs(command.category_codes)
    before = uow.popularity.tabs()
    uow.popularity.set_tabs([uow.categories.get(code) for code in tabs])
    said = Act(
        "popular_tabs.chosen",
        "catalogue",
        "popular_tabs",
        {"category_codes": [category.code for category in before]},
        {"category_codes": list(tabs)},
    )
    uow.outbox.add_act(command.operator_id, said)
