"""`python -m ordering.documents.states write|check`: docs/states.md from the tables that the code moves by."""

import sys
from pathlib import Path
from typing import Any

from ordering.domain.attempt import ATTEMPT_STATES
from ordering.domain.coupon import COUPON_STATES
from ordering.domain.dispatch import DISPATCH_STATES
from ordering.domain.order import ORDER_STATES
from ordering.domain.revocation import REVOCATION_STATES
from ordering.domain.state_table import StateTable

DOCUMENT = Path(__file__).resolve().parents[5] / "docs/states.md"
_HEAD = """# States

Generated from the tables of `services/ordering/src/ordering/domain` by `./coupbiz docs`. Whatever step a table does not
name is refused by the code, and no state is left out: what stands in no row on the left ends there.
"""
_TABLES: tuple[tuple[StateTable[Any, Any], str], ...] = (
    (ORDER_STATES, "An order (ORD-17). A rejected one reserved nothing; a cancelled one gave all of it back (ORD-20)."),
    (COUPON_STATES, "A coupon (ORD-19). A fixed order's begins as `waiting`, a choice's as `awaiting_choice`."),
    (DISPATCH_STATES, "A recipient's message (ORD-18). Success may come late after failure, never before it."),
    (ATTEMPT_STATES, "The one attempt to have a coupon issued at its supplier, under one key for ever (ORD-33)."),
    (REVOCATION_STATES, "An issued coupon that operators take back (ORD-32). Refused, it stays issued."),
)


def states_document() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(_section(table, about) for table, about in _TABLES)])


def _section(table: StateTable[Any, Any], about: str) -> str:
    rows = [f"| `{state}` | {step.replace('_', ' ')} | `{target}` |" for (state, step), target in table.moves.items()]
    ends = [f"`{state}`" for state in type(table.initial) if table.is_final(state)]
    return "\n".join(
        [
            f"## {table.subject}",
            "",
            about,
            "",
            "| from | step | to |",
            "|---|---|---|",
            *rows,
            "",
            f"Begins as `{table.initial}`; ends as {', '.join(ends)}.",
            "",
        ]
    )


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is current; the exit code."""
    if arguments == ["write"]:
        DOCUMENT.write_text(states_document())
        return 0
    is_current = arguments == ["check"] and DOCUMENT.exists() and DOCUMENT.read_text() == states_document()
    if not is_current:
        sys.stderr.write("stale: docs/states.md; run ./coupbiz docs\n")
    return 0 if is_current else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
