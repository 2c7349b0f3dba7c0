"""The values that fill a template's variables, row by row (ORD-13, ORD-37)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ordering.domain.errors import RowProblem, TypedValueError, TypedValueMissingError
from ordering.domain.limits import OrderLimits
from ordering.domain.line import Recipient, cleaned_text

NAME = "이름"
COMPANY = "회사명"
OCCASION = "기념일"


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
    """The text as the recipient reads it."""
    for variable, value in values.items():
        body = body.replace(f"#{{{variable}}}", value)
    return body
