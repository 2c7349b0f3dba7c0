"""A cart holds each product once, with one validity, and knows what changed since."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from catalog_builders import RULES

from catalog.domain.cart import Cart, CartLine, CartNotice, Choice
from catalog.domain.errors import CartFull, CartLineNotFound

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
MEMBER = UUID(int=1)


def a_line(product: int, *, offer: int | None = None, sale_price_krw: int = 9_900) -> CartLine:
    return CartLine(uuid4(), Choice(UUID(int=product), UUID(int=offer or product), sale_price_krw), NOW)


def a_cart(products: int) -> Cart:
    return Cart(MEMBER).with_added([a_line(product) for product in range(1, products + 1)], RULES.cart_lines_max)


@pytest.mark.rule("CAT-07")
def test_a_product_added_again_keeps_its_line_and_takes_the_new_validity_and_price() -> None:
    cart = a_cart(3)
    again = cart.with_added([a_line(2, offer=60, sale_price_krw=9_800)], RULES.cart_lines_max)
    assert [line.id for line in again.lines] == [line.id for line in cart.lines]
    assert again.lines[1].choice == Choice(UUID(int=2), UUID(int=60), 9_800)


@pytest.mark.rule("CAT-07")
def test_one_product_ticked_twice_is_in_the_cart_once_with_the_last_validity() -> None:
    cart = Cart(MEMBER).with_added([a_line(1, offer=30), a_line(1, offer=90)], RULES.cart_lines_max)
    assert [line.choice.offer_id for line in cart.lines] == [UUID(int=90)]


@pytest.mark.rule("CAT-07")
def test_a_cart_holds_a_hundred_products() -> None:
    full = a_cart(100)
    assert len(full.with_added([a_line(100)], RULES.cart_lines_max).lines) == 100
    with pytest.raises(CartFull) as refused:
        full.with_added([a_line(101)], RULES.cart_lines_max)
    assert (refused.value.lines, refused.value.lines_max) == (101, 100)


@pytest.mark.rule("CAT-07")
@pytest.mark.parametrize(
    ("price_krw", "discontinued", "notices"),
    [
        (9_900, False, ()),
        (9_800, False, (CartNotice.REPRICED,)),
        (10_000, False, (CartNotice.REPRICED,)),
        (9_900, True, (CartNotice.DISCONTINUED,)),
        (9_800, True, (CartNotice.DISCONTINUED, CartNotice.REPRICED)),
    ],
)
def test_a_line_says_what_changed_since_it_came(
    price_krw: int, discontinued: bool, notices: tuple[CartNotice, ...]
) -> None:
    assert a_line(1, sale_price_krw=9_900).notices(price_krw, discontinued=discontinued) == notices


@pytest.mark.rule("CAT-09")
def test_another_validity_takes_the_place_of_the_one_chosen_before() -> None:
    cart = a_cart(2)
    chosen = Choice(UUID(int=1), UUID(int=60), 9_950)
    changed = cart.with_choice(cart.lines[0].id, chosen)
    assert [line.choice for line in changed.lines] == [chosen, cart.lines[1].choice]
    with pytest.raises(CartLineNotFound):
        cart.with_choice(uuid4(), chosen)


def test_lines_that_are_gone_are_removed_once_more_without_harm() -> None:
    cart = a_cart(2)
    gone = {cart.lines[0].id}
    assert cart.without(gone).without(gone).lines == cart.lines[1:]
