"""Folders, groups and contacts: what is refused, and what always remains."""

from uuid import UUID, uuid4

import pytest

from messaging.domain import address_book_errors as errors
from messaging.domain.address_book import AddressBook, Folder, Group, a_new_book
from messaging.domain.anniversary import CalendarKind
from messaging.domain.contact import ContactDetails, ContactFault, ContactRow, read_row, sort_rows


class SomeLunarYears:
    """A calendar whose second month has 29 days."""

    def has(self, year: int, month: int, day: int) -> bool:
        return year > 0 and 1 <= month <= 12 and 1 <= day <= (29 if month == 2 else 30)


LUNAR = SomeLunarYears()


@pytest.fixture
def book() -> AddressBook:
    return a_new_book(uuid4(), uuid4)


def faults(**fields: str) -> set[tuple[str, ContactFault]]:
    read = read_row(ContactRow(**{"name": "홍길동", "phone": "01012345678", **fields}), LUNAR)
    return set() if isinstance(read, ContactDetails) else {(each.field, each.fault) for each in read}


@pytest.mark.rule("ADR-01")
def test_a_book_begins_with_the_default_folder_and_group(book: AddressBook) -> None:
    assert [folder.name for folder in book.folders] == ["기본 폴더"]
    assert [group.name for group in book.groups_of(book.folders[0].id)] == ["기본 그룹"]


@pytest.mark.rule("ADR-01")
def test_the_last_folder_and_the_last_group_remain(book: AddressBook) -> None:
    with pytest.raises(errors.LastFolder):
        book.without_folder(book.folders[0].id)
    with pytest.raises(errors.LastGroup):
        book.without_group(book.groups[0].id)


@pytest.mark.rule("ADR-01")
def test_the_folder_that_holds_all_groups_remains_and_an_empty_one_goes(book: AddressBook) -> None:
    empty = Folder(uuid4(), "거래처")
    wider = book.with_folder(empty)
    with pytest.raises(errors.FolderHoldsLastGroups):
        wider.without_folder(book.folders[0].id)
    assert wider.without_folder(empty.id) == book


@pytest.mark.rule("ADR-01")
def test_the_default_folder_may_be_renamed_and_deleted_like_any_other(book: AddressBook) -> None:
    other = Folder(uuid4(), "거래처")
    wider = book.with_folder(other).with_group(Group(uuid4(), other.id, "본사"))
    assert wider.with_folder_renamed(book.folders[0].id, "옛 폴더").folders[0].name == "옛 폴더"
    assert [folder.name for folder in wider.without_folder(book.folders[0].id).folders] == ["거래처"]


@pytest.mark.rule("ADR-01")
@pytest.mark.parametrize("name", ["", "  ", "가" * 21, "줄\n바꿈"])
def test_a_name_has_1_to_20_letters(book: AddressBook, name: str) -> None:
    with pytest.raises(errors.NameNotAllowed):
        book.with_folder(Folder(uuid4(), name))
    assert book.with_folder(Folder(uuid4(), "가" * 20)).folders[1].name == "가" * 20


@pytest.mark.rule("ADR-01", "ADR-02")
def test_names_are_unique_within_their_parent_also_after_a_move(book: AddressBook) -> None:
    with pytest.raises(errors.NameTaken):
        book.with_folder(Folder(uuid4(), " 기본 폴더 "))
    other = Folder(uuid4(), "거래처")
    twin = Group(uuid4(), other.id, "기본 그룹")
    wider = book.with_folder(other).with_group(twin)
    with pytest.raises(errors.NameTaken):
        wider.with_group_changed(twin.id, name=None, folder_id=book.folders[0].id)
    moved = wider.with_group_changed(twin.id, name="둘째", folder_id=book.folders[0].id)
    assert [group.name for group in moved.groups_of(book.folders[0].id)] == ["기본 그룹", "둘째"]


@pytest.mark.rule("ADR-06")
def test_what_is_not_in_the_book_is_not_found(book: AddressBook) -> None:
    for refused, ask in (
        (errors.FolderNotFound, lambda: book.folder(UUID(int=1))),
        (errors.GroupNotFound, lambda: book.without_group(UUID(int=1))),
        (errors.FolderNotFound, lambda: book.with_group_changed(book.groups[0].id, name=None, folder_id=UUID(int=1))),
    ):
        with pytest.raises(refused):
            ask()


@pytest.mark.rule("ADR-03")
def test_name_and_phone_are_required_and_everything_else_is_not() -> None:
    assert faults() == set()
    assert faults(name=" ", phone="") == {("name", ContactFault.MISSING), ("phone", ContactFault.MISSING)}


@pytest.mark.rule("ADR-03")
@pytest.mark.parametrize(("field", "letters_max"), [("name", 10), ("company", 20), ("department", 20), ("title", 10)])
def test_each_text_has_its_length(field: str, letters_max: int) -> None:
    assert faults(**{field: "가" * letters_max}) == set()
    assert faults(**{field: "가" * (letters_max + 1)}) == {(field, ContactFault.TOO_LONG)}


@pytest.mark.rule("ADR-03")
@pytest.mark.parametrize(
    "phone",
    [
        *("010-1234-5678", "1012345678", " 010 1234 5678 ", "０１０１２３４５６７８"),
        *("+82 10-1234-5678", "\u202a010-1234-5678\u202c"),
    ],
)
def test_a_phone_is_read_as_people_and_spreadsheets_write_it(phone: str) -> None:
    read = read_row(ContactRow(name="홍길동", phone=phone), LUNAR)
    assert isinstance(read, ContactDetails)
    assert read.phone == "01012345678"


@pytest.mark.rule("ADR-03")
@pytest.mark.parametrize("phone", ["0212345678", "010123456", "010123456789", "전화", "0121234567", "٠١٠١٢٣٤٥٦٧٨9"])
def test_what_is_no_mobile_number_is_refused(phone: str) -> None:
    assert faults(phone=phone) == {("phone", ContactFault.NO_MOBILE_NUMBER)}


@pytest.mark.rule("ADR-03")
@pytest.mark.parametrize(
    ("day", "calendar", "exists"),
    [
        ("1990/02/28", "", True),
        ("2000/02/29", "solar", True),
        ("1990/02/29", "양력", False),
        ("1990/02/30", "양력", False),
        ("1990/02/29", "음력", True),
        ("1990/02/30", "lunar", False),
        ("1990-02-28", "", False),
        ("1990/2/28", "", False),
        ("90/02/28", "", False),
        ("1990/13/01", "", False),
    ],
)
def test_days_that_do_not_exist_are_refused_by_their_calendar(day: str, calendar: str, exists: bool) -> None:
    expected = set() if exists else {("anniversary", ContactFault.NO_SUCH_DAY)}
    assert faults(anniversary=day, calendar=calendar) == expected


@pytest.mark.rule("ADR-03")
def test_a_day_is_solar_when_nothing_is_said() -> None:
    read = read_row(ContactRow("홍길동", "01012345678", "1990/03/02"), LUNAR)
    assert isinstance(read, ContactDetails)
    assert read.anniversary is not None
    assert read.anniversary.calendar is CalendarKind.SOLAR
    assert faults(calendar="단기") == {("calendar", ContactFault.UNKNOWN_CALENDAR)}
    assert faults(calendar="음력") == {("anniversary", ContactFault.CALENDAR_WITHOUT_DAY)}


@pytest.mark.rule("ADR-03", "ADR-04")
def test_a_phone_is_once_per_group_and_the_first_row_with_it_wins() -> None:
    rows = [
        (2, ContactRow("가", "01011111111")),
        (3, ContactRow("나", "010-1111-1111")),
        (4, ContactRow("다", "01022222222")),
    ]
    good, refused = sort_rows(rows, {"01022222222"}, LUNAR)
    assert [each.name for each in good] == ["가"]
    assert [(each.row_no, each.problems[0].fault) for each in refused] == [
        (3, ContactFault.PHONE_REPEATED),
        (4, ContactFault.PHONE_IN_GROUP),
    ]
