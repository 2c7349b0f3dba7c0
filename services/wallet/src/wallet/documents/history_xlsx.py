"""충전/사용내역 as a workbook of one sheet."""

from collections.abc import Sequence

from chassis.workbook_writing import Column, list_workbook
from wallet.domain.history import LABELS, HistoryLine
from wallet.domain.month import SEOUL

TITLE = "충전 사용내역"
COLUMNS = (
    Column("거래일시", 20),
    Column("구분", 14),
    Column("상세 내용", 60),
    Column("금액", 16, '+#,##0"원";-#,##0"원";0"원"'),
    Column("보유 충전금", 16, '#,##0"원"'),
)


def history_workbook(lines: Sequence[HistoryLine]) -> bytes:
    """The lines as xlsx, in the order given: sums are numbers, and no text is ever a formula."""
    return list_workbook(TITLE, COLUMNS, map(_cells, lines))


def _cells(line: HistoryLine) -> tuple[str | int, ...]:
    _, kind_ko = LABELS[line.kind]
    return (
        f"{line.at.astimezone(SEOUL):%Y-%m-%d %H:%M}",
        kind_ko,
        line.detail_ko,
        line.amount_krw,
        line.balance_krw,
    )
