"""Timers and calendars."""
