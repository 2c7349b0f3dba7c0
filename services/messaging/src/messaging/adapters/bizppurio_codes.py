"""What the result codes of Bizppurio mean for us.

Codes come as numbers or as texts. Those of the hand-over are in the answer of the send call, those of the delivery in
reports.
"""

from messaging.domain.delivery import Channel

ACCEPTED = "1000"

TOKEN_REFUSED = frozenset({"3002", "3005"})
"""The access token is worn out: fetched anew, and the call made once more."""

LATER = frozenset({"3000", "3001", "3003", "3004", "3006", "3007", "3008", "3009", "3010"})
"""The provider did not take it, for reasons that somebody mends (credentials, addresses) or that pass (3008)."""

REFUSED = frozenset({"2000"})
"""The message itself is refused: another try would end the same."""

DELIVERED = {"7000": Channel.ALIMTALK, "6600": Channel.MMS, "4100": Channel.MMS}
"""The recipient has it, and by which way. 4100 is an SMS, which a recipient's message never is but by fallback."""

UNCERTAIN = frozenset({"7305", "7421"})
"""The provider itself does not know; the alimtalk may still arrive, and a later report says so."""

MERIT_MMS = frozenset(
    {
        *("7103", "7105", "7106", "7107"),  # the sender key is not, or no longer, to be used
        *("7108", "7109", "7110"),  # the channel is blocked, closed or deleted
        *("7204", "7315", "7325", "7327"),  # the template: another text, none, too long values, another button
        *("7306", "7318", "7322"),  # Kakao's own fault, no user of it or one who blocked us, not at this time
    }
)
"""An alimtalk that surely never arrived, at a number that an MMS may reach. All others that failed end there, a wrong
number (7308) and codes that nobody knows among them."""

MEDIA_CHANNEL = {"KAT": Channel.ALIMTALK, "MMS": Channel.MMS, "LMS": Channel.MMS, "SMS": Channel.MMS}
