"""The address book's errors as problems."""

from chassis.problems import ProblemType
from messaging.domain import address_book_errors as errors

ADDRESS_BOOK_PROBLEMS: dict[type[Exception], ProblemType] = {
    errors.FolderNotFound: ProblemType("folder_not_found", 404, "폴더를 찾을 수 없습니다.", "There is no such folder."),
    errors.GroupNotFound: ProblemType("group_not_found", 404, "그룹을 찾을 수 없습니다.", "There is no such group."),
    errors.ContactsNotFound: ProblemType(
        "contacts_not_found",
        404,
        "선택한 연락처 중 찾을 수 없는 것이 있습니다.",
        "Some of the contacts are not there.",
        ("contact_ids",),
    ),
    errors.ImportNotFound: ProblemType(
        "import_not_found", 404, "등록 결과를 찾을 수 없습니다.", "There is no such import, or it is forgotten by now."
    ),
    errors.NameNotAllowed: ProblemType(
        "name_not_allowed",
        422,
        "이름은 1자 이상 {letters_max}자 이하로 입력해 주세요.",
        "A name has 1 to {letters_max} letters.",
        ("letters_max",),
    ),
    errors.NameTaken: ProblemType(
        "name_taken", 409, "같은 이름이 이미 있습니다: {name}", "The name is taken: {name}", ("name",)
    ),
    errors.AddressBookFull: ProblemType(
        "address_book_full",
        409,
        "최대 {at_most}개까지 만들 수 있습니다.",
        "There are {at_most} already, which is the most.",
        ("at_most",),
    ),
    errors.LastFolder: ProblemType(
        "last_folder", 409, "최소 1개의 폴더는 있어야 합니다.", "The last folder cannot be deleted."
    ),
    errors.LastGroup: ProblemType(
        "last_group", 409, "최소 1개의 그룹은 있어야 합니다.", "The last group cannot be deleted."
    ),
    errors.FolderHoldsLastGroups: ProblemType(
        "folder_holds_last_groups",
        409,
        "모든 그룹이 이 폴더에 있어 삭제할 수 없습니다. 최소 1개의 그룹은 있어야 합니다.",
        "The folder holds all groups, and one always remains.",
    ),
    errors.DeletionUnconfirmed: ProblemType(
        "deletion_unconfirmed",
        409,
        "그룹 {groups}개와 연락처 {contacts}건이 함께 삭제됩니다. 확인 후 다시 요청해 주세요.",
        "{groups} groups and {contacts} contacts would be deleted. Confirm these counts.",
        ("groups", "contacts"),
    ),
    errors.TooManyRows: ProblemType(
        "too_many_rows",
        422,
        "한 번에 최대 {rows_max}건까지 등록할 수 있습니다.",
        "At most {rows_max} rows at once.",
        ("rows_max",),
    ),
    errors.WorkbookUnreadable: ProblemType(
        "workbook_unreadable",
        422,
        "샘플 파일 양식의 xls 또는 xlsx 파일이 아닙니다.",
        "It is no xls or xlsx in the columns of the sample.",
    ),
    errors.TooManyRecipients: ProblemType(
        "too_many_recipients",
        422,
        "수신자는 최대 {recipients_max}건입니다. (선택 {recipients}건)",
        "At most {recipients_max} recipients; {recipients} were picked.",
        ("recipients", "recipients_max"),
    ),
}
