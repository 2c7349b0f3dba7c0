"""`./coupbiz docs`: write every generated document anew; `./coupbiz check` fails when one is stale."""

from __future__ import annotations

from collections.abc import Sequence

from launcher.steps import Step, python, run_all


def main(_arguments: Sequence[str]) -> int:
    """Event schemas, AsyncAPI document and event catalogue; the tables of states; the OpenAPI documents."""
    return run_all(
        [
            Step("event schemas, AsyncAPI document, event catalogue", python("-m", "contracts", "write")),
            Step("tables of states", python("-m", "ordering.documents.states", "write")),
            Step("OpenAPI documents", python("-m", "launcher.api_docs", "write")),
        ]
    )
