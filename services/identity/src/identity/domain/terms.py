"""약관: versioned documents, required or optional, and what was agreed to (IDN-06)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from identity.domain.errors import TermsNotAgreedError


@dataclass(frozen=True)
class TermsDocument:
    """One version of a document; the highest version in force is the present one."""

    code: str
    version: int
    title: str
    body: str
    required: bool
    effective_at: datetime


@dataclass(frozen=True)
class Agreement:
    """Someone agreed to a version of a document: when, and from which address."""

    code: str
    version: int
    agreed_at: datetime
    agreed_from: str


def present_documents(documents: Iterable[TermsDocument], at: datetime) -> tuple[TermsDocument, ...]:
    """Of each code the highest version that is in force at the moment, ordered by code."""
    present: dict[str, TermsDocument] = {}
    for document in sorted(documents, key=lambda each: (each.code, each.version)):
        if document.effective_at <= at:
            present[document.code] = document
    return tuple(present.values())


def agree(
    present: Sequence[TermsDocument], chosen: Iterable[tuple[str, int]], *, at: datetime, source: str
) -> tuple[Agreement, ...]:
    """The agreements to what was ticked; optional documents may be left out.

    Raises `TermsNotAgreedError` naming the required documents left out and those that are not present ones.
    """
    wanted = set(chosen)
    offered = {(document.code, document.version) for document in present}
    required = {(document.code, document.version) for document in present if document.required}
    wrong = (wanted - offered) | (required - wanted)
    if wrong:
        raise TermsNotAgreedError(tuple(sorted({code for code, _ in wrong})))
    return tuple(Agreement(code, version, at, source) for code, version in sorted(wanted))


def covers_required(agreements: Iterable[Agreement], present: Iterable[TermsDocument]) -> bool:
    """Whether every required document in force is agreed to in its present version."""
    return not missing_required(agreements, present)


def missing_required(agreements: Iterable[Agreement], present: Iterable[TermsDocument]) -> list[TermsDocument]:
    """The required documents in force whose present version is not agreed to."""
    agreed = {(agreement.code, agreement.version) for agreement in agreements}
    return [each for each in present if each.required and (each.code, each.version) not in agreed]
