"""Copies of identity's state, each kept at its highest version."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects.postgresql import insert

from wallet.domain.company import CashLikeGrant, Company, CreditContract, Member, SealedAddress
from wallet.domain.errors import UnknownCompanyError
from wallet.domain.holds import PaymentMethod
from wallet.storage.tables import cash_like_grants, companies, credit_contracts, members


class SqlCompanies:
    """`Companies` over the tables of copies."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, company_id: UUID) -> Company:
        """Raises `UnknownCompanyError`."""
        row = self._connection.execute(select(companies).where(companies.c.id == company_id)).one_or_none()
        if row is None:
            raise UnknownCompanyError(company_id)
        return Company(
            row.id,
            row.version,
            row.active,
            PaymentMethod(row.method),
            row.master_id,
            name=row.name,
            representative_name=row.representative_name,
        )

    def keep(self, company: Company) -> None:
        """Keep a company's present state."""
        self._keep(
            companies,
            {
                "id": company.id,
                "version": company.version,
                "active": company.active,
                "method": company.method.value,
                "master_id": company.master_id,
                "name": company.name,
                "representative_name": company.representative_name,
            },
        )

    def contract(self, company_id: UUID) -> CreditContract | None:
        """A postpaid company's contract, its row held until the transaction ends; None before it was heard of."""
        found = select(credit_contracts).where(credit_contracts.c.company_id == company_id).with_for_update()
        row = self._connection.execute(found).one_or_none()
        return None if row is None else CreditContract(row.company_id, row.monthly_limit_krw, row.starts_on)

    def keep_contract(self, contract: CreditContract) -> None:
        """Keep a company's first contract; one that is there stays as operators left it."""
        self._connection.execute(insert(credit_contracts).values(asdict(contract)).on_conflict_do_nothing())

    def change_contract(self, contract: CreditContract) -> None:
        """Write a company's contract, whether one is there or not."""
        row = insert(credit_contracts).values(asdict(contract))
        self._connection.execute(
            row.on_conflict_do_update(
                index_elements=[credit_contracts.c.company_id],
                set_={"monthly_limit_krw": contract.monthly_limit_krw, "starts_on": contract.starts_on},
            )
        )

    def member(self, member_id: UUID) -> Member | None:
        """A member; None when nothing was heard of it yet."""
        row = self._connection.execute(select(members).where(members.c.id == member_id)).one_or_none()
        if row is None:
            return None
        sealed = SealedAddress(row.email_key_id, row.email_ciphertext) if row.email_key_id else None
        return Member(row.id, row.company_id, row.version, row.role, row.state, row.name, sealed)

    def keep_member(self, member: Member) -> None:
        """Keep a member's present state."""
        self._keep(
            members,
            {
                "id": member.id,
                "company_id": member.company_id,
                "version": member.version,
                "role": member.role,
                "state": member.state,
                "name": member.name,
                "email_key_id": member.sealed_email and member.sealed_email.key_id,
                "email_ciphertext": member.sealed_email and member.sealed_email.ciphertext,
            },
        )

    def keep_cash_like(self, grant: CashLikeGrant) -> None:
        """Keep the present cash-like permission of a company."""
        self._keep(
            cash_like_grants,
            {
                "company_id": grant.company_id,
                "version": grant.version,
                "permitted": grant.permitted,
                "monthly_limit_krw": grant.monthly_limit_krw,
            },
        )

    def _keep(self, table: Table, values: dict[str, Any]) -> None:
        row = insert(table).values(values)
        self._connection.execute(
            row.on_conflict_do_update(
                index_elements=list(table.primary_key.columns),
                set_=values,
                where=table.c.version < row.excluded.version,
            )
        )
