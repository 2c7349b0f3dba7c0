"""The README's tables of states are the code's."""

from pathlib import Path

import pytest

from ordering.domain.attempt import ATTEMPT_STATES
from ordering.domain.coupon import COUPON_STATES
from ordering.domain.dispatch import DISPATCH_STATES
from ordering.domain.order import ORDER_STATES
from ordering.domain.state_table import StateTable

README = Path(__file__).parent.parent / "README.md"


@pytest.mark.parametrize(
    "table", [ORDER_STATES, COUPON_STATES, DISPATCH_STATES, ATTEMPT_STATES], ids=lambda table: table.subject
)
def test_the_readme_shows_the_table(table: StateTable) -> None:
    section = README.read_text().split(f"### {table.subject}\n")[1].split("\n\n")[0]
    shown = section.splitlines()[2:]
    assert shown == [
        f"| `{state}` | {step.replace('_', ' ')} | `{target}` |" for (state, step), target in table.moves.items()
    ]
