"""A card: the picture that a template's messages carry where their way carries one (MSG-04)."""

from dataclasses import dataclass, field
from hashlib import sha256

from messaging.domain.errors import MessagingError

CARD_BYTES_MAX = 300 * 1024
"""What the networks take in an MMS."""
_JPEG_START = b"\xff\xd8\xff"


class CardNotAllowed(MessagingError):
    """No JPEG, or too large for an MMS."""

    def __init__(self, bytes_given: int) -> None:
        super().__init__("a card is a JPEG of a size that an MMS takes")
        self.bytes_given = bytes_given
        self.bytes_max = CARD_BYTES_MAX


@dataclass(frozen=True)
class Card:
    """A picture under the digest of its content: an address never changes its picture."""

    key: str
    content: bytes = field(repr=False)

    @classmethod
    def of(cls, content: bytes) -> "Card":
        """Raises `CardNotAllowed`; the kind is judged by the content."""
        if not content.startswith(_JPEG_START) or len(content) > CARD_BYTES_MAX:
            raise CardNotAllowed(len(content))
        return cls(sha256(content).hexdigest(), content)
