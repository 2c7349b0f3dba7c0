"""The address book over the API: private, asked before deleting, and with a result for every row."""

import io
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from chassis.database import Database
from chassis.testing.callers import Callers
from chassis.web import WsgiApp
from messaging.documents.contact_workbooks import ContactWorkbooks
from messaging.domain.contact import ContactRow, RefusedRow
from messaging.main import create_api
from messaging.settings import Settings

BOOK = "/v1/address-book"


class Member:
    """A member at the API."""

    def __init__(self, app: WsgiApp, callers: Callers) -> None:
        self._client = app.api.test_client()
        self._headers = callers.member("sub", subject_id=uuid4())

    def call(self, method: str, path: str, key: str | None = None, **content: object) -> TestResponse:
        headers = {**self._headers, "Idempotency-Key": key or uuid4().hex}
        return self._client.open(f"{BOOK}{path}", method=method, headers=headers, **content)

    def book(self) -> dict:
        return self.call("GET", "").json

    def first_group(self) -> str:
        return self.book()["folders"][0]["groups"][0]["group_id"]

    def add(self, group_id: str, **fields: str) -> dict:
        answer = self.call("POST", f"/groups/{group_id}/contacts", json=fields)
        assert answer.status_code == 201, answer.json
        return answer.json

    def grid(self, group_id: str, *rows: dict[str, str], key: str | None = None) -> dict:
        answer = self.call("POST", f"/groups/{group_id}/imports", key, json={"rows": list(rows)})
        assert answer.status_code == 201, answer.json
        return answer.json


@pytest.fixture
def app(api_settings: Settings) -> WsgiApp:
    return create_api(api_settings)


@pytest.fixture
def member(app: WsgiApp, callers: Callers) -> Member:
    return Member(app, callers)


@pytest.mark.rule("ADR-01")
def test_the_first_look_finds_the_default_folder_and_group(member: Member) -> None:
    (folder,) = member.book()["folders"]
    assert (folder["name"], folder["groups"][0]["name"]) == ("기본 폴더", "기본 그룹")
    assert member.book()["folders"] == [folder]


@pytest.mark.rule("ADR-01")
def test_deleting_a_folder_is_asked_with_counts_and_takes_its_groups_and_contacts(member: Member) -> None:
    book = member.call("POST", "/folders", json={"name": "거래처"}).json
    folder_id = book["folders"][1]["folder_id"]
    book = member.call("POST", f"/folders/{folder_id}/groups", json={"name": "본사"}).json
    group_id = book["folders"][1]["groups"][0]["group_id"]
    member.grid(group_id, {"name": "가", "phone": "01011111111"}, {"name": "나", "phone": "01022222222"})

    asked = member.call("DELETE", f"/folders/{folder_id}")
    assert (asked.status_code, asked.json["code"]) == (409, "deletion_unconfirmed")
    assert (asked.json["groups"], asked.json["contacts"]) == (1, 2)
    assert member.call("DELETE", f"/folders/{folder_id}?groups=1&contacts=1").status_code == 409
    left = member.call("DELETE", f"/folders/{folder_id}?groups=1&contacts=2").json
    assert ([folder["name"] for folder in left["folders"]], left["contacts"]) == (["기본 폴더"], 0)
    assert member.call("GET", "/contacts").json["items"] == []


@pytest.mark.rule("ADR-01")
def test_the_last_folder_and_group_are_refused_by_name(member: Member) -> None:
    folder = member.book()["folders"][0]
    refused = member.call("DELETE", f"/folders/{folder['folder_id']}?groups=1&contacts=0")
    assert (refused.status_code, refused.json["code"]) == (409, "last_folder")
    refused = member.call("DELETE", f"/groups/{folder['groups'][0]['group_id']}?groups=1&contacts=0")
    assert (refused.status_code, refused.json["code"]) == (409, "last_group")


@pytest.mark.rule("ADR-02")
def test_groups_are_renamed_and_moved_and_contacts_move_to_other_groups(member: Member) -> None:
    first = member.book()["folders"][0]
    group_id = first["groups"][0]["group_id"]
    other_id = member.call("POST", "/folders", json={"name": "거래처"}).json["folders"][1]["folder_id"]
    second = member.call("POST", f"/folders/{first['folder_id']}/groups", json={"name": "둘째"}).json
    second_id = second["folders"][0]["groups"][1]["group_id"]
    book = member.call("PATCH", f"/groups/{second_id}", json={"name": "본사", "folder_id": other_id}).json
    assert [group["name"] for group in book["folders"][1]["groups"]] == ["본사"]

    mine = member.add(group_id, name="가", phone="01011111111")
    twin = member.add(group_id, name="나", phone="01022222222")
    member.add(second_id, name="이미 있음", phone="01022222222")
    body = {"contact_ids": [mine["contact_id"], twin["contact_id"]], "group_id": second_id}
    moved = member.call("POST", "/contacts/move", json=body).json
    assert moved == {"moved": [mine["contact_id"]], "phone_in_group": [twin["contact_id"]]}
    assert {item["name"] for item in member.call("GET", f"/contacts?group_id={second_id}").json["items"]} == {
        "가",
        "이미 있음",
    }


@pytest.mark.rule("ADR-02", "ADR-03")
def test_a_contact_is_edited_and_a_bad_one_is_refused_by_field(member: Member) -> None:
    group_id = member.first_group()
    contact = member.add(group_id, name="홍길동", phone="010-1111-1111", anniversary="1990/02/29", calendar="음력")
    assert (contact["phone"], contact["calendar"]) == ("01011111111", "lunar")
    path = f"/contacts/{contact['contact_id']}"
    edited = member.call("PUT", path, json={"name": "홍길순", "phone": "01011111111", "title": "과장"}).json
    assert (edited["name"], edited["title"], edited["anniversary"]) == ("홍길순", "과장", None)
    refused = member.call("PUT", path, json={"name": "가" * 11, "phone": "02-123-4567"})
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json["errors"]] == ["name", "phone"]
    member.add(group_id, name="김하늘", phone="01022222222")
    taken = member.call("PUT", path, json={"name": "홍길순", "phone": "01022222222"})
    assert [error["en"] for error in taken.json["errors"]] == ["The group has this number already."]


@pytest.mark.rule("ADR-04")
def test_a_grid_keeps_good_rows_and_says_what_is_wrong_with_each_bad_one(member: Member) -> None:
    group_id = member.first_group()
    rows = (
        {"name": "가", "phone": "01011111111"},
        {},
        {"name": "", "phone": "12"},
        {"name": "나", "phone": "01011111111"},
    )
    result = member.grid(group_id, *rows, key="grid-1")
    assert (result["rows"], result["added"]) == (3, 1)
    assert [(row["row_no"], [each["code"] for each in row["problems"]]) for row in result["refused"]] == [
        (3, ["missing", "no_mobile_number"]),
        (4, ["phone_repeated"]),
    ]
    assert member.grid(group_id, *rows, key="grid-1") == result
    assert member.book()["contacts"] == 1


@pytest.mark.rule("ADR-04")
def test_a_workbook_is_imported_and_its_bad_rows_come_back_to_be_mended(member: Member) -> None:
    group_id = member.first_group()
    given = [RefusedRow(0, ContactRow("가", "01011111111"), ()), RefusedRow(0, ContactRow("나", "없음"), ())]
    content = ContactWorkbooks().refused(given)
    upload = {"file": (io.BytesIO(content), "contacts.xlsx")}
    result = member.call("POST", f"/groups/{group_id}/imports/workbook", data=upload).json
    assert (result["added"], result["refused"][0]["row_no"]) == (1, 3)
    back = member.call("GET", f"/imports/{result['import_id']}/refused").data
    (headings, row) = CalamineWorkbook.from_filelike(io.BytesIO(back)).get_sheet_by_index(0).to_python()
    assert headings[-2:] == ["행 번호", "실패 사유"]
    assert (row[0], row[1], row[-2], row[-1]) == ("나", "없음", "3", "휴대전화번호: 휴대전화번호 형식이 아닙니다.")


@pytest.mark.rule("ADR-04")
@pytest.mark.parametrize("content", [b"a,b", b"PK\x03\x04"])
def test_a_file_that_is_no_workbook_is_a_problem(member: Member, content: bytes) -> None:
    upload = {"file": (io.BytesIO(content), "contacts.xlsx")}
    answer = member.call("POST", f"/groups/{member.first_group()}/imports/workbook", data=upload)
    assert (answer.status_code, answer.json["code"]) == (422, "workbook_unreadable")


@pytest.mark.rule("ADR-04")
def test_sample_and_export_are_workbooks_that_can_be_uploaded(member: Member) -> None:
    member.add(member.first_group(), name="가", phone="01011111111", anniversary="1990/02/29", calendar="lunar")
    assert len(ContactWorkbooks().read(member.call("GET", "/sample").data)) == 2
    ((_, row),) = ContactWorkbooks().read(member.call("GET", "/export").data)
    assert row == ContactRow("가", "01011111111", "1990/02/29", "음력")


@pytest.mark.rule("ADR-02")
def test_contacts_are_found_by_part_of_the_name_phone_ending_and_company_page_by_page(member: Member) -> None:
    group_id = member.first_group()
    member.add(group_id, name="홍길동", phone="01011115678", company="한빛상사")
    member.add(group_id, name="김길수", phone="01022225678", company="다우기술")
    member.add(group_id, name="Alice", phone="01033339999")

    def found(query: str) -> list[str]:
        return [item["name"] for item in member.call("GET", f"/contacts?{query}").json["items"]]

    assert found("name=길") == ["김길수", "홍길동"]
    assert found("name=ali") == ["Alice"]
    assert found("phone_ending=5678&company=한빛") == ["홍길동"]
    assert found("company=%25") == []
    assert member.call("GET", "/contacts?phone_ending=12").status_code == 422
    first = member.call("GET", "/contacts?limit=2").json
    rest = member.call("GET", f"/contacts?limit=2&cursor={first['next_cursor']}").json
    assert [item["name"] for item in first["items"] + rest["items"]] == ["Alice", "김길수", "홍길동"]
    assert rest["next_cursor"] is None


@pytest.mark.rule("ADR-05")
def test_folders_groups_and_contacts_become_recipients_each_contact_once(member: Member) -> None:
    folder = member.book()["folders"][0]
    group_id = folder["groups"][0]["group_id"]
    one = member.add(group_id, name="가", phone="01011111111", anniversary="1990/03/02", company="한빛", title="과장")
    member.add(group_id, name="나", phone="01022222222")
    body = {"folder_ids": [folder["folder_id"]], "group_ids": [group_id], "contact_ids": [one["contact_id"]] * 2}
    resolved = member.call("POST", "/resolve", json=body).json
    assert [item["name"] for item in resolved["items"]] == ["가", "나"]
    assert resolved["without_anniversary"] == 1
    assert [resolved["items"][0][name] for name in ("phone", "company", "title", "anniversary", "calendar")] == [
        "01011111111", "한빛", "과장", "1990/03/02", "solar",
    ]  # fmt: skip
    missing = member.call("POST", "/resolve", json={"contact_ids": [str(uuid4())]})
    assert (missing.status_code, missing.json["code"]) == (404, "contacts_not_found")


@pytest.mark.rule("ADR-06")
def test_a_book_is_private_to_its_member_also_within_a_company(member: Member, app: WsgiApp, callers: Callers) -> None:
    group_id = member.first_group()
    contact = member.add(group_id, name="가", phone="01011111111")
    result = member.grid(group_id, {"name": "", "phone": ""}, {"name": "x"})
    stranger = Member(app, callers)
    stranger.book()
    assert stranger.call("GET", f"/contacts?group_id={group_id}").json["items"] == []
    for method, path, content in (
        ("POST", f"/groups/{group_id}/contacts", {"json": {"name": "나", "phone": "01022222222"}}),
        ("PUT", f"/contacts/{contact['contact_id']}", {"json": {"name": "나", "phone": "01022222222"}}),
        ("POST", "/contacts/delete", {"json": {"contact_ids": [contact["contact_id"]]}}),
        ("POST", "/resolve", {"json": {"group_ids": [group_id]}}),
        ("GET", f"/export?group_id={group_id}", {}),
        ("DELETE", f"/groups/{group_id}", {}),
        ("GET", f"/imports/{result['import_id']}", {}),
    ):
        assert stranger.call(method, path, **content).status_code == 404, path
    assert member.book()["contacts"] == 1


@pytest.mark.rule("ADR-06")
def test_phones_of_contacts_and_of_refused_rows_are_encrypted_at_rest(member: Member, database: Database) -> None:
    member.grid(member.first_group(), {"name": "가", "phone": "01011119876"}, {"name": "나", "phone": "01011119876"})
    with database.transaction() as session:
        for query in ("SELECT * FROM contacts", "SELECT * FROM contact_import_refused_rows"):
            stored = session.connection().exec_driver_sql(query).all()
            assert stored
            assert "9876" not in str(stored)


@pytest.mark.rule("ADR-05")
def test_a_selection_of_more_than_10000_contacts_is_refused_with_its_count(member: Member) -> None:
    group_id = member.first_group()
    rows = [{"name": "가", "phone": f"010{number:08}"} for number in range(10_001)]
    assert member.grid(group_id, *rows[:10_000])["added"] == 10_000
    assert len(member.call("POST", "/resolve", json={"group_ids": [group_id]}).json["items"]) == 10_000
    member.add(group_id, **rows[-1])
    refused = member.call("POST", "/resolve", json={"group_ids": [group_id]})
    assert (refused.json["code"], refused.json["recipients"]) == ("too_many_recipients", 10_001)
