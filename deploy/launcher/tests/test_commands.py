"""The launcher's commands."""

import pytest

from launcher.__main__ import main
from launcher.commands import COMMANDS, INTERNAL, load


@pytest.mark.parametrize("name", [*COMMANDS, *INTERNAL])
def test_every_command_can_be_run(name: str) -> None:
    assert callable(load(name))


def test_without_a_command_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in COMMANDS)


def test_an_unknown_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upp"]) == 2
    assert "upp is none of them" in capsys.readouterr().out
