"""What [확인하러 가기] opens (ORD-14): a card by its theme, and a message that the orderer edits freely; plain text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ordering.domain.errors import OrderingError
from ordering.domain.line import Recipient
from ordering.domain.message import COMPANY, NAME, OCCASION, VARIABLE, Template, longest_sizes


@dataclass(frozen=True)
class Card:
    """A card as the form offers it, by theme."""

    code: str
    theme: str
    name: str


CARDS: tuple[Card, ...] = (
    Card("basic", "기본", "보라"),
    Card("thanks_sunlight", "감사", "햇살"),
    Card("thanks_garden", "감사", "정원"),
    Card("birthday_party", "생일", "파티"),
    Card("birthday_sky", "생일", "하늘"),
    Card("congratulation_star", "축하", "별빛"),
    Card("season_spring", "명절·계절", "봄날"),
    Card("season_winter", "명절·계절", "겨울밤"),
    Card("cheer_sunrise", "응원", "해돋이"),
)
DEFAULT_CARD = CARDS[0].code
_CODES = frozenset(card.code for card in CARDS)
_JOINING = "\n\u200d"
"""Line breaks, and what joins emoji."""
_VARIABLES = (NAME, COMPANY, OCCASION)


class CardUnknownError(OrderingError):
    """No card has the code (ORD-14)."""

    def __init__(self, card: str) -> None:
        super().__init__(card)
        self.card = card


class CouponMessageInvalidError(OrderingError):
    """The message holds a character that cannot be shown, or a variable that nobody fills (ORD-14)."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found
        self.variables = ", ".join(f"#{{{variable}}}" for variable in _VARIABLES)


class CouponMessageTooLongError(OrderingError):
    """The filled message of the longest row passes the limit, in CP949 bytes (ORD-14)."""

    def __init__(self, size: int, size_max: int) -> None:
        super().__init__(f"{size} bytes")
        self.size = size
        self.size_max = size_max


@dataclass(frozen=True)
class CouponPageText:
    """The card and the message as they are frozen at placing; `variables` are bare names."""

    card: str
    message: str
    variables: tuple[str, ...]

    @classmethod
    def of(cls, card: str | None, message: str | None, template: Template) -> "CouponPageText":
        """What was chosen; without a message the alimtalk's text, which the form is prefilled with.

        Raises `CardUnknownError` and `CouponMessageInvalidError`.
        """
        code = card or DEFAULT_CARD
        if code not in _CODES:
            raise CardUnknownError(code)
        text = (message or "").replace("\r\n", "\n").strip()
        if not text:
            return cls(code, template.body, template.variables)
        unprintable = next((one for one in text if not one.isprintable() and one not in _JOINING), None)
        if unprintable is not None:
            raise CouponMessageInvalidError(f"U+{ord(unprintable):04X}")
        variables = tuple(dict.fromkeys(VARIABLE.findall(text)))
        unknown = next((variable for variable in variables if variable not in _VARIABLES), None)
        if unknown is not None:
            raise CouponMessageInvalidError(f"#{{{unknown}}}")
        return cls(code, text, variables)

    def admit_longest(self, recipients: Sequence[Recipient], typed: Mapping[str, str], bytes_max: int) -> None:
        """Judge the longest row's message. Raises `CouponMessageTooLongError`."""
        longest, _ = longest_sizes(recipients, self.message, self.variables, typed)
        if longest.bytes_cp949 > bytes_max:
            raise CouponMessageTooLongError(longest.bytes_cp949, bytes_max)


def with_variables_of(template: Template, page: CouponPageText) -> Iterator[str]:
    """The variables of both texts, each once: for each of them a value is needed."""
    return iter(dict.fromkeys((*template.variables, *page.variables)))
