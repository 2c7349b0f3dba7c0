"""발신프로필 관리: managed by the master, chosen by all members of the company (MSG-03)."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from chassis.access import caller, members
from chassis.bodies import RequestBody
from chassis.problems import NotFound
from messaging.api.sender_profile_problems import RefusedChannel
from messaging.application.sender_profile_ports import ChannelProvider, SenderProfileTransaction
from messaging.application.sender_profiles import RegisterProfile, RegisterProfiles, delete_profile, order_profiles
from messaging.domain.sender_profile import PROFILES_MAX, ProfileState, SenderProfile, SenderProfiles
from messaging.domain.sender_profile_errors import ChannelRefused

TEXT_LENGTH_MAX = 100


class ProfilePath(BaseModel):
    profile_id: UUID


class TokenIn(RequestBody):
    """검색용 ID and 관리자 전화번호."""

    search_id: str = Field(min_length=1, max_length=TEXT_LENGTH_MAX, examples=["@coupbiz"])
    phone: str = Field(min_length=1, max_length=TEXT_LENGTH_MAX)


class ProfileIn(TokenIn):
    """The registration: everything is required."""

    category_code: str = Field(min_length=1, max_length=TEXT_LENGTH_MAX, examples=["00100010001"])
    token: str = Field(min_length=1, max_length=TEXT_LENGTH_MAX)


class OrderIn(RequestBody):
    """순서변경: every profile once."""

    profile_ids: list[UUID] = Field(max_length=PROFILES_MAX)


class ProfileOut(BaseModel):
    """A row of the list. `can_be_chosen` is false for one that left 정상."""

    profile_id: UUID
    search_id: str
    sender_key: str
    category_code: str
    state: ProfileState
    can_be_chosen: bool
    registered_at: datetime


class ProfilesList(BaseModel):
    """`N개 / 20개` in the company's order."""

    items: list[ProfileOut]
    profiles_max: int = PROFILES_MAX
    next_cursor: None = None


class CategoryOut(BaseModel):
    """A category in its three levels."""

    code: str
    large: str
    medium: str
    small: str


class CategoriesList(BaseModel):
    """All categories, as the provider has them."""

    items: list[CategoryOut]
    next_cursor: None = None


def sender_profiles_blueprint(transaction: SenderProfileTransaction, provider: ChannelProvider) -> APIBlueprint:
    """The company's profiles."""
    blueprint = APIBlueprint("sender_profiles", __name__, abp_tags=[Tag(name="sender profiles")])
    registering = RegisterProfiles(transaction, provider)

    @blueprint.get("/v1/sender-profiles", responses={200: ProfilesList})
    @members
    def profiles() -> ProfilesList:
        """The company's profiles in their order."""
        with transaction() as work:
            return _listed(work.profiles.of_company(_company_id()))

    @blueprint.get("/v1/sender-profiles/categories", responses={200: CategoriesList})
    @members(roles={"master"})
    def categories() -> CategoriesList:
        """The provider's categories, of which a registration names one."""
        return CategoriesList(
            items=[
                CategoryOut(code=each.code, large=each.large, medium=each.medium, small=each.small)
                for each in provider.categories()
            ]
        )

    @blueprint.post("/v1/sender-profiles/tokens", responses={202: None})
    @members(roles={"master"})
    def token(body: TokenIn) -> tuple[str, int]:
        """[토큰발급]: the channel's manager gets a token by KakaoTalk."""
        try:
            registering.send_token(_company_id(), body.search_id, body.phone)
        except ChannelRefused as refusal:
            raise RefusedChannel(refusal) from None
        return "", HTTPStatus.ACCEPTED

    @blueprint.post("/v1/sender-profiles", responses={201: ProfileOut})
    @members(roles={"master"})
    def register(body: ProfileIn) -> tuple[ProfileOut, int]:
        """[발신프로필 등록]. A channel is registered once, so the search id is what a repetition is known by."""
        try:
            profile = registering.register(RegisterProfile(_company_id(), **body.model_dump()))
        except ChannelRefused as refusal:
            raise RefusedChannel(refusal) from None
        return _out(profile), HTTPStatus.CREATED

    @blueprint.put("/v1/sender-profiles/order", responses={200: ProfilesList})
    @members(roles={"master"})
    def order(body: OrderIn) -> ProfilesList:
        """순서변경."""
        with transaction() as work:
            return _listed(order_profiles(_company_id(), body.profile_ids, work))

    @blueprint.delete("/v1/sender-profiles/<uuid:profile_id>", responses={200: ProfilesList})
    @members(roles={"master"})
    def delete(path: ProfilePath) -> ProfilesList:
        """삭제: refused while a scheduled order or an active anniversary uses it."""
        with transaction() as work:
            return _listed(delete_profile(_company_id(), path.profile_id, work))

    return blueprint


def _company_id() -> UUID:
    company_id = caller().tenant_id
    if company_id is None:
        raise NotFound
    return company_id


def _listed(found: SenderProfiles) -> ProfilesList:
    return ProfilesList(items=[_out(profile) for profile in found.profiles])


def _out(profile: SenderProfile) -> ProfileOut:
    return ProfileOut(
        profile_id=profile.id,
        search_id=profile.search_id,
        sender_key=profile.sender_key,
        category_code=profile.category_code,
        state=profile.state,
        can_be_chosen=profile.can_be_chosen,
        registered_at=profile.registered_at,
    )
