"""What counts as a proof that a test holds a rule's number."""

from pathlib import Path

import pytest

from launcher.rules_proof import RuleNumber, holding_test

DAYS = RuleNumber("WAL-06", "wallet", "WALLET_CANCELLATION_DAYS", 93)
READ = 'import os\n\nDAYS = int(os.environ.get("WALLET_CANCELLATION_DAYS", "93"))\n\n\n'


@pytest.mark.parametrize(
    ("test", "holds"),
    [
        (READ + "def test_it():\n    assert DAYS == 93\n", True),
        (READ + "def test_it():\n    assert DAYS > 0\n", False),
        ("def test_it():\n    assert 93 == 94\n", False),
        ("import nothing_of_that_name\n\n\ndef test_it():\n    assert True\n", False),
    ],
    ids=["the literal", "no literal", "red in any case", "does not start"],
)
def test_a_number_is_held_by_a_test_that_fails_only_under_another_number(
    tmp_path: Path, test: str, holds: bool
) -> None:
    (tmp_path / "test_rule.py").write_text(test, encoding="utf-8")
    held_by = holding_test(tmp_path, ["test_rule.py"], DAYS)
    assert held_by == ("test_rule.py::test_it" if holds else None)


def test_a_rule_without_a_test_holds_nothing(tmp_path: Path) -> None:
    assert holding_test(tmp_path, [], DAYS) is None
