"""What the use cases' results are printed, written and scaled with."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalog.application.product_sheets import SheetRow
from catalog.application.views import ProductView
from catalog.domain.picture import PictureFormat
from catalog.domain.quote import Quote


@dataclass(frozen=True)
class QuoteDocuments:
    """A quote as a PDF and as a workbook."""

    pdf: Callable[[Quote], bytes]
    workbook: Callable[[Quote], bytes]


@dataclass(frozen=True)
class ProductWorkbooks:
    """The members' list, the operators' sheet, and reading that sheet again, which raises `SheetUnreadable`."""

    product_list: Callable[[Iterable[ProductView]], bytes]
    product_sheet: Callable[[Iterable[Mapping[str, str | int]]], bytes]
    read_sheet: Callable[[bytes], Sequence[SheetRow]]


Scaled = Callable[[bytes, int, PictureFormat], bytes]
"""A picture at most so many pixels wide. Raises `PictureUnreadable`."""
