"""Recipients from workbooks: every trap of spreadsheets, and what comes back (ORD-09, ORD-10, ORD-11)."""

import io
import unicodedata
import zipfile
from collections.abc import Callable, Sequence

import pytest
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ordering.api.recipient_files import _reasons_ko
from ordering.application.uploading import UploadedRecipients, take_file
from ordering.documents.recipient_workbooks import RecipientWorkbooks
from ordering.domain.errors import RecipientsCountError, WorkbookRowsError, WorkbookUnreadableError
from ordering.domain.line import Row
from ordering.settings import OrderRules

HEADINGS = ("휴대전화번호[필수]", "이름[선택]", "회사명[선택]", "직책/직급[선택]")


def a_workbook(*rows: Sequence[object], fill: Callable[[Workbook, Worksheet], None] | None = None) -> bytes:
    """An xlsx with these rows."""
    content = io.BytesIO()
    with Workbook(content) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if fill is not None:
            fill(workbook, sheet)
    return content.getvalue()


@pytest.fixture
def take(rules: OrderRules) -> Callable[[bytes], UploadedRecipients]:
    return lambda content: take_file(content, RecipientWorkbooks(), rules.placing().limits, _reasons_ko)


Take = Callable[[bytes], UploadedRecipients]


@pytest.mark.rule("ORD-09")
@pytest.mark.parametrize(
    "written",
    [
        "01012345678",
        1012345678,
        "010-1234-5678",
        "010 1234 5678",
        "+82 10-1234-5678",
        "０１０－１２３４－５６７８",
        " 01012345678 ",
    ],
)
def test_a_phone_is_read_however_a_person_writes_it(take: Take, written: object) -> None:
    found = take(a_workbook(HEADINGS, (written, "홍길동")))
    assert [one.phone for one in found.recipients] == ["01012345678"]
    assert found.refused == ()


@pytest.mark.rule("ORD-09")
def test_an_old_number_keeps_its_ten_digits_and_text_is_composed(take: Take) -> None:
    decomposed = unicodedata.normalize("NFD", "김하늘")
    found = take(a_workbook(HEADINGS, (161234567, decomposed, "한빛상사", "과장")))
    (one,) = found.recipients
    assert (one.phone, one.name, len(one.name)) == ("0161234567", "김하늘", 3)


@pytest.mark.rule("ORD-11")
def test_columns_are_known_by_their_headings_in_any_order(take: Take) -> None:
    found = take(a_workbook(("메모", "이름", "휴대전화번호"), ("x", "홍길동", "01012345678")))
    assert [(one.phone, one.name, one.company) for one in found.recipients] == [("01012345678", "홍길동", "")]


@pytest.mark.rule("ORD-11")
def test_bad_rows_are_told_with_the_sheets_number_and_good_rows_stay(take: Take) -> None:
    found = take(
        a_workbook(
            HEADINGS, ("01012345678", "홍길동"), (), ("02-123-4567", "김"), ("", "이름만"), ("01087654321", "가" * 11)
        )
    )
    assert [one.phone for one in found.recipients] == ["01012345678"]
    assert [(row.row_no, [problem.code for problem in row.problems]) for row in found.refused] == [
        (4, ["phone_invalid"]),
        (5, ["phone_missing"]),
        (6, ["name_too_long"]),
    ]
    assert found.refused[0].reasons_ko == "휴대전화번호: 휴대전화번호 형식이 올바르지 않습니다."


@pytest.mark.rule("ORD-11")
def test_refused_rows_come_back_as_a_workbook_that_can_be_mended_and_uploaded(take: Take) -> None:
    refused = take(a_workbook(HEADINGS, ("01012345678",), ("02-123", "김", "회사", "과장"))).refused
    content = RecipientWorkbooks().refused(refused)
    assert RecipientWorkbooks().read(content) == [(2, Row("02-123", "김", "회사", "과장"))]


@pytest.mark.rule("ORD-10")
def test_later_repeats_are_marked_by_their_rows(take: Take) -> None:
    found = take(a_workbook(HEADINGS, ("01012345678",), ("010-1234-5678",), (1012345678,)))
    assert len(found.recipients) == 3
    assert found.repeated_row_nos == (3, 4)


@pytest.mark.rule("ORD-11")
def test_sample_and_list_are_taken_by_the_upload_as_they_are(take: Take) -> None:
    workbooks = RecipientWorkbooks()
    assert len(take(workbooks.sample()).recipients) == 2
    row = Row("01012345678", "홍길동", "한빛상사", "과장")
    assert workbooks.read(workbooks.listed([row])) == [(2, row)]
    assert workbooks.read(workbooks.listed([])) == []


@pytest.mark.rule("ORD-11")
def test_formulas_are_not_evaluated_and_never_written(take: Take) -> None:
    def with_formula(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_formula(1, 1, '=HYPERLINK("http://evil.example")', None, "홍길동")

    found = take(a_workbook(HEADINGS, ("01012345678",), fill=with_formula))
    assert found.recipients[0].name == "홍길동"
    written = RecipientWorkbooks().listed([Row("01012345678", "=1+1")])
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.rule("ORD-11")
def test_a_merged_company_counts_for_each_of_its_rows_and_a_merged_phone_only_once(take: Take) -> None:
    def merge(_: Workbook, sheet: Worksheet) -> None:
        sheet.merge_range(1, 2, 2, 2, "한빛상사")
        sheet.merge_range(3, 0, 4, 0, "01000000003")

    rows = (("01000000001", "가"), ("01000000002", "나"), ("", "다"), ("", "라"))
    found = take(a_workbook(HEADINGS, *rows, fill=merge))
    assert [one.company for one in found.recipients] == ["한빛상사", "한빛상사", ""]
    assert [row.row_no for row in found.refused] == [5]


@pytest.mark.rule("ORD-11")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"PK\x03\x04 no archive",
        "휴대전화번호,이름\n01012345678,홍길동".encode(),
        a_workbook(("전화", "이름"), ("01012345678", "홍길동")),
        a_workbook(),
    ],
    ids=["empty", "pdf", "torn", "csv", "no phone column", "empty sheet"],
)
def test_what_is_no_workbook_of_recipients_is_refused(take: Take, content: bytes) -> None:
    with pytest.raises(WorkbookUnreadableError):
        take(content)


def repacked(content: bytes, name: str, body: bytes) -> bytes:
    """The archive with one of its files replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, body if entry.filename == name else old.read(entry.filename))
    return target.getvalue()


@pytest.mark.rule("ORD-11")
def test_a_zip_bomb_and_a_sheet_of_two_far_cells_take_no_memory(take: Take) -> None:
    sheet = "xl/worksheets/sheet1.xml"
    good = a_workbook(HEADINGS, ("01012345678",))
    with pytest.raises(WorkbookUnreadableError):
        take(repacked(good, sheet, b" " * 100_000_001))
    far = a_workbook(HEADINGS, ("01012345678",), fill=lambda _, page: page.write_string(9_999, 16_383, "x"))
    with pytest.raises(WorkbookUnreadableError):
        take(far)
    deep = a_workbook(HEADINGS, ("01012345678",), fill=lambda _, page: page.write_string(1_048_575, 0, "x"))
    with pytest.raises(WorkbookRowsError):
        take(deep)


@pytest.mark.rule("ORD-11")
def test_a_file_that_would_pass_ten_thousand_is_refused_whole(take: Take) -> None:
    rows = [(f"0102{number:07d}",) for number in range(10_001)]
    with pytest.raises(RecipientsCountError) as refusal:
        take(a_workbook(HEADINGS, *rows))
    assert (refusal.value.count, refusal.value.recipients_max) == (10_001, 10_000)
    assert len(take(a_workbook(HEADINGS, *rows[:10_000])).recipients) == 10_000
