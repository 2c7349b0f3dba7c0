"""What is trusted of an address (IDN-11)."""

import pytest

from identity.domain.address import network_of

pytestmark = pytest.mark.rule("IDN-11")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
    ],
)
def test_ipv4_is_trusted_by_itself_and_ipv6_by_its_subscribers_part(address: str, network: str) -> None:
    assert network_of(address) == network
