"""Ports of a checkout."""

import json
import socket
from pathlib import Path

import pytest

from launcher.ports import HIGHEST, LOWEST, free_ports, is_free, kept_ports, require_free
from launcher.words import LauncherError


def test_ports_are_chosen_once_and_stay_the_same(tmp_path: Path) -> None:
    first = kept_ports(tmp_path / "ports.json", ["gateway-api", "postgres"])
    assert kept_ports(tmp_path / "ports.json", ["gateway-api", "postgres"]) == first


def test_a_new_process_gets_a_port_without_moving_the_others(tmp_path: Path) -> None:
    first = kept_ports(tmp_path / "ports.json", ["gateway-api"])
    second = kept_ports(tmp_path / "ports.json", ["gateway-api", "wallet-api"])
    assert second["gateway-api"] == first["gateway-api"]
    assert second["wallet-api"] != first["gateway-api"]


def test_a_neighbouring_checkout_keeps_its_ports_while_it_does_not_run(tmp_path: Path) -> None:
    all_but_two = {str(port): port for port in range(LOWEST, HIGHEST - 2)}
    (tmp_path / "neighbour.json").write_text(json.dumps(all_but_two))
    ports = kept_ports(tmp_path / "ports.json", ["gateway-api"], [tmp_path / "neighbour.json"])
    assert ports["gateway-api"] in {HIGHEST - 2, HIGHEST - 1}


def test_standard_ports_are_never_chosen() -> None:
    usual = {80, 443, 4369, 5432, 5672, 8080, 15672, 25672}
    assert not usual & set(free_ports(HIGHEST - LOWEST - 500))


def test_a_port_taken_meanwhile_is_named_with_what_it_was_kept_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert not is_free(port)
        with pytest.raises(LauncherError, match=rf"{port} \(kept for gateway-api\)"):
            require_free({"gateway-api": port})
