"""Accounts, ledger, holds, charges."""
