"""The steps of a sign-up: what is kept, what is said, and that nothing outside is called in a transaction."""

import pytest
from identity_builders import AT, NUMBER, TOKEN, a_company, a_complete_draft, a_draft, a_master, a_submitted
from identity_fakes import FakeWorld
from identity_outside import FakeFiles, FakePasswords, FakeTaxOffice

from contracts.identity import ApplicationSubmitted
from identity.application.file_disposal import dispose_of_files
from identity.application.ports import Refused, Standing, TaxOfficeAnswer, Unavailable
from identity.application.sign_up_codes import EnterCode, SendEmailCode, prove_email, send_email_code
from identity.application.sign_ups import (
    AttachCertificate,
    Credentials,
    DescribeMember,
    VerifyBusinessNumber,
    attach_certificate,
    describe_member,
    start_sign_up,
    submit_sign_up,
    verify_business_number,
)
from identity.domain.business_number import TaxStanding
from identity.domain.company import PaymentMethod
from identity.domain.errors import (
    BusinessNumberRefusedError,
    CompanyAlreadyRegisteredError,
    EmailInUseError,
    SignUpNotFoundError,
    TaxOfficeUnavailableError,
)
from identity.domain.password import PasswordRules
from identity.domain.sign_up import SignUp


@pytest.fixture
def world() -> FakeWorld:
    return FakeWorld()


def kept(world: FakeWorld, sign_up: SignUp) -> Credentials:
    world.sign_ups.add(sign_up)
    return Credentials(sign_up.id, TOKEN)


def test_a_token_is_kept_only_as_its_hash(world: FakeWorld) -> None:
    started = start_sign_up(world, lifetime_days=30)
    assert started.token.encode() not in started.sign_up.token_hash
    assert started.token not in repr(started)


@pytest.mark.rule("IDN-02")
def test_the_tax_office_is_asked_between_two_transactions(world: FakeWorld) -> None:
    credentials = kept(world, a_draft())
    office = FakeTaxOffice(world)
    verified = verify_business_number(VerifyBusinessNumber(credentials, str(NUMBER)), world, office)
    assert office.asked == [(NUMBER, 0)]
    assert verified.standing is TaxStanding.ACTIVE
    assert world.sign_ups.get(verified.id) == verified


@pytest.mark.rule("IDN-02")
@pytest.mark.parametrize("answer", [Unavailable("time-out"), Refused("status 401")])
def test_without_an_answer_nothing_passes(world: FakeWorld, answer: TaxOfficeAnswer) -> None:
    draft = a_complete_draft()
    credentials = kept(world, draft)
    with pytest.raises(TaxOfficeUnavailableError):
        verify_business_number(VerifyBusinessNumber(credentials, "116-82-00276"), world, FakeTaxOffice(world, answer))
    now = world.sign_ups.get(draft.id)
    assert (str(now.business_number), now.standing) == ("116-82-00276", None)


@pytest.mark.rule("IDN-02")
def test_a_refused_number_is_remembered_as_refused(world: FakeWorld) -> None:
    credentials = kept(world, a_draft())
    office = FakeTaxOffice(world, Standing(TaxStanding.CLOSED))
    with pytest.raises(BusinessNumberRefusedError):
        verify_business_number(VerifyBusinessNumber(credentials, str(NUMBER)), world, office)
    assert world.sign_ups.get(credentials.sign_up_id).standing is TaxStanding.CLOSED


@pytest.mark.rule("IDN-27")
def test_the_tax_office_is_not_troubled_for_a_company_that_waits_already(world: FakeWorld) -> None:
    world.sign_ups.add(a_submitted())
    office = FakeTaxOffice(world)
    with pytest.raises(CompanyAlreadyRegisteredError):
        verify_business_number(VerifyBusinessNumber(kept(world, a_draft()), str(NUMBER)), world, office)
    assert office.asked == []


@pytest.mark.rule("IDN-03")
def test_a_certificate_is_stored_outside_of_transactions_and_replaces_the_former(world: FakeWorld) -> None:
    credentials = kept(world, a_draft())
    files = FakeFiles(world)
    command = AttachCertificate(credentials, "등록증.png", "image/png", b"first")
    first = attach_certificate(command, world, files, bytes_max=10)
    second = attach_certificate(command, world, files, bytes_max=10)
    assert first.certificate is not None
    assert second.certificate is not None
    assert world.discarded_files.keys == [first.certificate.file_key]
    assert dispose_of_files(world, files)
    assert list(files.files) == [second.certificate.file_key]
    assert files.depths == [0, 0, 0]


@pytest.mark.rule("IDN-12")
def test_a_password_is_hashed_for_applicants_only(world: FakeWorld) -> None:
    credentials = kept(world, a_draft())
    rules = PasswordRules(length_min=9, common=frozenset())
    passwords = FakePasswords(world)

    def describe(who: Credentials) -> SignUp:
        command = DescribeMember(who, "초록 고양이 일곱", "이마스터", "인사팀", "팀장", PaymentMethod.PREPAID)
        return describe_member(command, world, passwords, rules)

    described = describe(credentials)
    assert described.applicant is not None
    assert described.applicant.password_hash == "hash:초록 고양이 일곱"
    assert "초록" not in repr(described)
    with pytest.raises(SignUpNotFoundError):
        describe(Credentials(credentials.sign_up_id, "guessed"))


@pytest.mark.rule("IDN-04")
def test_an_address_that_a_member_has_is_refused_only_with_the_right_code(world: FakeWorld) -> None:
    company = a_company(a_submitted().id)
    world.enrol(company, a_master(company, email="taken@example.co.kr"))
    credentials = kept(world, a_draft())
    send_email_code(SendEmailCode(credentials, "taken@example.co.kr", "203.0.113.7"), world)
    with pytest.raises(EmailInUseError):
        prove_email(EnterCode(credentials, "123456"), world)


@pytest.mark.rule("IDN-01")
def test_submitting_says_so_once(world: FakeWorld) -> None:
    credentials = kept(world, a_complete_draft())
    for _ in range(2):
        assert submit_sign_up(credentials, world).submitted_at == AT
    submitted = [event for event in world.outbox.said if isinstance(event, ApplicationSubmitted)]
    assert [event.application_id for event in submitted] == [credentials.sign_up_id]
