"""What `./coupbiz test e2e` runs, here and against a suite that the environment names."""

import pytest

from launcher import testing


def commands(parts: list[str]) -> list[str]:
    return [" ".join(step.command) for step in testing._steps(parts, long=False, for_pytest=())]


def test_a_suite_of_our_own_is_tested_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COUPBIZ_GATEWAY_URL", raising=False)
    assert [command.rpartition(" ")[2] for command in commands(["e2e"])] == ["tests/e2e", "tests/reliability"]


def test_a_suite_that_was_given_is_not_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUPBIZ_GATEWAY_URL", "http://127.0.0.1:18080")
    assert [command.rpartition(" ")[2] for command in commands(["e2e"])] == ["tests/e2e"]
