"""A quote as PDF."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from catalog.documents.quote_words import COLUMNS, TITLE, head_of, notices_of, supplier_of
from catalog.domain.quote import Quote
from chassis.documents import render_pdf

_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def quote_pdf(quote: Quote) -> bytes:
    """The quote as it is printed: one table over as many pages as it takes."""
    page = _pages.get_template("quote.html").render(
        title=TITLE,
        columns=COLUMNS,
        quote=quote,
        figures=quote.figures,
        head=head_of(quote),
        supplier=supplier_of(quote),
        notices=notices_of(quote),
    )
    return render_pdf(page)
