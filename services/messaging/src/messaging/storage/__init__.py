"""Messaging's database."""
