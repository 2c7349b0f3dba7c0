"""Products by workbook: everything out, edited, and back in with a result for each row (CAT-06)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.application.importing import OfferRow, ProductRow, put_product
from catalog.application.ports import UnitOfWork
from catalog.application.products import DiscontinueProduct, ResumeProduct, discontinue_product, resume_product
from catalog.domain.errors import CatalogError, SheetCellError
from catalog.domain.offer import VALIDITIES_DAYS, Offer
from catalog.domain.product import Product, Restrictions
from contracts.audit import Act

CODE, BRAND, CATEGORY, NAME, NOTICE = "상품코드", "브랜드코드", "카테고리코드", "상품명", "유의사항"
FACE_PRICE, CASH_LIKE, NIGHT, SINGLE, STATE = "정가", "환금성", "야간제한", "단일수신", "판매상태"
YES, NO = "Y", "N"
ON_SALE, STOPPED = "판매중", "판매중지"
LETTERS_MAX = {CODE: 40, BRAND: 40, CATEGORY: 40, NAME: 100, NOTICE: 4_000}
PRICE_KRW_MAX = 10_000_000


def offer_columns(validity_days: int) -> tuple[str, str, str]:
    """The columns of an offer: its sale price, supplier and supplier's goods code."""
    return f"{validity_days}일 판매가", f"{validity_days}일 공급사", f"{validity_days}일 공급사상품코드"


COLUMNS = (
    *(CODE, BRAND, CATEGORY, NAME, NOTICE, FACE_PRICE, CASH_LIKE, NIGHT, SINGLE, STATE),
    *(column for days in VALIDITIES_DAYS for column in offer_columns(days)),
)


@dataclass(frozen=True)
class SheetRow:
    """A row of a workbook by its columns; cells that are empty are missing."""

    row_no: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class RowResult:
    """What became of a row: `created`, `changed` or `unchanged`, or why it was refused."""

    row_no: int
    code: str
    outcome: str
    refusal: CatalogError | None = None


@dataclass(frozen=True)
class ImportSheet:
    """The rows of a workbook."""

    operator_id: UUID
    rows: Sequence[SheetRow]


def import_sheet(command: ImportSheet, uow: UnitOfWork) -> Sequence[RowResult]:
    """Create and change products row by row by their codes; a refused row changes nothing and stops no other."""
    results = []
    for row in command.rows:
        code = row.cells.get(CODE, "")
        try:
            with uow.savepoint():
                results.append(RowResult(row.row_no, code, _put(row, command.operator_id, uow)))
        except CatalogError as refusal:
            results.append(RowResult(row.row_no, code, "refused", refusal))
    after: dict[str, object] = dict(Counter(result.outcome for result in results))
    uow.outbox.add_act(command.operator_id, Act("products.imported", "catalogue", "workbook", after=after))
    return results


def sheet_row(product: Product, offers: Sequence[Offer], at: datetime) -> Mapping[str, str | int]:
    """A product at the prices of a moment, as a row that can be imported again."""
    restrictions = product.restrictions
    cells: dict[str, str | int] = {
        CODE: product.code,
        BRAND: product.brand.code,
        CATEGORY: product.category.code,
        NAME: product.name,
        NOTICE: product.notice,
        FACE_PRICE: product.face_price_krw,
        CASH_LIKE: YES if restrictions.cash_like else NO,
        NIGHT: YES if restrictions.night_restricted else NO,
        SINGLE: YES if restrictions.single_recipient else NO,
        STATE: STOPPED if product.discontinued else ON_SALE,
    }
    for offer in offers:
        price, supplier, goods_code = offer_columns(offer.validity_days)
        cells |= {price: offer.sale_price_krw(at), supplier: offer.supplier, goods_code: offer.supplier_goods_code}
    return cells


def _put(row: SheetRow, operator_id: UUID, uow: UnitOfWork) -> str:
    product_id, outcome = put_product(_product_row(row), uow)
    state = row.cells.get(STATE)
    if state not in (None, ON_SALE, STOPPED):
        raise SheetCellError(STATE)
    is_stopped = uow.products.get_for_update(product_id).discontinued
    if state is None or is_stopped == (state == STOPPED):
        return outcome
    if state == STOPPED:
        discontinue_product(DiscontinueProduct(operator_id, product_id), uow)
    else:
        resume_product(ResumeProduct(operator_id, product_id), uow)
    return outcome if outcome == "created" else "changed"


def _product_row(row: SheetRow) -> ProductRow:
    offers = [offer for days in VALIDITIES_DAYS if (offer := _offer_row(row, days)) is not None]
    if not offers:
        raise SheetCellError(offer_columns(VALIDITIES_DAYS[0])[0])
    return ProductRow(
        code=_text(row, CODE),
        brand_code=_text(row, BRAND),
        category_code=_text(row, CATEGORY),
        name=_text(row, NAME),
        notice=_text(row, NOTICE) if row.cells.get(NOTICE) else "",
        face_price_krw=_price(row, FACE_PRICE),
        restrictions=Restrictions.of(
            cash_like=_flag(row, CASH_LIKE) or False,
            night_restricted=_flag(row, NIGHT),
            single_recipient=_flag(row, SINGLE),
        ),
        offers=offers,
    )


def _offer_row(row: SheetRow, validity_days: int) -> OfferRow | None:
    price, supplier, goods_code = offer_columns(validity_days)
    if not any(row.cells.get(column) for column in (price, supplier, goods_code)):
        return None
    return OfferRow(validity_days, _price(row, price), _text(row, supplier), _text(row, goods_code))


def _text(row: SheetRow, column: str) -> str:
    text = row.cells.get(column, "")
    if not 1 <= len(text) <= LETTERS_MAX.get(column, 40):
        raise SheetCellError(column)
    return text


def _price(row: SheetRow, column: str) -> int:
    text = row.cells.get(column, "").replace(",", "").removesuffix("원")
    # isdecimal alone would let digits of other scripts through.
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and 0 < int(text) <= PRICE_KRW_MAX):
        raise SheetCellError(column)
    return int(text)


def _flag(row: SheetRow, column: str) -> bool | None:
    text = row.cells.get(column, "").upper()
    if text not in ("", YES, NO):
        raise SheetCellError(column)
    return text == YES if text else None
