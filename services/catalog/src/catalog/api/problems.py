"""The one map of the catalogue's errors to problems."""

from catalog.domain.errors import (
    BannerLinkError,
    BannerNotFound,
    BannersDiffer,
    CartFull,
    CartLineNotFound,
    CompanyNotKnownYet,
    OfferNotFound,
    OfferTaken,
    PictureUnreadable,
    PriceError,
    ProductCodeTaken,
    ProductDiscontinued,
    ProductNotFound,
    QuoteIncomplete,
    QuoteNotFound,
    QuoteRecipientsCount,
    SheetCellError,
    SheetUnreadable,
    TooManyBanners,
    TooManyTabs,
    UnknownCode,
    ValidityError,
    ValidityNotSold,
    ValidityOfferedAlready,
)
from chassis.problems import ProblemType

PROBLEMS: dict[type[Exception], ProblemType] = {
    ProductNotFound: ProblemType(
        "product_not_found", 404, "상품을 찾을 수 없습니다.", "There is no such product.", members=("product_id",)
    ),
    OfferNotFound: ProblemType(
        "offer_not_found", 404, "판매 상품을 찾을 수 없습니다.", "There is no such offer.", members=("offer_id",)
    ),
    ValidityError: ProblemType(
        "validity_not_offered",
        422,
        "유효기간 {validity_days}일은 등록할 수 없습니다. 30일, 60일, 90일 중에서 선택해 주세요.",
        "A validity of {validity_days} days is not offered; choose 30, 60 or 90 days.",
        members=("validity_days",),
    ),
    PriceError: ProblemType(
        "price_not_positive",
        422,
        "가격은 1원 이상이어야 합니다.",
        "A price is at least 1 KRW.",
        members=("price_krw",),
    ),
    UnknownCode: ProblemType(
        "unknown_code",
        422,
        "등록되지 않은 코드입니다: {unknown}",
        "There is no {kind} with the code {unknown}; import it too.",
        members=("kind", "unknown"),
    ),
    OfferTaken: ProblemType(
        "offer_taken",
        409,
        "공급사 상품코드 {supplier_goods_code}는 이미 다른 상품에 등록되어 있습니다.",
        "The goods code {supplier_goods_code} of {supplier} is offered already.",
        members=("supplier", "supplier_goods_code"),
    ),
    ProductDiscontinued: ProblemType(
        "product_discontinued",
        409,
        "판매가 중지된 상품입니다: {product_name}",
        "{product_name} is no longer sold.",
        members=("product_id",),
    ),
    ValidityNotSold: ProblemType(
        "validity_not_sold",
        422,
        "선택할 수 없는 유효기간입니다. 선택 가능한 유효기간(일): {offered}",
        "The product is not sold with this validity; choose one of these days: {offered}.",
        members=("validity_days", "offered_days"),
    ),
    CartFull: ProblemType(
        "cart_full",
        409,
        "장바구니에는 상품을 {lines_max}개까지 담을 수 있습니다.",
        "A cart holds at most {lines_max} products.",
        members=("lines", "lines_max"),
    ),
    CartLineNotFound: ProblemType(
        "cart_line_not_found",
        404,
        "장바구니에 없는 상품입니다.",
        "Your cart has no such line.",
        members=("line_id",),
    ),
    TooManyTabs: ProblemType(
        "too_many_tabs",
        422,
        "인기상품 탭은 {tabs_max}개까지 선택할 수 있습니다.",
        "At most {tabs_max} tabs of popular products can be chosen.",
        members=("tabs_max",),
    ),
    QuoteIncomplete: ProblemType(
        "quote_products_count",
        422,
        "견적서에는 상품을 1개 이상 {products_max}개 이하로 담아 주세요.",
        "A quote is for 1 to {products_max} products.",
        members=("products", "products_max"),
    ),
    QuoteRecipientsCount: ProblemType(
        "quote_recipients_count",
        422,
        "견적서의 수신자 수는 1명 이상 {recipients_max:,}명 이하로 입력해 주세요.",
        "A quote is for 1 to {recipients_max:,} recipients.",
        members=("recipients", "recipients_max"),
    ),
    QuoteNotFound: ProblemType(
        "quote_not_found", 404, "견적서를 찾을 수 없습니다.", "There is no such quote.", members=("quote_id",)
    ),
    CompanyNotKnownYet: ProblemType(
        "company_not_known_yet",
        409,
        "업체 정보를 준비하고 있습니다. 잠시 후 다시 시도해 주세요.",
        "Your company's name has not arrived here yet. Try again shortly.",
    ),
    ProductCodeTaken: ProblemType(
        "product_code_taken",
        409,
        "이미 사용 중인 상품코드입니다: {taken}",
        "Another product has the code {taken}.",
        members=("taken",),
    ),
    ValidityOfferedAlready: ProblemType(
        "validity_offered_already",
        409,
        "유효기간 {validity_days}일 상품이 이미 등록되어 있습니다.",
        "The product has an offer of {validity_days} days already.",
        members=("validity_days",),
    ),
    SheetCellError: ProblemType(
        "cell_not_valid",
        422,
        "'{column}' 값을 확인해 주세요.",
        "The value under '{column}' is not valid.",
        members=("column",),
    ),
    SheetUnreadable: ProblemType(
        "sheet_unreadable",
        422,
        "상품 양식의 xlsx 파일이 아니거나 {rows_max}행을 넘습니다.",
        "The file is no xlsx of products, or has more than {rows_max} rows.",
        members=("rows_max",),
    ),
    PictureUnreadable: ProblemType(
        "picture_unreadable",
        422,
        "이미지를 읽을 수 없거나 크기가 너무 큽니다.",
        "The picture cannot be read, or is too large.",
    ),
    BannerLinkError: ProblemType(
        "banner_link_not_allowed",
        422,
        "배너 링크는 https:// 주소 또는 /로 시작하는 경로여야 합니다.",
        "A banner leads to an https address or to a path that begins with one slash.",
    ),
    BannerNotFound: ProblemType(
        "banner_not_found", 404, "배너를 찾을 수 없습니다.", "There is no such banner.", members=("banner_id",)
    ),
    BannersDiffer: ProblemType(
        "banners_differ",
        409,
        "모든 배너를 한 번씩 포함한 순서를 보내 주세요.",
        "The order has to name each banner once.",
    ),
    TooManyBanners: ProblemType(
        "too_many_banners",
        409,
        "배너는 {banners_max}개까지 등록할 수 있습니다.",
        "At most {banners_max} banners are kept.",
        members=("banners_max",),
    ),
}
