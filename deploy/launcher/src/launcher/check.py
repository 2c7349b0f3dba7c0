"""`./coupbiz check`: the fast gate before every commit."""

from __future__ import annotations

from collections.abc import Sequence

from launcher.places import projects
from launcher.steps import Step, python, run_all, tool

# Unit tests speak to nothing but themselves and what they start on the loopback.
NO_OUTSIDE = ("--disable-socket", "--allow-unix-socket", "--allow-hosts=127.0.0.1,localhost,::1")
UNIT = "not integration and not e2e and not long"


def main(_arguments: Sequence[str]) -> int:
    """Lint, format, types, directions of imports, generated documents, and the unit tests."""
    sources = [str(project.parent / "src") for project in projects()]
    return run_all(
        [
            Step("lint", tool("ruff", "check", "--quiet", ".")),
            Step("format", tool("ruff", "format", "--check", "--quiet", ".")),
            Step("types", tool("mypy", *sources)),
            Step("directions of imports", tool("lint-imports")),
            Step("event schemas and documents", python("-m", "contracts", "check")),
            Step("tables of states", python("-m", "ordering.documents.states", "check")),
            Step("OpenAPI documents", python("-m", "launcher.api_docs", "check")),
            Step("unit tests", python("-m", "pytest", "-q", "-n", "2", "-m", UNIT, *NO_OUTSIDE)),
        ]
    )
