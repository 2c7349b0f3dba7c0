"""The private servers as the test run itself gets them."""

import json
from pathlib import Path

import kombu
import psycopg
import pytest

from launcher.servers.postgres import PrivatePostgres, check_hangul_search
from launcher.servers.rabbitmq import TEST_VIRTUAL_HOSTS, BrokerPorts, PrivateRabbitMq


def test_the_database_server_finds_a_hangul_word(postgres_server: str) -> None:
    check_hangul_search(postgres_server)


def test_the_database_server_stores_unicode(postgres_server: str) -> None:
    with psycopg.connect(postgres_server) as connection:
        row = connection.execute("SELECT current_setting('server_encoding')").fetchone()
    assert row == ("UTF8",)


@pytest.mark.parametrize("virtual_host", TEST_VIRTUAL_HOSTS)
def test_every_parallel_worker_has_a_virtual_host(broker_server: str, virtual_host: str) -> None:
    with kombu.Connection(f"{broker_server}/{virtual_host}", connect_timeout=5) as connection:
        connection.connect()
        assert connection.connected


def test_no_password_shows_when_a_server_is_printed(tmp_path: Path) -> None:
    database = PrivatePostgres(home=tmp_path, port=1, password="s3cret", log=tmp_path / "log")
    broker = PrivateRabbitMq(tmp_path, BrokerPorts(1, 2, 3), "s3cret", tmp_path / "log", ("coupbiz",))
    assert "s3cret" not in repr(database) + repr(broker)


def test_the_broker_is_told_a_hash_of_its_password(tmp_path: Path) -> None:
    broker = PrivateRabbitMq(tmp_path, BrokerPorts(1, 2, 3), "s3cret", tmp_path / "log", ("coupbiz",))
    broker.prepare()
    written = (tmp_path / "definitions.json").read_text()
    assert "s3cret" not in written
    assert json.loads(written)["vhosts"] == [{"name": "coupbiz"}]
