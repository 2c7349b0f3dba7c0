"""A quote has the sums of the order type chosen."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from catalog_builders import RULES, a_quote, a_quote_line

from catalog.domain.errors import QuoteIncomplete, QuoteRecipientsCount
from catalog.domain.quote import QuotedOrderType, admit, figures_of, quote_number

TWO = (a_quote_line("아메리카노", 10_000, 9_900), a_quote_line("케이크", 5_000, 4_950))


@pytest.mark.rule("ORD-35")
@pytest.mark.rule("CAT-08")
@pytest.mark.parametrize(
    ("order_type", "recipients", "sums"),
    [
        (QuotedOrderType.FIXED, 1, (15_000, -150, 14_850)),
        (QuotedOrderType.CHOICE, 1, (10_000, -100, 9_900)),
        (QuotedOrderType.FIXED, 300, (4_500_000, -45_000, 4_455_000)),
        (QuotedOrderType.CHOICE, 300, (3_000_000, -30_000, 2_970_000)),
    ],
)
def test_the_sums_are_those_of_the_order_form(
    order_type: QuotedOrderType, recipients: int, sums: tuple[int, int, int]
) -> None:
    """Manual 4-2 ⑪: 일반형 15,000, -150, 14,850; 선택형 10,000, -100, 9,900."""
    figures = figures_of(order_type, TWO, recipients)
    assert (figures.list_amount_krw, figures.discount_amount_krw, figures.pay_amount_krw) == sums


@pytest.mark.rule("ORD-35")
def test_a_choice_counts_the_first_of_equally_expensive_products() -> None:
    lines = (a_quote_line("가", 10_000, 9_000), a_quote_line("나", 9_500, 9_000))
    assert figures_of(QuotedOrderType.CHOICE, lines, 1).list_amount_krw == 10_000


@pytest.mark.rule("CAT-08")
def test_a_quote_is_valid_through_the_fourteenth_day_after_its_day_in_seoul() -> None:
    before_midnight = replace(a_quote(), issued_at=datetime(2026, 11, 24, 14, 59, 59, tzinfo=UTC))
    midnight = replace(a_quote(), issued_at=datetime(2026, 11, 24, 15, tzinfo=UTC))
    assert (before_midnight.issued_on, before_midnight.valid_until_on) == (date(2026, 11, 24), date(2026, 12, 8))
    assert (midnight.issued_on, midnight.valid_until_on) == (date(2026, 11, 25), date(2026, 12, 9))
    assert quote_number(date(2026, 11, 24), 42) == "Q20261124-000042"


@pytest.mark.rule("CAT-07")
@pytest.mark.parametrize("products", [0, 101])
def test_a_quote_is_for_something_and_for_no_more_than_a_cart_holds(products: int) -> None:
    admit(1, 1, RULES)
    admit(100, 1, RULES)
    with pytest.raises(QuoteIncomplete):
        admit(products, 1, RULES)


@pytest.mark.rule("ORD-09")
@pytest.mark.parametrize("recipients", [0, 10_001])
def test_a_quote_is_for_as_many_recipients_as_an_order_may_have(recipients: int) -> None:
    admit(1, 10_000, RULES)
    with pytest.raises(QuoteRecipientsCount):
        admit(1, recipients, RULES)
