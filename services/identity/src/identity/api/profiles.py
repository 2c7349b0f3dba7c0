"""What members read and change about themselves, the terms for anybody, and the keys that tokens are checked with."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from chassis.access import caller, members, public
from chassis.bodies import RequestBody
from chassis.origin import client_address
from identity.api.security import SentCodeView
from identity.api.sign_up_models import Code, MaybeText, PhoneBody, ShortText
from identity.application.ports import BeginUnitOfWork
from identity.application.profiles import (
    AskPhoneCode,
    ChangePhone,
    EditProfile,
    Profile,
    ask_phone_code,
    change_phone,
    edit_profile,
    own_profile,
)
from identity.application.sign_ups import present_terms
from identity.domain.company import PaymentMethod
from identity.domain.member import MemberRole, MemberState

_KEYS_CACHE_SECONDS = 60


class TermsView(BaseModel):
    """One document in the version that is in force."""

    code: str
    version: int
    title: str
    body: str
    required: bool
    effective_at: datetime


class TermsListView(BaseModel):
    """All documents in force; there are few, so they come on one page."""

    items: tuple[TermsView, ...]
    next_cursor: None = None


class ProfileView(BaseModel):
    """내 정보."""

    member_id: UUID
    company_id: UUID
    role: MemberRole
    state: MemberState
    email: str
    phone: str
    name: str
    department: str
    title: str
    secure_login: bool
    joined_at: datetime
    company_name: str
    business_number: str
    payment_method: PaymentMethod


class ProfileBody(RequestBody):
    """What a member may change without a proof."""

    name: ShortText
    department: MaybeText = ""
    title: MaybeText = ""


class NewPhoneBody(PhoneBody):
    """The number, and the code that went to it."""

    code_id: UUID
    code: Code


def profiles_blueprint(begin: BeginUnitOfWork, key_set: Callable[[], dict[str, Any]]) -> APIBlueprint:
    """Own data, terms, keys."""
    blueprint = APIBlueprint("profiles", __name__)
    _add_changes(blueprint, begin)

    @blueprint.get("/v1/me", responses={200: ProfileView})
    @members
    def show_me() -> ProfileView:
        """The caller's own profile and company."""
        with begin() as uow:
            return _profile_view(own_profile(caller().subject_id, uow))

    @blueprint.get("/v1/terms", responses={200: TermsListView})
    @public
    def list_terms() -> TermsListView:
        """The terms in force (IDN-06)."""
        with begin() as uow:
            documents = present_terms(uow)
        items = tuple(
            TermsView(
                code=each.code,
                version=each.version,
                title=each.title,
                body=each.body,
                required=each.required,
                effective_at=each.effective_at,
            )
            for each in documents
        )
        return TermsListView(items=items)

    @blueprint.get("/.well-known/jwks.json")
    @public
    def show_keys() -> Response:
        """The public keys of access tokens (JWKS), those of retired keys as long as their tokens live."""
        answer = jsonify(key_set())
        answer.headers["Cache-Control"] = f"public, max-age={_KEYS_CACHE_SECONDS}"
        return answer

    return blueprint


def _add_changes(blueprint: APIBlueprint, begin: BeginUnitOfWork) -> None:
    @blueprint.put("/v1/me", responses={200: ProfileView})
    @members
    def put_profile(body: ProfileBody) -> ProfileView:
        """Name, department and title."""
        command = EditProfile(caller().subject_id, body.name, body.department, body.title)
        with begin() as uow:
            edit_profile(command, uow)
            return _profile_view(own_profile(caller().subject_id, uow))

    @blueprint.post("/v1/me/phone-codes", responses={200: SentCodeView})
    @members
    def request_phone_code(body: PhoneBody) -> SentCodeView:
        """A code to the new phone."""
        with begin() as uow:
            issued = ask_phone_code(AskPhoneCode(body.phone, client_address()), uow)
        return SentCodeView(code_id=issued.code_id, expires_at=issued.expires_at)

    @blueprint.put("/v1/me/phone", responses={200: ProfileView})
    @members
    def put_phone(body: NewPhoneBody) -> ProfileView:
        """The new phone, with the code that went to it."""
        command = ChangePhone(caller().subject_id, body.phone, body.code_id, body.code)
        with begin() as uow:
            change_phone(command, uow)
            return _profile_view(own_profile(caller().subject_id, uow))


def _profile_view(profile: Profile) -> ProfileView:
    member, company = profile.member, profile.company
    return ProfileView(
        member_id=member.id,
        company_id=company.id,
        role=member.role,
        state=member.state,
        email=member.email,
        phone=member.phone,
        name=member.name,
        department=member.department,
        title=member.title,
        secure_login=member.secure_login,
        joined_at=member.joined_at,
        company_name=company.name,
        business_number=str(company.business_number),
        payment_method=company.payment_method,
    )
