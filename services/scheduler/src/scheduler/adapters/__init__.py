"""What comes from packages: reading calendars."""
