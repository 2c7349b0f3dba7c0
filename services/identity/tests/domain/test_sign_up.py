"""회원가입 (manual 2-1): three pages, every step repeatable, nothing verified that was changed afterwards."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from identity_builders import AT, NUMBER, OTHER_NUMBER, a_complete_draft, a_draft, a_submitted, terms

from identity.domain.business_number import TaxStanding
from identity.domain.company import PaymentMethod
from identity.domain.errors import (
    BusinessNumberRefusedError,
    ContractMissingError,
    ContractNotNeededError,
    NotWaitingForDecisionError,
    SignUpClosedError,
    SignUpIncompleteError,
    StaleChangeError,
)
from identity.domain.sign_up import Contract, Decision, SignUp, SignUpState, Step

DECISION = Decision(uuid4(), AT)
REJECTION = Decision(uuid4(), AT, "사업자등록증이 흐릿합니다.")


@pytest.mark.rule("IDN-01")
def test_a_new_application_misses_every_step_in_the_forms_order() -> None:
    assert a_draft().missing(terms()) == (
        Step.BUSINESS_NUMBER,
        Step.COMPANY,
        Step.CERTIFICATE,
        Step.EMAIL,
        Step.PHONE,
        Step.TERMS,
        Step.MEMBER,
    )


@pytest.mark.rule("IDN-01")
@pytest.mark.parametrize(
    ("without", "missing"),
    [
        ({"standing": None}, Step.BUSINESS_NUMBER),
        ({"standing": TaxStanding.CLOSED}, Step.BUSINESS_NUMBER),
        ({"company_name": None}, Step.COMPANY),
        ({"representative_name": None}, Step.COMPANY),
        ({"certificate": None}, Step.CERTIFICATE),
        ({"email": None}, Step.EMAIL),
        ({"phone": None}, Step.PHONE),
        ({"agreements": ()}, Step.TERMS),
        ({"applicant": None}, Step.MEMBER),
    ],
)
def test_it_cannot_be_submitted_while_one_step_is_missing(without: dict[str, object], missing: Step) -> None:
    with pytest.raises(SignUpIncompleteError) as refused:
        replace(a_complete_draft(), **without).submit(terms(), AT)  # type: ignore[arg-type]
    assert refused.value.missing == [missing.value]


@pytest.mark.rule("IDN-01")
def test_a_complete_one_waits_for_an_operator() -> None:
    submitted = a_complete_draft().submit(terms(), AT)
    assert submitted.state is SignUpState.SUBMITTED
    assert submitted.submitted_at == AT


@pytest.mark.rule("IDN-01")
def test_another_number_email_or_phone_undoes_what_was_verified() -> None:
    draft = a_complete_draft()
    assert draft.enter_business_number(OTHER_NUMBER).missing(terms()) == (Step.BUSINESS_NUMBER,)
    assert draft.enter_email("other@example.co.kr", uuid4()).missing(terms()) == (Step.EMAIL,)
    assert draft.enter_phone("01099998888", uuid4()).missing(terms()) == (Step.PHONE,)


@pytest.mark.rule("IDN-01")
def test_what_was_asked_of_an_earlier_value_does_not_verify_the_present_one() -> None:
    code_id = uuid4()
    draft = a_draft().enter_business_number(NUMBER).enter_email("a@example.kr", code_id)
    with pytest.raises(StaleChangeError):
        draft.enter_business_number(OTHER_NUMBER).record_standing(NUMBER, TaxStanding.ACTIVE)
    with pytest.raises(StaleChangeError):
        draft.enter_email("b@example.kr", uuid4()).prove_email(code_id, AT)


@pytest.mark.rule("IDN-02")
@pytest.mark.parametrize("standing", [TaxStanding.CLOSED, TaxStanding.UNKNOWN, TaxStanding.SUSPENDED])
def test_a_number_that_is_no_active_business_is_refused(standing: TaxStanding) -> None:
    draft = a_draft().enter_business_number(NUMBER).record_standing(NUMBER, standing)
    with pytest.raises(BusinessNumberRefusedError) as refused:
        draft.refuse_unless_active()
    assert refused.value.standing == standing.value
    assert Step.BUSINESS_NUMBER in draft.missing(terms())


@pytest.mark.rule("IDN-07")
def test_an_operator_approves_or_rejects_what_was_submitted_and_nothing_else() -> None:
    assert a_submitted().approve(DECISION).state is SignUpState.APPROVED
    rejected = a_submitted().reject(REJECTION)
    assert rejected.state is SignUpState.REJECTED
    assert rejected.decision is not None
    assert rejected.decision.reason == "사업자등록증이 흐릿합니다."
    for decided in (a_complete_draft(), rejected, a_submitted().approve(DECISION)):
        with pytest.raises(NotWaitingForDecisionError):
            decided.approve(DECISION)
        with pytest.raises(NotWaitingForDecisionError):
            decided.reject(REJECTION)


@pytest.mark.rule("IDN-08")
def test_a_postpaid_application_is_approved_only_with_its_contract() -> None:
    waiting = a_submitted(payment_method=PaymentMethod.POSTPAID)
    with pytest.raises(ContractMissingError):
        waiting.approve(DECISION)
    contract = Contract(5_000_000, date(2026, 4, 1), "김경리", "billing@example.co.kr")
    assert waiting.record_contract(contract).approve(DECISION).state is SignUpState.APPROVED
    with pytest.raises(ContractNotNeededError):
        a_submitted().record_contract(contract)


def test_a_draft_ends_at_its_time_and_forgets_whom_it_came_from() -> None:
    draft = a_complete_draft()
    assert draft.expire(draft.expires_at - timedelta(seconds=1)) is draft
    expired = draft.expire(draft.expires_at)
    assert expired.state is SignUpState.EXPIRED
    assert (expired.email, expired.phone, expired.applicant, expired.certificate) == (None, None, None, None)
    submitted = a_submitted()
    assert submitted.expire(submitted.expires_at + timedelta(days=365)) is submitted


@pytest.mark.parametrize("closed", [a_submitted(), a_submitted().reject(REJECTION), a_submitted().approve(DECISION)])
def test_nothing_of_a_submitted_application_can_be_changed(closed: SignUp) -> None:
    with pytest.raises(SignUpClosedError):
        closed.enter_business_number(OTHER_NUMBER)
    with pytest.raises(SignUpClosedError):
        closed.name_company("다른상사", "김대표")


class _AnyOrderOfSteps(RuleBasedStateMachine):
    """Steps in any order, with answers that come late: what counts as verified was verified as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.sign_up = a_draft()
        self.codes: dict[UUID, str] = {}
        self.heard: object = None

    @rule(number=st.sampled_from([NUMBER, OTHER_NUMBER]))
    def enter_number(self, number: object) -> None:
        self.heard = None
        self.sign_up = self.sign_up.enter_business_number(number)  # type: ignore[arg-type]

    @rule(number=st.sampled_from([NUMBER, OTHER_NUMBER]), standing=st.sampled_from(TaxStanding))
    def hear_of_a_number(self, number: object, standing: TaxStanding) -> None:
        try:
            self.sign_up = self.sign_up.record_standing(number, standing)  # type: ignore[arg-type]
            self.heard = (number, standing)
        except StaleChangeError:
            assert self.sign_up.business_number != number

    @rule(email=st.sampled_from(["a@example.kr", "b@example.kr"]))
    def enter_email(self, email: str) -> None:
        code_id = uuid4()
        self.codes[code_id] = email
        self.sign_up = self.sign_up.enter_email(email, code_id)

    @precondition(lambda self: self.codes)
    @rule(data=st.data())
    def enter_some_code(self, data: st.DataObject) -> None:
        code_id = data.draw(st.sampled_from(list(self.codes)))
        try:
            self.sign_up = self.sign_up.prove_email(code_id, AT)
        except StaleChangeError:
            assert self.sign_up.email is None or self.sign_up.email.code_id != code_id

    @invariant()
    def a_proven_address_is_the_one_its_code_went_to(self) -> None:
        email = self.sign_up.email
        if email is not None and email.proven_at is not None:
            assert email.code_id is not None
            assert self.codes[email.code_id] == email.value

    @invariant()
    def a_verified_number_is_the_one_that_the_office_called_active(self) -> None:
        verified = Step.BUSINESS_NUMBER not in self.sign_up.missing(())
        assert verified == (self.heard == (self.sign_up.business_number, TaxStanding.ACTIVE))


TestAnyOrderOfSteps = pytest.mark.rule("IDN-01")(_AnyOrderOfSteps.TestCase)
