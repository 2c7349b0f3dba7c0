"""What the rules refuse; every error carries its subject as attributes."""

from datetime import timedelta


class IdentityError(Exception):
    """The base of every refusal of this service."""


class InvalidValueError(IdentityError):
    """A value does not have the form that its field asks for."""

    def __init__(self, field: str, ko: str, en: str) -> None:
        super().__init__(f"{field}: {en}")
        self.ko = ko
        self.en = en
        self.errors = [{"field": field, "ko": ko, "en": en}]


class BusinessNumberRefusedError(IdentityError):
    """The tax office does not list the number as an active business (IDN-02)."""

    def __init__(self, standing: str, standing_ko: str) -> None:
        super().__init__(standing)
        self.standing = standing
        self.standing_ko = standing_ko


class TaxOfficeUnavailableError(IdentityError):
    """The tax office did not answer; the number stays unverified and the step can be tried again (IDN-02)."""

    retry_after_seconds = 30


class CompanyAlreadyRegisteredError(IdentityError):
    """A company with this business number waits for approval or is approved (IDN-27)."""


class CertificateRefusedError(IdentityError):
    """The file is no jpg, png or pdf by its content (IDN-03)."""


class CertificateCountError(IdentityError):
    """Exactly one file is a certificate (IDN-03)."""


class CertificateTooLargeError(IdentityError):
    """The file is larger than allowed (IDN-03)."""

    def __init__(self, bytes_max: int) -> None:
        super().__init__(f"more than {bytes_max} bytes")
        self.bytes_max = bytes_max
        self.megabytes_max = bytes_max // 1_048_576


class EmailInUseError(IdentityError):
    """The proven address belongs to a member or a waiting application (IDN-04)."""


class CodeNotRequestedError(IdentityError):
    """A code was entered before one was asked for."""


class TermsNotAgreedError(IdentityError):
    """A required document is not agreed to in its present version, or an unknown one is named (IDN-06)."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        super().__init__(", ".join(codes))
        self.codes = list(codes)
        self.listed = ", ".join(codes)


class PasswordRefusedError(IdentityError):
    """The password is too short or among the common ones (IDN-12)."""

    def __init__(self, *, ko: str, en: str) -> None:
        super().__init__(en)
        self.ko = ko
        self.en = en


class SignUpNotFoundError(IdentityError):
    """No application has this id and token."""


class SignUpTokenMissingError(IdentityError):
    """The applicant's token did not come with the request."""


class SignUpClosedError(IdentityError):
    """The application is no draft any more; nothing of it can be changed."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class SignUpIncompleteError(IdentityError):
    """Steps are missing, so the application cannot be submitted (IDN-01)."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = list(missing)
        self.listed = ", ".join(missing)


class NotWaitingForDecisionError(IdentityError):
    """Only a submitted application is approved or rejected."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class ContractMissingError(IdentityError):
    """A postpaid applicant's contract is not recorded yet (IDN-08)."""


class ContractNotNeededError(IdentityError):
    """A prepaid applicant has no contract (IDN-08)."""


class LoginRefusedError(IdentityError):
    """The address or the password is wrong; which of them is not told (IDN-12)."""


class LoginLockedError(IdentityError):
    """Too many wrong passwords for this address, whether anybody has it or not (IDN-12)."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__("locked")
        self.retry_after_seconds = max(1, round(retry_after.total_seconds()))


class MemberNotActiveError(IdentityError):
    """Only active members of approved companies log in (IDN-18)."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class ChallengeNotFoundError(IdentityError):
    """The login was never begun, is over, or took too long."""


class CodeRequiredError(IdentityError):
    """This login needs the code that was sent to the phone (IDN-09)."""


class SecondFactorRefusedError(IdentityError):
    """The operator's TOTP is wrong, or was used before."""

    def __init__(self, tries_left: int) -> None:
        super().__init__("wrong second factor")
        self.tries_left = tries_left


class RefreshRefusedError(IdentityError):
    """The refresh token is unknown, expired, or its session has ended."""


class RefreshReusedError(IdentityError):
    """The refresh token was used before: its whole family is ended (IDN-13)."""


class OperatorExistsError(IdentityError):
    """An operator with this address is there already."""

    def __init__(self, email: str) -> None:
        super().__init__("operator exists")
        self.email = email


class StaleChangeError(IdentityError):
    """Another request changed the subject meanwhile; asking again shows how."""


class MemberNotFoundError(IdentityError):
    """There is no such member, for this caller."""


class TransitionRefusedError(IdentityError):
    """The member's state does not allow this (IDN-18)."""

    def __init__(self, state: str, act: str) -> None:
        super().__init__(f"{act} in {state}")
        self.state = state
        self.act = act


class TooManyRowsError(IdentityError):
    """More rows at once than the rule allows, or none (IDN-15)."""

    def __init__(self, rows_max: int) -> None:
        super().__init__(f"1 to {rows_max} rows")
        self.rows_max = rows_max


class InvitationNotFoundError(IdentityError):
    """No pending invitation has this id or link, for this caller; it may be over, withdrawn or accepted."""


class InvitationTooSoonError(IdentityError):
    """The invitation was mailed moments ago."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("mailed moments ago")
        self.retry_after_seconds = max(1, round(wait.total_seconds()))


class PhoneNotProvenError(IdentityError):
    """The phone that the master entered is not proven yet (IDN-16)."""


class InvitationPendingError(IdentityError):
    """An invitation to this address waits already (IDN-15)."""


class ResetLinkRefusedError(IdentityError):
    """The link was used, replaced by a later one, is over, or was never ours (IDN-14)."""


class TrustedAddressNotFoundError(IdentityError):
    """The member trusts no such address (IDN-11)."""


class CompanyNotFoundError(IdentityError):
    """There is no such company, for this caller."""


class CompanyStateRefusedError(IdentityError):
    """The company's state does not allow this."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class BusinessChangeNotFoundError(IdentityError):
    """There is no such change of business data."""


class ProofCountError(IdentityError):
    """A withdrawal has 1 to 3 proofs (IDN-20)."""

    def __init__(self, proofs_max: int) -> None:
        super().__init__(f"1 to {proofs_max} proofs")
        self.proofs_max = proofs_max


class ProofRefusedError(IdentityError):
    """The file is no jpg, png or pdf by its content (IDN-20)."""


class ProofTooLargeError(IdentityError):
    """The file is larger than allowed (IDN-20)."""

    def __init__(self, bytes_max: int) -> None:
        super().__init__(f"more than {bytes_max} bytes")
        self.bytes_max = bytes_max
        self.megabytes_max = bytes_max // 1_048_576


class ProofNotFoundError(IdentityError):
    """No uploaded proof of this company has this id, or it belongs to another request."""


class WithdrawalCheckNeededError(IdentityError):
    """[확인하기] was not passed for this member within the last minutes (IDN-20)."""


class WithdrawalCheckNotFoundError(IdentityError):
    """There is no such check, for this caller."""


class WithdrawalNotFoundError(IdentityError):
    """There is no such request, for this caller."""


class WithdrawalStateRefusedError(IdentityError):
    """The request's state does not allow this."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class PaymentChangeNotFoundError(IdentityError):
    """There is no such change of the payment method."""
