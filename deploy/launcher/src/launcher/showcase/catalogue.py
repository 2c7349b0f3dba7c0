"""The demo catalogue: invented brands, some sixty products, prices by validity."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SUPPLIER = "giftishow"
NOTICE = "유효기간 안에 매장에서 바코드를 보여 주세요. 다른 쿠폰과 함께 쓸 수 없으며, 현금으로 바꾸어 드리지 않습니다."
DISCOUNTS = {30: 2, 60: 1, 90: 0}
"""How many percent cheaper than its face price an offer is, by its validity in days."""
CASH_LIKE_DISCOUNTS = {30: 1}

CATEGORIES = {
    "CAFE": "카페",
    "CHICKEN": "치킨",
    "PIZZA": "피자/버거",
    "BAKERY": "베이커리",
    "STORE": "편의점",
    "ICECREAM": "아이스크림",
    "MOVIE": "영화",
    "VOUCHER": "상품권/페이",
}

BRANDS: dict[str, tuple[str, str, dict[str, int]]] = {
    "MOONBEAN": (
        "달빛커피",
        "CAFE",
        {
            "아메리카노 T": 4_500,
            "카페라떼 T": 5_000,
            "바닐라라떼 T": 5_500,
            "콜드브루 T": 4_900,
            "아메리카노 2잔 세트": 9_000,
        },
    ),
    "GREENLEAF": (
        "초록잎차",
        "CAFE",
        {
            "제주 녹차": 4_800,
            "유자차": 5_200,
            "밀크티": 5_500,
            "녹차라떼": 5_300,
            "차와 다식 세트": 12_000,
        },
    ),
    "GOLDHEN": (
        "황금닭",
        "CHICKEN",
        {
            "후라이드": 18_000,
            "양념치킨": 19_000,
            "반반치킨": 19_500,
            "간장순살": 21_000,
            "치킨과 콜라 1.25L": 20_500,
        },
    ),
    "CRISPY": (
        "바삭공방",
        "CHICKEN",
        {
            "크리스피 윙 12조각": 17_900,
            "매운 윙 12조각": 18_900,
            "치즈볼 세트": 22_000,
            "순살 한 마리": 21_900,
        },
    ),
    "STONEOVEN": (
        "돌가마피자",
        "PIZZA",
        {
            "마르게리타 L": 24_900,
            "불고기 L": 27_900,
            "포테이토 L": 26_900,
            "반반 L과 콜라": 29_900,
            "콤비네이션 L": 25_900,
        },
    ),
    "BURGERIN": (
        "버거인",
        "PIZZA",
        {
            "클래식버거 세트": 8_900,
            "더블치즈버거 세트": 10_900,
            "새우버거 세트": 9_400,
            "머쉬룸버거 세트": 9_900,
            "버거 2인 세트": 19_000,
        },
    ),
    "MORNINGLOAF": (
        "아침식빵",
        "BAKERY",
        {
            "모닝세트": 6_500,
            "생크림케이크 1호": 27_000,
            "초코케이크 1호": 29_000,
            "교환권 10,000원": 10_000,
            "샌드위치와 주스": 8_200,
        },
    ),
    "CORNER24": (
        "모퉁이24",
        "STORE",
        {
            "모바일 금액권 3,000원": 3_000,
            "모바일 금액권 5,000원": 5_000,
            "모바일 금액권 10,000원": 10_000,
            "바나나우유": 1_700,
            "도시락": 5_500,
        },
    ),
    "SNOWCONE": (
        "눈꽃고깔",
        "ICECREAM",
        {
            "싱글레귤러": 3_900,
            "더블주니어": 5_100,
            "파인트": 9_800,
            "쿼터": 18_500,
            "하프갤런": 31_500,
        },
    ),
    "SCREENON": (
        "스크린온",
        "MOVIE",
        {
            "영화관람권 1매": 13_000,
            "영화관람권 2매": 26_000,
            "팝콘 콤보": 10_000,
            "관람권 2매와 콤보": 34_000,
        },
    ),
    "DELIGO": (
        "배달고",
        "VOUCHER",
        {
            "모바일상품권 5,000원": 5_000,
            "모바일상품권 10,000원": 10_000,
            "모바일상품권 30,000원": 30_000,
            "모바일상품권 50,000원": 50_000,
        },
    ),
    "NURIPAY": (
        "누리페이",
        "VOUCHER",
        {
            "포인트 5,000원": 5_000,
            "포인트 10,000원": 10_000,
            "상품권 30,000원": 30_000,
            "상품권 60,000원": 60_000,
        },
    ),
}
"""Code → name, category, products with their face prices in KRW."""

CASH_LIKE_BRANDS = frozenset({"NURIPAY"})


@dataclass(frozen=True)
class DemoOffer:
    """A product × validity with its price."""

    validity_days: int
    sale_price_krw: int
    goods_code: str


@dataclass(frozen=True)
class DemoProduct:
    """A product with its offers."""

    code: str
    brand_code: str
    brand_name: str
    category_code: str
    name: str
    face_price_krw: int
    cash_like: bool
    offers: tuple[DemoOffer, ...]


def products() -> Iterator[DemoProduct]:
    """Every demo product."""
    for brand_code, (brand_name, category_code, priced) in BRANDS.items():
        cash_like = brand_code in CASH_LIKE_BRANDS
        for number, (name, face_price_krw) in enumerate(priced.items(), start=1):
            code = f"{brand_code}-{number:02d}"
            discounts = CASH_LIKE_DISCOUNTS if cash_like else DISCOUNTS
            offers = tuple(
                DemoOffer(days, _ten_won(face_price_krw * (100 - percent) // 100), f"G{code}-{days}")
                for days, percent in discounts.items()
            )
            yield DemoProduct(code, brand_code, brand_name, category_code, name, face_price_krw, cash_like, offers)


def as_import() -> Mapping[str, Any]:
    """The catalogue as its import endpoint takes it."""
    return {
        "brands": [{"code": code, "name": name} for code, (name, _, _) in BRANDS.items()],
        "categories": [{"code": code, "name": name} for code, name in CATEGORIES.items()],
        "products": [
            {
                "code": product.code,
                "brand_code": product.brand_code,
                "category_code": product.category_code,
                "name": product.name,
                "notice": NOTICE,
                "face_price_krw": product.face_price_krw,
                "cash_like": product.cash_like,
                "offers": [
                    {
                        "validity_days": offer.validity_days,
                        "sale_price_krw": offer.sale_price_krw,
                        "supplier": SUPPLIER,
                        "supplier_goods_code": offer.goods_code,
                    }
                    for offer in product.offers
                ],
            }
            for product in products()
        ],
    }


def as_goods() -> list[dict[str, Any]]:
    """The same as the supplier's goods, as its sandbox takes them."""
    return [
        {
            "goodsCode": offer.goods_code,
            "goodsName": f"[{product.brand_name}] {product.name}",
            "brandCode": product.brand_code,
            "brandName": product.brand_name,
            "salePrice": product.face_price_krw,
            "discountPrice": _ten_won(offer.sale_price_krw * 95 // 100),
            "validPrdDay": offer.validity_days,
            "goodsStateCd": "SALE",
        }
        for product in products()
        for offer in product.offers
    ]


def _ten_won(amount_krw: int) -> int:
    return amount_krw // 10 * 10
