"""What identity says: every outcome is translated to its contract event here, once."""

from datetime import datetime
from uuid import UUID

from contracts import identity as said
from contracts.messaging import CodeChannel, CodePurpose, SendCode
from contracts.scheduler import CancelTimer, SetTimer
from contracts.values import MemberRole, PaymentMethod
from identity.application.ports import IssuedCode, Sealer
from identity.domain.company import Company
from identity.domain.invitation import Invitation
from identity.domain.member import Member
from identity.domain.open_affairs import Inquiry
from identity.domain.password_reset import PasswordReset
from identity.domain.sign_up import Contract, SignUp

SERVICE = "identity"
EXPIRY_PREFIX = "sign-up-expiry"
INVITATION_PREFIX = "invitation-expiry"
DORMANCY_PREFIX = "dormancy"
ERASURE_PREFIX = "erasure"


def company_changed(company: Company) -> said.CompanyChanged:
    """The company as it is now."""
    return said.CompanyChanged(
        company_id=company.id,
        version=company.version,
        state=said.CompanyState(company.state),
        name=company.name,
        representative_name=company.representative_name,
        business_number=str(company.business_number),
        payment_method=PaymentMethod(company.payment_method),
        master_id=company.master_id,
        approved_at=company.approved_at,
    )


def cash_like_granted(company: Company) -> said.CashLikeGranted:
    """The company's cash-like permission as it is now (IDN-23)."""
    return said.CashLikeGranted(
        company_id=company.id,
        version=company.cash_like.version,
        permitted=company.cash_like.permitted,
        monthly_limit_krw=company.cash_like.monthly_limit_krw,
    )


def credit_contracted(company: Company, contract: Contract, at: datetime) -> said.CreditContracted:
    """The contract under which a postpaid company was approved (IDN-08)."""
    return said.CreditContracted(
        company_id=company.id,
        monthly_limit_krw=contract.monthly_limit_krw,
        starts_on=contract.starts_on,
        contracted_at=at,
    )


def member_state_changed(member: Member, sealer: Sealer) -> said.MemberStateChanged:
    """The member as it is now; address and phone are sealed."""
    return said.MemberStateChanged(
        member_id=member.id,
        company_id=member.company_id,
        version=member.version,
        role=MemberRole(member.role),
        state=said.MemberState(member.state),
        name=member.name,
        department=member.department,
        title=member.title,
        email=sealer.seal_text(member.email),
        phone=sealer.seal_text(member.phone),
        joined_at=member.joined_at,
    )


def sessions_revoked(subject_id: UUID, generation: int) -> said.SessionsRevoked:
    """Tokens of the subject below the generation are worthless (IDN-13)."""
    return said.SessionsRevoked(subject_id=subject_id, version=generation, lowest_generation=generation)


def application_submitted(sign_up: SignUp, at: datetime, sealer: Sealer) -> said.ApplicationSubmitted:
    """The application waits for an operator."""
    form = sign_up.form()
    return said.ApplicationSubmitted(
        application_id=sign_up.id,
        company_name=form.company_name,
        applicant_name=form.applicant.name,
        email=sealer.seal_text(form.email),
        submitted_at=at,
    )


def application_decided(sign_up: SignUp, sealer: Sealer) -> said.ApplicationDecided:
    """An operator decided; messaging mails it to the applicant (IDN-07)."""
    if sign_up.decision is None:
        raise ValueError("not decided")
    form = sign_up.form()
    return said.ApplicationDecided(
        application_id=sign_up.id,
        company_name=form.company_name,
        applicant_name=form.applicant.name,
        email=sealer.seal_text(form.email),
        approved=sign_up.decision.reason is None,
        reason=sign_up.decision.reason,
        decided_at=sign_up.decision.decided_at,
    )


def send_code(issued: IssuedCode, *, purpose: CodePurpose, channel: CodeChannel, to: str, sealer: Sealer) -> SendCode:
    """Ask messaging to deliver a code; address and code are sealed."""
    return SendCode(
        code_id=issued.code_id,
        purpose=purpose,
        channel=channel,
        to=sealer.seal_text(to),
        code=sealer.seal_text(issued.code),
        expires_at=issued.expires_at,
    )


def member_invited(
    invitation: Invitation, *, inviter: Member, company: Company, link: str, sealer: Sealer
) -> said.MemberInvited:
    """Messaging mails the link to the invitee (IDN-16); link and address are sealed."""
    return said.MemberInvited(
        invitation_id=invitation.id,
        sending=invitation.sendings,
        company_name=company.name,
        inviter_name=inviter.name,
        invitee_name=invitation.name,
        email=sealer.seal_text(invitation.email),
        link=sealer.seal_text(link),
        sent_at=invitation.sent_at,
        expires_at=invitation.expires_at,
    )


def invitation_expiry(invitation: Invitation) -> SetTimer:
    """Wake us when its days are over; each mailing moves the timer (IDN-17)."""
    key = f"{INVITATION_PREFIX}/{invitation.id}"
    return SetTimer(asker=SERVICE, key=key, version=invitation.sendings, due_at=invitation.expires_at)


def no_invitation_expiry(invitation: Invitation) -> CancelTimer:
    """It was accepted or withdrawn."""
    key = f"{INVITATION_PREFIX}/{invitation.id}"
    return CancelTimer(asker=SERVICE, key=key, version=invitation.sendings + 1)


def password_reset_made(reset: PasswordReset, member: Member, link: str, sealer: Sealer) -> said.PasswordResetMade:
    """Messaging mails the link to the member (IDN-14); link and address are sealed."""
    return said.PasswordResetMade(
        reset_id=reset.id,
        name=member.name,
        email=sealer.seal_text(member.email),
        link=sealer.seal_text(link),
        expires_at=reset.expires_at,
    )


def dormancy_near(warning_id: UUID, member: Member, dormant_at: datetime, sealer: Sealer) -> said.DormancyNear:
    """Messaging warns the member by mail (IDN-19); the address is sealed."""
    return said.DormancyNear(
        warning_id=warning_id,
        member_id=member.id,
        name=member.name,
        email=sealer.seal_text(member.email),
        dormant_at=dormant_at,
    )


def dormancy_timer(member: Member, due_at: datetime) -> SetTimer:
    """Wake us to look after the account; each version moves the timer."""
    return SetTimer(asker=SERVICE, key=f"{DORMANCY_PREFIX}/{member.id}", version=member.dormancy_timer, due_at=due_at)


def open_affairs_asked(inquiry: Inquiry, subject_version: int) -> said.OpenAffairsAsked:
    """What is open for the member, or for the whole company?"""
    return said.OpenAffairsAsked(
        request_id=inquiry.id,
        company_id=inquiry.company_id,
        member_id=inquiry.member_id,
        subject_version=subject_version,
        asked_at=inquiry.asked_at,
    )


def erasure_timer(member_id: UUID, due_at: datetime) -> SetTimer:
    """Wake us when the retention of a withdrawn member's data is over (IDN-21)."""
    return SetTimer(asker=SERVICE, key=f"{ERASURE_PREFIX}/{member_id}", version=1, due_at=due_at)


def expiry_timer(sign_up: SignUp) -> SetTimer:
    """Wake us when the draft's time is over."""
    return SetTimer(asker=SERVICE, key=expiry_key(sign_up.id), version=1, due_at=sign_up.expires_at)


def no_expiry(sign_up: SignUp) -> CancelTimer:
    """A submitted application waits as long as the operators need."""
    return CancelTimer(asker=SERVICE, key=expiry_key(sign_up.id), version=2)


def expiry_key(sign_up_id: UUID) -> str:
    """The name of an application's timer."""
    return f"{EXPIRY_PREFIX}/{sign_up_id}"
