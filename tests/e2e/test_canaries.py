"""Personal values and secrets stand nowhere in plain: no column, no message, no outbox, no dead letter."""

from dataclasses import replace

import pytest
from canaries import Sung, leaks

WRITTEN_TO = {
    "identity/outbox.envelope",
    "identity/sign_ups.phone",
    "messaging/codes.code",
    "messaging/deliveries.text",
    "messaging/inbox.message_id",
    "messaging/mails.text",
    "ordering/coupons.number",
    "ordering/order_lines.phone",
    "queue/messaging.send_code.v1",
    "queue/ordering.dispatch_requested.v1",
    "wallet/payment_notices.body",
}
"""Some of what the main job writes to."""

DRIVEN = {
    "a recipient's name",
    "the account's email",
    "a password",
    "a sign-up token",
    "an access token",
    "a refresh token",
    "a phone",
    "a coupon's number",
    "a link's token",
    "a code",
}


@pytest.mark.rule("IDN-09", "ORD-24", "MSG-01")
def test_personal_values_and_secrets_are_found_in_no_column_and_no_message(sung: Sung) -> None:
    assert {canary.what for canary in sung.canaries} >= DRIVEN
    assert leaks(sung.canaries, sung.written) == []


def test_what_was_watched_is_what_the_main_job_writes_to(sung: Sung) -> None:
    assert {each.place for each in sung.written} >= WRITTEN_TO
    anywhere = leaks([replace(canary, plain_in=frozenset()) for canary in sung.canaries], sung.written)
    assert "a recipient's name in ordering/order_lines.name" in anywhere
    assert "the account's email in identity/members.email" in anywhere
