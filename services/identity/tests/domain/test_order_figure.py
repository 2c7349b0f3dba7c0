"""누적 주문 금액 of one order, whatever is heard first (IDN-26)."""

from itertools import permutations
from uuid import uuid4

import pytest

from identity.domain.order_figure import OrderFigure


@pytest.mark.rule("IDN-26")
def test_placed_less_returned_counts_in_every_order_of_arrival() -> None:
    member_id = uuid4()
    changes = (
        lambda figure: figure.placed(member_id, "2026-03", 100_000),
        lambda figure: figure.returned(9_900),
        lambda figure: figure.returned(100),
    )
    for chain in permutations(changes):
        figure = OrderFigure(uuid4())
        for change in chain:
            figure = change(figure)
        assert figure.counted_krw == 90_000


@pytest.mark.rule("IDN-26")
def test_nothing_of_a_rejected_order_counts() -> None:
    figure = OrderFigure(uuid4()).placed(uuid4(), "2026-03", 100_000).rejected()
    assert figure.counted_krw == 0
    assert OrderFigure(uuid4()).rejected().placed(uuid4(), "2026-03", 100_000).counted_krw == 0
