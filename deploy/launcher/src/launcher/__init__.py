"""Brings the suite up on one machine, and runs its everyday tasks (`./coupbiz`)."""
