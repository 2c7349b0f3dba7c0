"""The scheduler's database."""
