"""The values that fill a template's variables, row by row (ORD-13, ORD-37)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ordering.domain.errors import MessageTooLongError, RowProblem, TypedValueError, TypedValueMissingError
from ordering.domain.limits import OrderLimits
from ordering.domain.line import Recipient, cleaned_text

NAME = "이름"
COMPANY = "회사명"
OCCASION = "기념일"
VARIABLE = re.compile(r"#\{([^{}]{1,20})\}")
LAST_OF_ASCII = "\x7f"


@dataclass(frozen=True)
class MessageSize:
    """A text's size as the manual's counter counts it, in CP949 bytes, and in characters as the provider does."""

    bytes_cp949: int
    characters: int

    def __add__(self, other: "MessageSize") -> "MessageSize":
        return MessageSize(self.bytes_cp949 + other.bytes_cp949, self.characters + other.characters)

    def __mul__(self, times: int) -> "MessageSize":
        return MessageSize(self.bytes_cp949 * times, self.characters * times)


@dataclass(frozen=True)
class Template:
    """This service's copy of a message template; variables are bare names."""

    template_id: UUID
    version: int
    body: str
    variables: tuple[str, ...]
    usable: bool


def bare(variable: str) -> str:
    """`이름` of `#{이름}`."""
    return variable.removeprefix("#{").removesuffix("}")


def typed_values(given: Mapping[str, str], template: Template, limits: OrderLimits) -> dict[str, str]:
    """The values typed once for all rows; an empty one is as good as none (자동완성).

    Raises `TypedValueError` for one that is too long or unknown to the template, `TypedValueMissingError`.
    """
    longest = {
        NAME: limits.name_characters_max,
        COMPANY: limits.company_characters_max,
        OCCASION: limits.occasion_characters_max,
    }
    typed = {bare(variable): cleaned_text(value) for variable, value in given.items()}
    for variable, value in typed.items():
        characters_max = longest.get(variable, limits.occasion_characters_max)
        if variable not in template.variables or len(value) > characters_max:
            raise TypedValueError(variable, characters_max)
    for variable in template.variables:
        if variable not in {NAME, COMPANY} and not typed.get(variable):
            raise TypedValueMissingError(variable)
    return {variable: value for variable, value in typed.items() if value}


def values_of(variables: Sequence[str], typed: Mapping[str, str], name: str, company: str) -> dict[str, str]:
    """One row's values: what was typed, else what the row says."""
    own = {NAME: name, COMPANY: company, **typed}
    return {variable: own.get(variable, "") for variable in variables}


def lacking(
    recipients: Sequence[Recipient], variables: Sequence[str], typed: Mapping[str, str]
) -> Iterator[RowProblem]:
    """Rows that lack a value which the template uses; reported before anything is ordered."""
    by_row = [(variable, field) for variable, field in ((NAME, "name"), (COMPANY, "company")) if variable not in typed]
    for variable, field in by_row:
        if variable in variables:
            for recipient in recipients:
                if not getattr(recipient, field):
                    yield RowProblem(recipient.row_no, field, f"{field}_needed")


def filled(body: str, values: Mapping[str, str]) -> str:
    """The text as the recipient reads it; what stands in a value is no variable."""
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), body)


def size_of(text: str) -> MessageSize:
    """A line break counts 1, whatever marks it; a character that is not ASCII counts 2, also outside CP949."""
    text = text.replace("\r\n", "\n")
    if text.isascii():
        return MessageSize(len(text), len(text))
    return MessageSize(len(text) + sum(character > LAST_OF_ASCII for character in text), len(text))


def longest_sizes(
    recipients: Sequence[Recipient], body: str, variables: Sequence[str], typed: Mapping[str, str]
) -> tuple[MessageSize, MessageSize]:
    """The filled texts that are longest in bytes and in characters."""
    uses = {variable: body.count(f"#{{{variable}}}") for variable in variables}
    bare_size = size_of(filled(body, dict.fromkeys(variables, "")))
    longest_bytes = longest_characters = MessageSize(0, 0)
    # Rows of the same name and company have the same message.
    for name, company in {(recipient.name, recipient.company) for recipient in recipients}:
        values = values_of(variables, typed, name, company)
        size = sum((size_of(values[variable]) * times for variable, times in uses.items()), bare_size)
        longest_bytes = max(longest_bytes, size, key=lambda one: one.bytes_cp949)
        longest_characters = max(longest_characters, size, key=lambda one: one.characters)
    return longest_bytes, longest_characters


def admit_longest(
    recipients: Sequence[Recipient], template: Template, typed: Mapping[str, str], limits: OrderLimits
) -> None:
    """Judge the filled message of the longest row. Raises `MessageTooLongError` naming the limit that was passed."""
    longest_bytes, longest_characters = longest_sizes(recipients, template.body, template.variables, typed)
    if longest_bytes.bytes_cp949 > limits.message_bytes_max:
        raise MessageTooLongError("bytes", longest_bytes.bytes_cp949, limits.message_bytes_max)
    if longest_characters.characters > limits.message_characters_max:
        raise MessageTooLongError("characters", longest_characters.characters, limits.message_characters_max)
