"""Workbooks of contacts: what people upload is read, what is written can be uploaded again."""

import io
from datetime import date

import pytest
from xlsxwriter import Workbook

from messaging.documents.contact_workbooks import ContactWorkbooks
from messaging.domain.address_book_errors import TooManyRows, WorkbookUnreadable
from messaging.domain.contact import ContactFault, ContactProblem, ContactRow, RefusedRow

HEADINGS = [
    "이름[필수]",
    "휴대전화번호[필수]",
    "기념일[선택]",
    "양력/음력[선택]",
    "회사명[선택]",
    "소속/부서[선택]",
    "직책/직급[선택]",
]


def a_workbook(*rows: list[object]) -> bytes:
    target = io.BytesIO()
    with Workbook(target) as workbook:
        sheet, day = workbook.add_worksheet(), workbook.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                else:
                    sheet.write(number, column, value)
    return target.getvalue()


@pytest.mark.rule("ADR-04")
def test_the_sample_has_the_columns_of_the_form_and_can_be_uploaded() -> None:
    rows = ContactWorkbooks().read(ContactWorkbooks().sample())
    assert rows[0] == (2, ContactRow("홍길동", "01012345678", "1990/03/02", "양력", "한빛상사", "영업1팀", "과장"))


@pytest.mark.rule("ADR-04")
def test_number_and_date_cells_are_read_as_they_were_meant() -> None:
    content = a_workbook(HEADINGS, ["홍길동", 1012345678, date(1990, 3, 2), "", "", "", ""])
    ((number, row),) = ContactWorkbooks().read(content)
    assert (number, row.phone, row.anniversary) == (2, "1012345678", "1990/03/02")


@pytest.mark.rule("ADR-04")
def test_headings_may_stand_in_any_order_and_bare_and_rows_keep_their_numbers() -> None:
    content = a_workbook(["휴대전화번호", "비고", "이름"], [], ["01011112222", "x", "홍길동"])
    rows = [(number, row) for number, row in ContactWorkbooks().read(content) if not row.is_empty]
    assert rows == [(3, ContactRow("홍길동", "01011112222"))]


@pytest.mark.rule("ADR-04")
def test_refused_rows_come_back_with_number_and_reason_and_can_be_uploaded_again() -> None:
    row = ContactRow("홍길동", "0212345678", "1990/02/30", "양력", "한빛상사", "영업", "과장")
    problems = (
        ContactProblem("phone", ContactFault.NO_MOBILE_NUMBER),
        ContactProblem("anniversary", ContactFault.NO_SUCH_DAY),
    )
    content = ContactWorkbooks().refused([RefusedRow(7, row, problems)])
    assert ContactWorkbooks().read(content) == [(2, row)]


@pytest.mark.rule("ADR-04")
def test_a_text_that_looks_like_a_formula_is_written_as_text() -> None:
    row = ContactRow('=HYPERLINK("x")', "01011112222")
    assert ContactWorkbooks().read(ContactWorkbooks().refused([RefusedRow(2, row, ())])) == [(2, row)]


@pytest.mark.rule("ADR-04")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"name,phone\n",
        a_workbook(["A", "B"], ["홍", "1"]),
    ],
    ids=["empty", "broken xlsx", "broken xls", "csv", "other columns"],
)
def test_what_is_no_workbook_of_contacts_is_refused(content: bytes) -> None:
    with pytest.raises(WorkbookUnreadable):
        ContactWorkbooks().read(content)


@pytest.mark.rule("ADR-04")
def test_a_workbook_far_beyond_the_limit_is_not_read() -> None:
    with pytest.raises(TooManyRows):
        ContactWorkbooks().read(a_workbook(HEADINGS, *[["홍길동", "01011112222"]] * 20_001))
