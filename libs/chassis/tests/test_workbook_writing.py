"""Workbooks that we write: numbers are numbers, and nothing that a person entered becomes more than text."""

import io
import zipfile

from python_calamine import CalamineWorkbook

from chassis.workbook_writing import Column, form_workbook, list_workbook

HOSTILE = ('=HYPERLINK("http://evil.example")', "http://evil.example", "{=1+1}", "01012345678")


def parts_of(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def cells_of(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_a_list_has_its_headings_numbers_and_texts_as_they_are() -> None:
    content = list_workbook("목록", [Column("이름", 20), Column("금액", 16, '#,##0"원"')], [("=홍", 1_000), ("", -5)])
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == ["목록"]
    assert cells_of(content) == [["이름", "금액"], ["=홍", 1_000.0], ["", -5.0]]
    assert b"#,##0&quot;" in parts_of(content)


def test_what_a_person_entered_is_never_a_formula_or_a_link() -> None:
    for content in (
        list_workbook("목록", [Column("값", 20)] * 4, [HOSTILE]),
        form_workbook(HOSTILE, [HOSTILE], (20,) * 4),
    ):
        assert cells_of(content)[1] == list(HOSTILE)
        assert b"<f>" not in parts_of(content)
        assert b"<hyperlink" not in parts_of(content)


def test_headings_stay_in_sight_where_asked_for() -> None:
    frozen = list_workbook("목록", [Column("값", 20)], [("a",)], headings_stay=True)
    assert b'state="frozen"' in parts_of(frozen)
    assert b'state="frozen"' not in parts_of(list_workbook("목록", [Column("값", 20)], [("a",)]))


def test_a_form_takes_texts_only() -> None:
    assert b'formatCode="@"' in parts_of(form_workbook(("전화",), [], (20,)))
