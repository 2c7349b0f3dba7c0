"""Brings the suite up on one machine, and its everyday tasks."""
