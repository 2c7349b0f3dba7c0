"""Development keys."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pydantic import SecretStr

from chassis.sealing import Keyring
from launcher.keys import DevelopmentKeys


def test_a_key_is_made_once(tmp_path: Path) -> None:
    keys = DevelopmentKeys(tmp_path / "keys.json")
    first = (keys.password("postgres"), keys.keyring("sealing"))
    again = DevelopmentKeys(tmp_path / "keys.json")
    assert (again.password("postgres"), again.keyring("sealing")) == first


def test_many_who_ask_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = pool.map(lambda number: DevelopmentKeys(tmp_path / "keys.json").password(str(number % 4)), range(64))
        assert len(set(asked)) == 4


def test_only_the_owner_reads_them(tmp_path: Path) -> None:
    DevelopmentKeys(tmp_path / "keys.json").password("postgres")
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_a_keyring_is_one_that_the_chassis_reads(tmp_path: Path) -> None:
    setting = DevelopmentKeys(tmp_path / "keys.json").keyring("sealing")
    assert Keyring.parse(SecretStr(setting)).current_id == "local-1"


def test_two_purposes_never_share_a_key(tmp_path: Path) -> None:
    keys = DevelopmentKeys(tmp_path / "keys.json")
    rings = [json.loads(keys.keyring(name))["keys"]["local-1"] for name in ("columns:wallet", "hashes:wallet")]
    assert rings[0] != rings[1]
